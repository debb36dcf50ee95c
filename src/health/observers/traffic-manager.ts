import type { TrafficEndpoint, TrafficManager, TrafficProfile } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import { reading } from '../../steps/reading.ts';
import type { Sighting } from '../fence.ts';

/**
 * Traffic Manager's probes, which come from many places. A disabled endpoint is not probed, so it tells nothing.
 * Online proves no life either: the probes need a while to notice.
 */
export async function lookAtEndpoint(
  traffic: TrafficManager,
  at: { readonly profile: string; readonly endpoint: string },
): Promise<Sighting & { readonly answered: boolean; readonly blind: boolean }> {
  const seen = await reading(() => traffic.profile(at.profile));
  const base = { observer: 'Traffic Manager', domain: 'traffic-manager' } as const;
  if ('trouble' in seen) {
    const { code, status } = seen.trouble;
    return {
      ...base,
      sees: `nothing (${code})`,
      as: 'unclear',
      answered: status !== null,
      blind: false,
    };
  }
  const endpoint = endpointNamed(seen.read, at.endpoint);
  if (endpoint === null) {
    const sees = `no endpoint ${at.endpoint} in ${resourceName(at.profile)}`;
    return { ...base, sees, as: 'unclear', answered: true, blind: false };
  }
  return {
    ...base,
    sees: `${endpoint.name} ${endpoint.monitor}`,
    as: isDown(endpoint) ? 'down' : 'unclear',
    answered: true,
    blind: !endpoint.enabled,
  };
}

export function endpointNamed(
  profile: TrafficProfile | null,
  endpoint: string,
): TrafficEndpoint | null {
  const wanted = endpoint.toLowerCase();
  return profile?.endpoints.find(({ name }) => name.toLowerCase() === wanted) ?? null;
}

/** Its probes fail, or Azure says that what it leads to was stopped. */
export function isDown({ monitor }: TrafficEndpoint): boolean {
  return monitor === 'Degraded' || monitor === 'Stopped';
}
