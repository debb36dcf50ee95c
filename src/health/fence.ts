import type { Instant } from '../core/clock.ts';
import type { Fencing } from '../core/execution.ts';

/** What one observer sees of the side that is left. */
export interface Sighting {
  readonly observer: string;
  /** Where its view could fail together with others': two views of one domain count once. */
  readonly domain: 'resource-manager' | 'traffic-manager' | 'our-network';
  readonly sees: string;
  /** `stopped` is proof; `down` looks dead; `serving` answers; `unclear` tells nothing either way. */
  readonly as: 'stopped' | 'down' | 'serving' | 'unclear';
}

/**
 * Proof fences. Without it, two observers in different failure domains that see the side down let it be presumed
 * stopped, unless somebody else is still served by it: what answers is alive, whatever the others say.
 */
export function assessFencing(sightings: readonly Sighting[], at: Instant): Fencing {
  const saw = (as: Sighting['as']): readonly Sighting[] => sightings.filter((one) => one.as === as);
  const domains = new Set(saw('down').map((one) => one.domain));
  const presumed = domains.size >= 2 && saw('serving').length === 0;
  return {
    state: saw('stopped').length > 0 ? 'fenced' : presumed ? 'presumed' : 'unknown',
    at,
    observers: sightings.map(({ observer, sees, as }) => ({
      observer,
      sees,
      down: as === 'stopped' || as === 'down',
    })),
  };
}
