import type { JsonObject } from '../../../src/core/json.ts';
import { resourceName } from '../../../src/core/resource-id.ts';
import { NO_DATA, NO_NAME } from '../dns/zone.ts';
import type { Zone } from '../dns/zone.ts';
import type { Service, World } from '../service.ts';
import { fullName, servedEndpoint } from './profile.ts';
import type { Profile } from './profile.ts';
import { createProfiles } from './profiles.ts';
import type { Profiles, StatusChange } from './profiles.ts';
import type { Probe } from './probing.ts';
import { parseProfile } from './requests.ts';
import type { TargetName } from './requests.ts';
import { trafficManagerRoutes } from './routes.ts';

export interface TrafficManagerParts {
  readonly probe: Probe;
  readonly targetName: TargetName;
  /** Profiles that are at rest when the world begins, as bodies of their PUT. */
  readonly profiles?: readonly { readonly id: string; readonly body: JsonObject }[];
}

export interface TrafficManager extends Service {
  /** The names below trafficmanager.net. */
  readonly zone: Zone;
  profile(id: string): Profile | null;
  /** The name of the endpoint that queries are answered with now; null when none is enabled. */
  served(id: string): string | null;
  /** Every change of an endpoint's monitor status, oldest first. */
  history(): readonly StatusChange[];
}

export function createTrafficManager(
  world: World,
  { probe, targetName, profiles: seeds = [] }: TrafficManagerParts,
): TrafficManager {
  const profiles = createProfiles(world, probe);
  // At the first look, when the services that are probed exist too.
  world.after(0, () => {
    for (const { id, body } of seeds)
      profiles.settle(parseProfile(id, resourceName(id), body, targetName));
  });
  const profile = (id: string): Profile | null => {
    world.catchUp();
    return profiles.get(id);
  };
  return {
    name: 'traffic-manager',
    routes: trafficManagerRoutes({ profiles, targetName }),
    zone: zone(profiles),
    profile,
    served: (id) => {
      const found = profile(id);
      return found === null ? null : (servedEndpoint(found)?.name ?? null);
    },
    history: () => {
      world.catchUp();
      return profiles.history();
    },
  };
}

/** A disabled profile's name does not exist; one without enabled endpoints has no data. */
function zone(profiles: Profiles): Zone {
  return (name) => {
    if (!name.endsWith('.trafficmanager.net')) return null;
    const profile = profiles.all().find((each) => fullName(each) === name);
    if (profile?.enabled !== true) return NO_NAME;
    const endpoint = servedEndpoint(profile);
    if (endpoint === null) return NO_DATA;
    return {
      rcode: 'NOERROR',
      records: [{ type: 'CNAME', name, ttl: profile.ttl, data: endpoint.target }],
    };
  };
}
