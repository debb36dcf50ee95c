/** One record of an answer, as far as the simulated names need them. */
export type DnsRecord =
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly data: string }
  | { readonly type: 'A'; readonly name: string; readonly ttl: number; readonly data: string };

export interface Answer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  /** In order: a chain of CNAMEs, then addresses. None with NOERROR means that the name has no such record. */
  readonly records: readonly DnsRecord[];
}

/** What the owner of a name says about it; null when the name is not in this zone. Names are in lower case. */
export type Zone = (name: string) => Answer | null;

export const NO_NAME: Answer = { rcode: 'NXDOMAIN', records: [] };
export const NO_DATA: Answer = { rcode: 'NOERROR', records: [] };

/**
 * Seconds for which a resolver may keep the knowledge that there is nothing: the last figure of the zones' SOA record.
 * Not recorded; trafficmanager.net has long published 30.
 */
export const NEGATIVE_TTL = 30;

/** A CNAME chain longer than this is a loop. */
const LONGEST_CHAIN = 8;

/** Asks the zones and follows CNAMEs through all of them, so that one answer carries the whole chain. */
export function lookUp(zones: readonly Zone[], name: string): Answer {
  const chain: DnsRecord[] = [];
  let wanted = plainName(name);
  while (chain.length < LONGEST_CHAIN) {
    const answer = ask(zones, wanted);
    chain.push(...answer.records);
    const last = answer.records.at(-1);
    if (last?.type !== 'CNAME') return { rcode: answer.rcode, records: chain };
    wanted = plainName(last.data);
  }
  throw new Error(
    `The CNAMEs of ${name} lead in a circle: ${chain.map(({ data }) => data).join(', ')}.`,
  );
}

function ask(zones: readonly Zone[], name: string): Answer {
  for (const zone of zones) {
    const answer = zone(name);
    if (answer !== null) return answer;
  }
  return NO_NAME;
}

/** Lower case, without the root's dot. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
