import { sameResource } from '../../../src/core/resource-id.ts';
import type { Machines, SimulatedMachine } from '../compute/machines.ts';
import type { Networks, PublicAddress } from '../network/addresses.ts';
import type { WireResponse, World } from '../service.ts';
import type { DatabaseAccess, FailoverGroups } from '../sql/failover-groups.ts';
import { answerCafe, answerConsole, unavailable, type CafeRequest } from './pages.ts';

export interface CafeSeed {
  /** What clients type: `websphere-cafe.trafficmanager.net`. */
  readonly publicName: string;
  readonly failoverGroup: string;
  readonly sites: readonly CafeSite[];
  /** How often a client orders a new coffee; 0 for never. */
  readonly clientSeconds: number;
}

export interface CafeSite {
  readonly name: string;
  readonly region: string;
  /** ARM ids. The machines are found by their names: dmgr…, ihs…, app…. */
  readonly group: string;
  readonly ihsAddress: string;
  readonly dmgrAddress: string;
}

/** What somebody who connects to an address experiences. */
export type Served =
  | { readonly is: 'answer'; readonly response: WireResponse; readonly site: string }
  | { readonly is: 'refused' | 'silent' };

export interface Cafe {
  /** `host` is an IP address or the full name of a public address. */
  answer(host: string, port: number, secure: boolean, request: CafeRequest): Served;
  /** Traffic Manager's way of looking: the status, or null when nothing answered. */
  probe(
    host: string,
    port: number,
    path: string,
    protocol: 'HTTP' | 'HTTPS' | 'TCP',
  ): number | null;
}

/** A request that a web server of the café answered. */
export interface CafeHit {
  readonly site: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: number;
}

export interface CafeParts {
  readonly world: World;
  readonly machines: Machines;
  readonly networks: Networks;
  readonly sql: FailoverGroups;
  /** The web servers' log. */
  readonly log?: (hit: CafeHit) => void;
}

/**
 * The WebSphere café: one IBM HTTP Server in front of a cluster, a deployment manager, one database behind the
 * failover group's listener. It answers where its machines run and its address leads to them.
 */
export function createCafe(
  { world, machines, networks, sql, log }: CafeParts,
  seed: CafeSeed,
): Cafe {
  const database = (): DatabaseAccess | null => sql.behindListener(seed.failoverGroup);
  const answer: Cafe['answer'] = (host, port, secure, request) => {
    const address = findAddress(networks, host);
    const site = seed.sites.find(
      ({ ihsAddress, dmgrAddress }) =>
        address !== null && [ihsAddress, dmgrAddress].some((id) => sameResource(id, address.id)),
    );
    const machine =
      address === null ? null : machines.get(networks.machineBehind(address.id) ?? '');
    if (site === undefined || machine?.power !== 'running' || world.outages.dead(site.region)) {
      return { is: 'silent' };
    }
    if (!machines.answers(machine.id)) return { is: 'refused' };
    if (isRole(machine, 'dmgr') && secure && port === 9043) {
      return { is: 'answer', response: answerConsole(request), site: site.name };
    }
    if (!isRole(machine, 'ihs') || secure || port !== 80) return { is: 'refused' };
    const cluster = machines
      .inGroup(site.group)
      .filter((each) => isRole(each, 'app') && machines.answers(each.id));
    const serves = cluster.length > 0 && world.outages.of(site.region) !== 'application';
    const response = serves ? answerCafe(request, database(), world.clock.now()) : unavailable();
    const { method, path } = request;
    log?.({ site: site.name, method, host, path, status: response.status });
    return { is: 'answer', response, site: site.name };
  };
  return {
    answer,
    probe: (host, port, path, protocol) => {
      const served = answer(host, port, protocol === 'HTTPS', {
        method: 'GET',
        path,
        body: undefined,
      });
      return served.is === 'answer' ? served.response.status : null;
    },
  };
}

function findAddress(networks: Networks, host: string): PublicAddress | null {
  return networks.addressByName(host) ?? networks.addressByNumber(host);
}

function isRole({ name }: SimulatedMachine, role: 'dmgr' | 'ihs' | 'app'): boolean {
  return name.toLowerCase().startsWith(role);
}
