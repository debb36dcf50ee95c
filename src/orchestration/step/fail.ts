import type { AzureError } from '../../azure/errors.ts';
import type { StepApproval } from '../../core/approval.ts';
import { instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { Fencing } from '../../core/execution.ts';
import type { Hold, StepError, StepRecord, StepState } from '../../core/step.ts';
import type { Entry } from '../../records/executions.ts';
import type { StepNext } from '../next.ts';
import { isLate, unanswered } from './page.ts';
import type { Page } from './page.ts';

const TROUBLE_SECONDS = 10;

type Attempts = Pick<Entry, 'newAttempts' | 'attempts'>;

/** The end of this run; what follows is the execution's decision. */
export async function failed(
  page: Page,
  error: StepError,
  before: readonly Happening[] = [],
  attempts: Attempts = {},
): Promise<StepNext> {
  const { step } = page;
  const data = { step: step.id, code: error.code, message: error.message };
  const undoing = step.direction === 'undo';
  await page.save(
    {
      state: undoing ? 'undo-failed' : 'failed',
      error,
      sentence: error.message,
      endedAt: instant(page.deps.clock.now()),
    },
    [...before, undoing ? { type: 'undo-failed', data } : { type: 'step-failed', data }],
    attempts,
  );
  return { do: 'end' };
}

/** An attempt that did not work: another one after a while when that may help, else the end of this run. */
export async function attemptFailed(
  page: Page,
  trouble: {
    readonly error: StepError;
    readonly transient: boolean;
    /** Told by the service; waiting it out does not use up a try. */
    readonly retryAfterSeconds?: number | null;
  },
  events: readonly Happening[] = [],
  attempts: Attempts = {},
): Promise<StepNext> {
  const { step, pinned } = page;
  const told = trouble.retryAfterSeconds ?? null;
  if (told !== null) page.waiting(told);
  const triesLeft = told === null ? step.triesLeft - 1 : step.triesLeft;
  if (!trouble.transient || triesLeft <= 0) return failed(page, trouble.error, events, attempts);
  const tried = pinned.retry.attempts - triesLeft;
  const backoff = pinned.retry.firstDelaySeconds * pinned.retry.factor ** Math.max(0, tried - 1);
  const seconds = told ?? Math.round(backoff * (1 + page.deps.random() / 4) * 10) / 10;
  await page.save(
    {
      attempt: step.attempt + 1,
      triesLeft,
      operations: [],
      error: trouble.error,
      sentence: `${trouble.error.message} Trying again.`,
      expectedAt: instant(page.deps.clock.now() + seconds * 1000),
    },
    [
      ...events,
      {
        type: 'step-retried',
        data: { step: step.id, attempt: step.attempt + 1, delaySeconds: seconds },
      },
    ],
    attempts,
  );
  return { do: 'again', seconds };
}

/** Stands still without having ended; the execution reads why. */
export async function hold(
  page: Page,
  held: Hold,
  sentence: string,
  events: readonly Happening[] = [],
  more: { fencing?: Fencing; approval?: StepApproval } = {},
): Promise<StepNext> {
  await page.save({ held, sentence, state: standing(page.step, held), ...more }, events);
  return { do: 'end' };
}

export function standing({ direction }: StepRecord, held: Hold): StepState {
  if (direction === 'undo') return 'undoing';
  return held.why === 'doomed' ? 'pending' : 'waiting';
}

/** How long a read that went wrong is left alone. Azure's own wish counts as Azure's time, our guess does not. */
export function afterTrouble(page: Page, { retryAfterSeconds }: AzureError): number {
  if (retryAfterSeconds === null) return TROUBLE_SECONDS;
  page.waiting(retryAfterSeconds);
  return retryAfterSeconds;
}

/**
 * Looks again after as long as the service, or the kind, asked for. When its time was over already, this look was the
 * last. What was sent and never answered may still have its effect: until that is known, nothing ends.
 */
export async function lookAgain(
  page: Page,
  seconds: number,
  sentence: string,
  events: readonly Happening[] = [],
  patch: { progress?: number; state?: 'running' | 'waiting' | 'undoing' } = {},
  attempts: Attempts = {},
): Promise<StepNext> {
  const isOpen = unanswered(page).length > 0 || page.step.operations.length > 0;
  if (isLate(page) && !isOpen) return failed(page, timedOut(page, sentence), events, attempts);
  await page.save(
    { ...patch, sentence, expectedAt: instant(page.deps.clock.now() + seconds * 1000) },
    events,
    attempts,
  );
  return { do: 'again', seconds };
}

export function timedOut({ step, pinned }: Page, lastSeen: string): StepError {
  const message = `${step.id} did not reach its goal within ${pinned.timeoutSeconds} s. Last seen: ${lastSeen}`;
  return { code: 'TIMED_OUT', message };
}
