import { instant, secondsBetween } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import { stepEnded } from '../../core/step.ts';
import type { AttemptRecord, Direction, StepRecord } from '../../core/step.ts';
import type { Entry, StepPage } from '../../records/executions.ts';
import type { BoundMotion } from '../../steps/bound.ts';
import type { StepContext } from '../../steps/contract.ts';
import type { Deps } from '../deps.ts';
import type { StepRun } from '../next.ts';
import { inOneLook } from '../one-look.ts';
import type { PinnedPlan, PinnedStep } from '../pinned.ts';
import { stepContext } from './context.ts';

/** One look at one step: what its rows say, what its kind can do, and the pen to write the next state. */
export interface Page {
  readonly deps: Deps;
  readonly header: ExecutionRecord;
  readonly step: StepRecord;
  readonly attempts: StepPage['attempts'];
  readonly pinned: PinnedStep;
  readonly plan: PinnedPlan;
  readonly motion: BoundMotion;
  readonly context: StepContext;
  /** For the other way's motion: what was sent on it is not what was sent on this one. */
  contextOn(direction: Direction): StepContext;
  /** Writes the step's next state; seconds that Azure took since the page was opened are added to it. */
  save(
    patch: Partial<StepRecord>,
    events: readonly Happening[],
    attempts?: Pick<Entry, 'newAttempts' | 'attempts'>,
  ): Promise<void>;
  /** Runs a question or order to Azure, counting its time as Azure's. */
  asking<T>(ask: () => Promise<T>): Promise<T>;
  /** Counts a wait as Azure's: it told us to make it, or its own probes and TTLs need it. */
  waiting(seconds: number): void;
}

/** Null when this run of the step is over. */
export async function openPage(deps: Deps, run: StepRun): Promise<Page | null> {
  const rows = await rowsOf(deps, run);
  return rows === null ? null : pageOf(deps, rows.header, rows.page);
}

/** Null when this run of the step is over: it ended, another run replaced it, or the execution no longer runs. */
export async function rowsOf(
  deps: Deps,
  run: StepRun,
): Promise<{ readonly header: ExecutionRecord; readonly page: StepPage } | null> {
  const [header, rows] = await Promise.all([
    deps.executions.header(run.executionId),
    deps.executions.step(run.executionId, run.stepId),
  ]);
  if (header === null || rows === null) return null;
  const step = rows.step.value;
  const moving = header.value.state === 'running' || header.value.state === 'compensating';
  if (!moving || step.run !== run.run || stepEnded(step.state)) return null;
  return { header: header.value, page: rows };
}

async function pageOf(deps: Deps, header: ExecutionRecord, rows: StepPage): Promise<Page> {
  const step = rows.step.value;
  const plan = await deps.pinned.of(header);
  const pinned = plan.step(step.id);
  const motion = pinned.bound.motion(step.direction);
  if (motion === null)
    throw new Error(
      `${step.uses} has no way to ${step.direction}; step ${step.id} must not be started.`,
    );
  let azureMilliseconds = 0;
  const contextOn = (direction: Direction): StepContext =>
    stepContext({ deps: inOneLook(deps), header, step, attempts: rows.attempts, plan, direction });
  return {
    deps,
    header,
    step,
    attempts: rows.attempts,
    pinned,
    plan,
    motion,
    context: contextOn(step.direction),
    contextOn,
    async save(patch, events, attempts = {}) {
      const azureSeconds = (step.azureSeconds ?? 0) + azureMilliseconds / 1000;
      const after: StepRecord = { ...step, azureSeconds, ...patch };
      await deps.executions.write(header.id, instant(deps.clock.now()), {
        steps: [{ before: rows.step, after: { ...after, ...timesForward(after) }, events }],
        ...attempts,
      });
    },
    async asking(ask) {
      const began = deps.clock.now();
      try {
        return await ask();
      } finally {
        azureMilliseconds += deps.clock.now() - began;
      }
    },
    waiting(seconds) {
      azureMilliseconds += seconds * 1000;
    },
  };
}

/** Kept apart when a run forward ends: an undo has times of its own. */
function timesForward({ direction, runStartedAt, endedAt, azureSeconds }: StepRecord): {
  readonly forwardSeconds?: number;
  readonly forwardAzureSeconds?: number;
} {
  if (direction !== 'forward' || endedAt === undefined) return {};
  return {
    forwardSeconds: secondsBetween(runStartedAt ?? endedAt, endedAt),
    ...(azureSeconds === undefined ? {} : { forwardAzureSeconds: azureSeconds }),
  };
}

/** Its present run has taken longer than the plan lets it. */
export function isLate({ deps, step, pinned }: Page): boolean {
  const { runStartedAt } = step;
  if (runStartedAt === undefined) return false;
  return secondsBetween(runStartedAt, instant(deps.clock.now())) > pinned.timeoutSeconds;
}

export function unanswered(page: Page): StepPage['attempts'] {
  return page.attempts.filter(({ value }) => value.outcome === 'unanswered');
}

/** Calls of the present attempt, by name. */
export function ofThisAttempt(page: Page): ReadonlyMap<string, AttemptRecord> {
  const { direction, attempt } = page.step;
  return new Map(
    page.attempts
      .map(({ value }) => value)
      .filter((one) => one.direction === direction && one.attempt === attempt)
      .map((one) => [one.call, one]),
  );
}
