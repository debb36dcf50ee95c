import { AzureError } from '../../azure/errors.ts';
import type { Happening } from '../../core/events.ts';
import type { AttemptRecord, Operation } from '../../core/step.ts';
import { instant } from '../../core/clock.ts';
import type { Loaded } from '../../records/partition.ts';
import type { Progress } from '../../steps/contract.ts';
import type { StepNext } from '../next.ts';
import { attemptFailed, lookAgain } from './fail.ts';
import { endedUnseen } from './forgotten.ts';
import { stillRuns } from './overdue.ts';
import { isLate } from './page.ts';
import type { Page } from './page.ts';

const POLL_TROUBLE_SECONDS = 5;

/** One look at every operation that runs; when all have ended, the step looks at the resource itself. */
export async function pollOperations(page: Page): Promise<StepNext> {
  const { step } = page;
  const looks = await page.asking(() =>
    Promise.all(
      step.operations.map(async (operation) => ({
        operation,
        progress: await pollOnce(page, operation),
      })),
    ),
  );
  const ended = looks.flatMap(({ operation, progress }) =>
    progress.is === 'running' ? [] : [endedEvent(page, operation, progress)],
  );
  // One of the way there that failed is no failure of the way back.
  const failure = looks.find(
    ({ operation, progress }) =>
      progress.is === 'failed' && (operation.direction ?? step.direction) === step.direction,
  );
  const attempts = endedAttempts(page, looks);
  const running = looks.filter(({ progress }) => progress.is === 'running');
  // A failure waits for its siblings to end: what they do must be known before anything is tried again or undone.
  if (running.length > 0) return stillRunning(page, looks);
  if (failure?.progress.is === 'failed') {
    const { error, transient } = failure.progress;
    return attemptFailed(page, { error, transient }, ended, { attempts });
  }
  await page.save(
    { operations: [], state: step.direction === 'undo' ? 'undoing' : 'running' },
    ended,
    { attempts },
  );
  return { do: 'again', seconds: 0 };
}

/** An operation of the way there that still runs on the way back is followed as it was begun. */
function poll(page: Page, operation: Operation): Promise<Progress> {
  const { direction = page.step.direction } = operation;
  const motion = page.pinned.bound.motion(direction) ?? page.motion;
  return motion.poll(page.contextOn(direction), operation);
}

interface Look {
  readonly operation: Operation;
  readonly progress: Progress;
}

/** The attempts that began these operations, with how they ended: what was only accepted proves nothing. */
function endedAttempts(
  page: Page,
  looks: readonly Look[],
): readonly { before: Loaded<AttemptRecord>; after: AttemptRecord }[] {
  const endedAt = instant(page.deps.clock.now());
  return page.attempts.flatMap((before) => {
    const { call, direction, ended } = before.value;
    const found = looks.find(
      ({ operation }) =>
        operation.call === call && (operation.direction ?? page.step.direction) === direction,
    );
    if (found === undefined || ended !== undefined || before.value.outcome === 'refused') return [];
    const how = found.progress.is === 'done' ? 'succeeded' : 'failed';
    return [{ before, after: { ...before.value, ended: how, endedAt } }];
  });
}

/** Trouble with the poll itself says nothing about the operation. */
async function pollOnce(page: Page, operation: Operation): Promise<Progress> {
  try {
    return await poll(page, operation);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const ended = await endedUnseen(page, operation, error);
    if (ended !== null) return ended;
    return {
      is: 'running',
      retryAfterSeconds: error.retryAfterSeconds ?? POLL_TROUBLE_SECONDS,
      sentence: `Its progress cannot be read at the moment (${error.code}).`,
    };
  }
}

async function stillRunning(page: Page, looks: readonly Look[]): Promise<StepNext> {
  const { step } = page;
  const running = looks.flatMap(({ progress }) => (progress.is === 'running' ? [progress] : []));
  const seconds = Math.min(...running.map((progress) => progress.retryAfterSeconds));
  const slowest = running[0];
  const sentence =
    running.length === 1 && slowest !== undefined
      ? slowest.sentence
      : `${running.length} of ${looks.length} operations run. ${slowest?.sentence ?? ''}`;
  const percents = running.flatMap((one) => (one.percent === undefined ? [] : [one.percent]));
  const progressed: Happening[] =
    sentence === step.sentence
      ? []
      : [
          {
            type: 'operation-progressed',
            data: {
              step: step.id,
              direction: step.direction,
              call: looks[0]?.operation.call ?? '',
              sentence,
            },
          },
        ];
  if (isLate(page)) return stillRuns(page, sentence, progressed);
  page.waiting(seconds);
  return lookAgain(page, seconds, sentence, progressed, {
    state: step.direction === 'undo' ? 'undoing' : 'waiting',
    ...(percents.length === 0 ? {} : { progress: Math.min(...percents) }),
  });
}

function endedEvent(
  page: Page,
  operation: Operation,
  progress: Exclude<Progress, { is: 'running' }>,
): Happening {
  return {
    type: 'operation-ended',
    data: {
      step: page.step.id,
      direction: page.step.direction,
      call: operation.call,
      name: operation.name,
      outcome: progress.is === 'done' ? 'succeeded' : 'failed',
      sentence: progress.is === 'done' ? progress.sentence : progress.error.message,
      ...(progress.is === 'done' && progress.endedAt !== undefined
        ? { endedAt: progress.endedAt }
        : {}),
    },
  };
}
