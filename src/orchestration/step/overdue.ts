import { formatSeconds } from '../../core/duration.ts';
import type { Happening } from '../../core/events.ts';
import type { StepNext } from '../next.ts';
import { failed, hold, lookAgain } from './fail.ts';
import { isLate, unanswered } from './page.ts';
import type { Page } from './page.ts';
import { settlesIn } from './settling.ts';

/** An operation that has begun is seen to its end: undoing, or trying again, beside it could end on either side. */
export function stillRuns(
  page: Page,
  sentence: string,
  events: readonly Happening[],
): Promise<StepNext> {
  const { step, pinned } = page;
  const names = step.operations.map((operation) => operation.call).join(', ');
  const limit = formatSeconds(pinned.timeoutSeconds);
  return overdue(page, `${names} still runs after ${limit}: ${sentence}`, events);
}

/**
 * Looks again, because this look did not tell. Not for ever: when the step's time is over and nobody can see what
 * became of a call that was never answered, a person must look.
 */
export function lookAgainForEffect(
  page: Page,
  seconds: number,
  sentence: string,
  events: readonly Happening[] = [],
  patch: Parameters<typeof lookAgain>[4] = {},
): Promise<StepNext> {
  const lost = unanswered(page);
  if (!isLate(page) || lost.length === 0 || settlesIn(page, lost) > 0)
    return lookAgain(page, seconds, sentence, events, patch);
  const calls = lost.map(({ value }) => value.call).join(', ');
  const unseen = `${calls} was never answered, and its effect cannot be seen: ${sentence}`;
  return overdue(page, unseen, events);
}

/**
 * Its time is over, but something of it may still happen. Where the plan goes on without the step, that is nobody's
 * concern, unless it is about which side takes writes.
 */
function overdue(
  page: Page,
  sentence: string,
  events: readonly Happening[] = [],
): Promise<StepNext> {
  const { step, pinned } = page;
  const isDispensable = pinned.onFailure === 'continue' && !pinned.bound.makesWritable;
  if (isDispensable && step.direction === 'forward')
    return failed(page, { code: 'TIMED_OUT', message: sentence }, events);
  const { id, direction } = step;
  const event = { type: 'step-overdue', data: { step: id, direction, sentence } } as const;
  return hold(page, { why: 'overdue' }, sentence, [...events, event]);
}
