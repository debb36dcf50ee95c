import { instant, secondsBetween } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { AttemptRecord } from '../../core/step.ts';
import type { StepPage } from '../../records/executions.ts';
import type { Page } from './page.ts';

/** Longer than any recorded answer of Resource Manager; what is not answered by then is looked for. */
export const CALL_SECONDS = 60;

/**
 * Seconds until an unanswered call would have shown its effect. The kind's settle time counts from when the call was
 * given up; of one whose sender died, nobody knows when it arrived, so the whole time-out comes first.
 */
export function settlesIn(page: Page, attempts: StepPage['attempts']): number {
  const now = instant(page.deps.clock.now());
  return Math.max(
    0,
    ...attempts.map(({ value }) => page.pinned.bound.settleSeconds + givenUpIn(value, now)),
  );
}

/** Negative once it was given up. */
function givenUpIn(attempt: AttemptRecord, now: Instant): number {
  return attempt.answeredAt === undefined
    ? CALL_SECONDS - secondsBetween(attempt.sentAt, now)
    : -secondsBetween(attempt.answeredAt, now);
}

/**
 * Seconds for which an operation's success may not show in the resource yet. Until then nothing more is sent: what
 * looks undone is perhaps only not seen.
 */
export function showsIn(page: Page): number {
  const now = instant(page.deps.clock.now());
  const { direction, attempt } = page.step;
  const ended = page.attempts.flatMap(({ value }) =>
    value.direction === direction && value.attempt === attempt && value.ended === 'succeeded'
      ? [secondsBetween(value.endedAt ?? value.sentAt, now)]
      : [],
  );
  return ended.length === 0 ? 0 : Math.max(0, page.pinned.bound.settleSeconds - Math.min(...ended));
}
