import { instant } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { SentCall, StepContext } from '../contract.ts';

/**
 * A group shows nothing of a failover that runs: its roles change at the end. Recorded ones took up to 50 s with empty
 * databases; how long Azure tries at most is not documented, so ten minutes are a guess on the safe side.
 */
const LONGEST_SECONDS = 600;

/**
 * Until when a failover may still come to its end of which nobody knows: its answer was lost, and waiting for its effect
 * was given up. Null when each of these calls is accounted for, or so old that it cannot run any more.
 */
export function mayRunUntil(
  { clock }: Pick<StepContext, 'clock'>,
  calls: readonly SentCall[],
): Instant | null {
  const unknown = calls.filter(({ ended, refused }) => ended === undefined && refused !== true);
  const last = Math.max(...unknown.map(({ sentAt }) => Date.parse(sentAt)));
  const until = last + LONGEST_SECONDS * 1000;
  return until > clock.now() ? instant(until) : null;
}
