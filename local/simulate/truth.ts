import type { Simulator } from '../simulator/simulator.ts';
import type { Scenario } from '../simulator/scenario.ts';

/** How the simulated world really is at one moment, past every API. */
export interface Truth {
  /** The site whose server is the database's primary. */
  readonly primary: string;
  /** Whether the database behind the listener takes writes. */
  readonly writable: boolean;
  readonly sites: Readonly<Record<string, SiteTruth>>;
  /** Whether each endpoint is enabled. */
  readonly endpoints: Readonly<Record<string, boolean>>;
  /** Those whose probes by Traffic Manager fail. */
  readonly degraded: readonly string[];
}

export interface SiteTruth {
  /** Its café shows its page, the database included. */
  readonly serves: boolean;
  readonly dead: boolean;
  readonly machinesOn: number;
  /** On or off, those of a test included. */
  readonly machines: number;
}

const PAGE = '/websphere-cafe/';

export function truthOf(simulator: Simulator, scenario: Scenario): Truth {
  const { sql, cafe, machines, traffic, world } = simulator;
  world.catchUp();
  const { failoverGroup, sites } = scenario.cafe;
  const endpoints = scenario.trafficProfiles.flatMap(
    ({ id }) => traffic.profile(id)?.endpoints ?? [],
  );
  return {
    primary: siteIn(scenario, sql.primary(failoverGroup)?.location),
    writable: sql.behindListener(failoverGroup) !== null,
    endpoints: Object.fromEntries(endpoints.map(({ name, enabled }) => [name, enabled])),
    degraded: endpoints.flatMap(({ name, monitor }) => (monitor === 'Degraded' ? [name] : [])),
    sites: Object.fromEntries(
      sites.map(({ name, region, group }) => {
        const here = machines.inGroup(group);
        return [
          name,
          {
            machines: here.length,
            serves: cafe.probe(`ihs-cafe.${region}.cloudapp.azure.com`, 80, PAGE, 'HTTP') === 200,
            dead: world.outages.dead(region),
            machinesOn: here.filter(({ power }) => power === 'running').length,
          },
        ];
      }),
    ),
  };
}

function siteIn({ cafe }: Scenario, region: string | undefined): string {
  return cafe.sites.find((site) => site.region === region)?.name ?? 'nowhere';
}
