import type { Clock } from '../core/clock.ts';
import type { AzureAccess } from './access.ts';

/** Longer than it takes to ask for all that one look needs, and shorter than anybody would call an answer old. */
const MOMENT_SECONDS = 2;

/**
 * Azure for one look at something, which asks for each thing once: what is seen, what is decided on it and the proof
 * that nothing is left to do are of the same moment. Requests are counted by Azure, for all that share a subscription.
 * Polls and changes pass as they are, and so does what a change reads for itself before it writes.
 */
export function askedOnce(azure: AzureAccess, clock: Pick<Clock, 'now'>): AzureAccess {
  const { machines, sql, siteRecovery, traffic, network, rights, managementLocks } = azure;
  const once = rememberer(clock);
  return {
    ...azure,
    machines: { ...machines, get: once((id) => machines.get(id)) },
    sql: {
      ...sql,
      get: once((server, group) => sql.get(server, group)),
      links: once((id) => sql.links(id)),
    },
    siteRecovery: {
      ...siteRecovery,
      items: once((vault) => siteRecovery.items(vault)),
      recoveryPoints: once((item) => siteRecovery.recoveryPoints(item)),
      plan: once((vault, name) => siteRecovery.plan(vault, name)),
    },
    traffic: { ...traffic, profile: once((id) => traffic.profile(id)) },
    network: {
      ...network,
      publicAddress: once((id) => network.publicAddress(id)),
      virtualNetwork: once((id) => network.virtualNetwork(id)),
      interfaces: once((group) => network.interfaces(group)),
    },
    rights: { at: once((scope) => rights.at(scope)) },
    managementLocks: { at: once((scope) => managementLocks.at(scope)) },
  };
}

type Rememberer = <A extends readonly unknown[], T>(
  read: (...of: A) => Promise<T>,
) => (...of: A) => Promise<T>;

/** A failure is told to those who wait for it, and to nobody after them. */
function rememberer(clock: Pick<Clock, 'now'>): Rememberer {
  return <A extends readonly unknown[], T>(read: (...of: A) => Promise<T>) => {
    const known = new Map<string, { readonly answer: Promise<T>; readonly until: number }>();
    return (...of: A) => {
      const key = JSON.stringify(of);
      const last = known.get(key);
      if (last !== undefined && clock.now() < last.until) return last.answer;
      const answer = read(...of);
      known.set(key, { answer, until: clock.now() + MOMENT_SECONDS * 1000 });
      answer.catch(() => known.delete(key));
      return answer;
    };
  };
}
