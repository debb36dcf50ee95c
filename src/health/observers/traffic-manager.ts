import type { TrafficManager } from '../../azure/access.ts';
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
  const endpoint = seen.read?.endpoints.find(
    ({ name }) => name.toLowerCase() === at.endpoint.toLowerCase(),
  );
  if (endpoint === undefined) {
    const sees = `no endpoint ${at.endpoint} in ${resourceName(at.profile)}`;
    return { ...base, sees, as: 'unclear', answered: true, blind: false };
  }
  const down = endpoint.monitor === 'Degraded' || endpoint.monitor === 'Stopped';
  return {
    ...base,
    sees: `${endpoint.name} ${endpoint.monitor}`,
    as: down ? 'down' : 'unclear',
    answered: true,
    blind: !endpoint.enabled,
  };
}
