import type { Instant } from '../core/clock.ts';
import type { Domain } from '../core/watching.ts';

export type { Domain } from '../core/watching.ts';

/** What one signal saw of one site at one look. A signal may give two: one of each `judges`. */
export interface Look {
  readonly plan: string;
  readonly signal: string;
  readonly site: string;
  readonly domain: Domain;
  /** Whether it tells that the site serves, or that the other one could take over from it. */
  readonly judges: 'health' | 'readiness';
  /** For people: `status 503 after 0.2 s`, `myPrimaryEndpoint Degraded`. */
  readonly sees: string;
  /** `unclear` tells nothing either way: no answer of the source itself, no data, no right to read. */
  readonly as: 'good' | 'bad' | 'unclear';
  /** Nothing was heard of the source itself: that nobody hears anything is how it looks to be cut off. */
  readonly silent?: true;
  /** When that was so, which may be well before it was read. */
  readonly at: Instant;
}
