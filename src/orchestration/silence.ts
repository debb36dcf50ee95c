import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { formatSeconds } from '../core/duration.ts';

/**
 * What was decided this long ago may be stale: the host was down, and somebody may have acted meanwhile. Longer than
 * any restart or redeployment of the app, shorter than an operator takes to begin working by hand.
 */
const SILENCE_SECONDS = 15 * 60;

export function isStale(expectedAt: Instant, now: Instant): boolean {
  return secondsBetween(expectedAt, now) > SILENCE_SECONDS;
}

export function staleFor(expectedAt: Instant, now: Instant): string {
  return formatSeconds(secondsBetween(expectedAt, now));
}
