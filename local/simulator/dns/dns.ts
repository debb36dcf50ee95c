import type { Dns } from '../../../src/core/dns.ts';
import type { FaultKind, World } from '../service.ts';
import { cachingResolver } from './resolver.ts';
import type { Resolver } from './resolver.ts';
import { lookUp, plainName } from './zone.ts';
import type { Answer, Zone } from './zone.ts';

/** The name servers of the simulated internet. */
export type NameServer = 'authoritative' | 'public-1' | 'public-2';
export const NAME_SERVERS: readonly NameServer[] = ['authoritative', 'public-1', 'public-2'];

/** The resolvers that the app asks unless told otherwise stand for the two simulated ones. */
const WELL_KNOWN: Readonly<Record<string, NameServer>> = {
  '1.1.1.1': 'public-1',
  '8.8.8.8': 'public-2',
};

const QUERY_FAULTS: readonly FaultKind[] = ['slow-operation', 'stuck-operation', 'fail-before'];

/** Node's resolver gives up after about this long, all its attempts together. */
const GIVES_UP_SECONDS = 10;

export interface DnsOptions {
  readonly zones: readonly Zone[];
  /** Milliseconds that a query takes, drawn between two bounds. */
  readonly latency?: { readonly low: number; readonly high: number };
}

export interface SimulatedDns extends Dns {
  /** What a server says, after its latency and with the faults `dns/resolve` (slow, stuck, fail-before). */
  query(name: string, server: NameServer): Promise<Answer>;
  /** The same at once and without faults: for clients inside the simulator. */
  answer(name: string, server: NameServer): Answer;
}

/** The names of the simulated world, as its name servers give them. */
export function createDns(
  world: World,
  { zones, latency = { low: 5, high: 30 } }: DnsOptions,
): SimulatedDns {
  const authority: Resolver = (name) => lookUp(zones, name);
  const resolvers: Readonly<Record<NameServer, Resolver>> = {
    authoritative: authority,
    'public-1': cachingResolver(world, authority),
    'public-2': cachingResolver(world, authority),
  };
  const answer = (name: string, server: NameServer): Answer => {
    world.catchUp();
    return resolvers[server](name);
  };
  const query = async (name: string, server: NameServer): Promise<Answer> => {
    await travel(world, name, world.between(latency.low, latency.high));
    return answer(name, server);
  };
  return {
    answer,
    query,
    resolve: async (name, server) => addresses(await query(name, serverNamed(server))),
    alias: async (name, server) => firstAlias(await query(name, serverNamed(server)), name),
  };
}

async function travel(world: World, name: string, milliseconds: number): Promise<void> {
  const fault = world.takeFault('dns/resolve', name, QUERY_FAULTS);
  if (fault?.kind === 'fail-before') throw trouble('ECONNREFUSED', name);
  if (fault?.kind === 'stuck-operation') {
    await world.clock.sleep((GIVES_UP_SECONDS * 1000) / world.speed);
    throw trouble('ETIMEOUT', name);
  }
  const slowness = fault === null ? 1 : (fault.factor ?? 10);
  if (milliseconds > 0) await world.clock.sleep((milliseconds * slowness) / world.speed);
}

/** As node:dns names it. */
function trouble(code: 'ECONNREFUSED' | 'ETIMEOUT', name: string): Error {
  return Object.assign(new Error(`queryA ${code} ${name}`), { code, hostname: name });
}

function serverNamed(server: string | undefined): NameServer {
  if (server === undefined) return 'public-1';
  const address = server.replace(/:\d+$/, '');
  const found = NAME_SERVERS.find((name) => name === server) ?? WELL_KNOWN[address];
  if (found !== undefined) return found;
  const known = [...NAME_SERVERS, ...Object.keys(WELL_KNOWN)].join(', ');
  throw new Error(`The simulated world has no name server ${server}. It has ${known}.`);
}

function addresses({ records }: Answer): readonly string[] {
  return records.flatMap((record) => (record.type === 'A' ? [record.data] : []));
}

function firstAlias({ records }: Answer, name: string): string | null {
  const found = records.find(
    (record) => record.type === 'CNAME' && plainName(record.name) === plainName(name),
  );
  return found?.data ?? null;
}
