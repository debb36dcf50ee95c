import type { HttpClient } from '@azure/core-rest-pipeline';
import type { AzureAccess } from '../azure/access.ts';
import { instant } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import type { Fencing } from '../core/execution.ts';
import { assessFencing } from './fence.ts';
import type { Sighting } from './fence.ts';
import { lookAtMachines } from './observers/machines.ts';
import { lookAtSite } from './observers/site.ts';
import { lookAtDatabase } from './observers/sql.ts';
import { lookAtEndpoint } from './observers/traffic-manager.ts';

/** Where the observers look; what a plan does not name is not looked at. */
export interface OldSide {
  readonly machines: readonly string[];
  readonly probeUrl?: string;
  readonly trafficManager?: { readonly profile: string; readonly endpoint: string };
  readonly sql?: { readonly server: string; readonly group: string };
}

/**
 * All observers look at the same moment; the rule in fence.ts weighs what they see. `earlier` is what they saw before
 * the execution touched anything: closing the old endpoint blinds Traffic Manager, so its last sighting still counts.
 */
export async function lookAtOldSide(
  through: { readonly azure: AzureAccess; readonly http: HttpClient; readonly clock: Clock },
  side: OldSide,
  earlier?: Fencing,
): Promise<Fencing> {
  const { azure, clock } = through;
  const { machines, probeUrl, trafficManager, sql } = side;
  const [power, endpoint, site, database] = await Promise.all([
    machines.length === 0 ? null : lookAtMachines(azure.machines, machines),
    trafficManager === undefined ? null : lookAtEndpoint(azure.traffic, trafficManager),
    probeUrl === undefined ? null : lookAtSite(through, probeUrl),
    sql === undefined ? null : lookAtDatabase(azure.sql, sql),
  ]);
  // When Resource Manager answers nothing at all, the network between it and us may be what is down, and then our
  // own probe of the site failed for the same reason.
  const heard = power?.answered === true || endpoint?.answered === true;
  const sightings = [power, endpoint, site, database]
    .filter((one): one is Sighting => one !== null)
    .map((one) =>
      one.domain === 'resource-manager' && !heard
        ? { ...one, domain: 'our-network' as const }
        : one,
    )
    .map((one) => (one === endpoint && endpoint.blind ? remembered(one, earlier) : one));
  return assessFencing(sightings, instant(clock.now()));
}

const BLINDED = ', before it was disabled';

function remembered(sighting: Sighting, earlier: Fencing | undefined): Sighting {
  const before = earlier?.observers.find((one) => one.observer === sighting.observer);
  if (earlier === undefined || before?.down !== true) return sighting;
  const sees = before.sees.endsWith(BLINDED)
    ? before.sees
    : `${before.sees} at ${earlier.at}${BLINDED}`;
  return { ...sighting, as: 'down', sees };
}
