import * as df from 'durable-functions';
import type { OrchestrationContext } from 'durable-functions';
import { describe, expect, it } from 'vitest';
import { callActivity, callChildren, waitForEvent } from '../../src/orchestration/durable.ts';
import type { Yields } from '../../src/orchestration/durable.ts';
import {
  ADVANCE_ACTIVITY,
  BATCH_ORCHESTRATOR,
  EXECUTION_ORCHESTRATOR,
  STEP_ORCHESTRATOR,
  TURN_ACTIVITY,
  WAKE_EVENT,
  stepInstance,
} from '../../src/orchestration/names.ts';
import type {
  ExecutionInput,
  ExecutionNext,
  StepNext,
  StepRun,
} from '../../src/orchestration/next.ts';
import { batch, execution } from '../../src/orchestration/orchestrators/execution.ts';
import { step } from '../../src/orchestration/orchestrators/step.ts';
import { orchestratorBench } from './bench.ts';
import { recordings } from './recordings.ts';
import { differences } from './replay.ts';

type Orchestrator = (context: OrchestrationContext) => Yields<void>;
/** Null takes one away. */
type Changed = Readonly<Record<string, Orchestrator | null>>;

const PRESENT = {
  [EXECUTION_ORCHESTRATOR]: execution,
  [BATCH_ORCHESTRATOR]: batch,
  [STEP_ORCHESTRATOR]: step,
};
const bench = orchestratorBench();

async function replayed(file: string, changed: Changed) {
  const recording = recordings().get(`1/${file}.json`)!;
  const app = await bench.of(() => {
    const all: Changed = { ...PRESENT, ...changed };
    for (const [name, orchestrator] of Object.entries(all)) {
      if (orchestrator !== null) df.app.orchestration(name, orchestrator);
    }
  });
  return differences(app, recording);
}

/** The execution's loop, with what a careless hand may change in it. */
function executionLoop({
  rounds = 20,
  cancels = true,
  children = childrenOf,
  tells = (executionId: string): object => ({ executionId }),
}): Orchestrator {
  return function* (context) {
    const { executionId } = context.df.getInput<ExecutionInput>();
    for (let round = 0; round < rounds; round += 1) {
      const next = yield* callActivity<ExecutionNext>(
        context,
        ADVANCE_ACTIVITY,
        tells(executionId),
      );
      if (next.do === 'end') return;
      if (next.do === 'steps') {
        yield* callChildren(context, STEP_ORCHESTRATOR, children(next.steps));
        continue;
      }
      const due = context.df.currentUtcDateTime.getTime() + next.seconds * 1000;
      const timer = context.df.createTimer(new Date(due));
      const wake = context.df.waitForExternalEvent(WAKE_EVENT);
      const first = yield context.df.Task.any([wake, timer]);
      if (first === wake && cancels) timer.cancel();
    }
    context.df.continueAsNew({ executionId });
  };
}

/** The step's way as long as its activity fails. */
function impatientStep(longestWaitMs: number): Orchestrator {
  const patience = new df.RetryOptions(2_000, 12);
  patience.backoffCoefficient = 2;
  patience.maxRetryIntervalInMilliseconds = longestWaitMs;
  return function* (context) {
    const run = context.df.getInput<StepRun>();
    for (;;) {
      let next: StepNext;
      try {
        next = (yield context.df.callActivityWithRetry(TURN_ACTIVITY, patience, run)) as StepNext;
      } catch {
        return;
      }
      if (next.do === 'end') return;
      yield* waitForEvent(context, WAKE_EVENT, next.seconds);
    }
  };
}

function childrenOf(steps: readonly StepRun[]) {
  return steps.map((run) => ({
    id: stepInstance(run.executionId, run.stepId, run.run),
    input: run,
  }));
}

describe('an orchestrator that was changed under a running execution', () => {
  it.each<[what: string, file: string, Changed, ...(string | RegExp)[]]>([
    [
      'starts steps in another order',
      'websphere-cafe-planned',
      {
        [EXECUTION_ORCHESTRATOR]: executionLoop({
          children: (steps) => childrenOf(steps.toReversed()),
        }),
      },
      'generation 1, turn 4 of 20, after TaskCompleted 2:',
      /recorded: starts run-step \S+:database:1 as 3 /,
      /now: {6}starts run-step \S+:machines:1 as 3 /,
    ],
    [
      'tells an activity something else',
      'websphere-cafe-planned',
      { [EXECUTION_ORCHESTRATOR]: executionLoop({ tells: () => ({ executionId: 'nobody' }) }) },
      'recorded: calls activity advance-execution as 0 with {"executionId":"20261121-',
      'now:      calls activity advance-execution as 0 with {"executionId":"nobody"}',
    ],
    [
      'gives a child something else',
      'websphere-cafe-planned',
      {
        [EXECUTION_ORCHESTRATOR]: executionLoop({
          children: (steps) =>
            childrenOf(steps).map(({ id, input }) => ({
              id,
              input: { ...input, run: input.run + 1 },
            })),
        }),
      },
      /recorded: starts run-step .* as 1 with .*"run":1}/,
      /now: {6}starts run-step .* as 1 with .*"run":2}/,
    ],
    [
      'waits longer before the last tries',
      'database-only-store-away-planned',
      { [STEP_ORCHESTRATOR]: impatientStep(600_000) },
      'generation 1, turn 14 of',
      'recorded: sets timer 13 for 2026-11-21T10:05:22',
      'now:      sets timer 13 for 2026-11-21T10:05:26',
    ],
    [
      'waits before it begins',
      'websphere-cafe-planned',
      {
        *[EXECUTION_ORCHESTRATOR](context) {
          yield* waitForEvent(context, WAKE_EVENT, 1);
          yield* execution(context);
        },
      },
      'generation 1, turn 1 of 20, after ExecutionStarted',
      'recorded: calls activity advance-execution as 0',
      'now:      sets timer 0 for 2026-11-21T10:03:11',
    ],
    [
      'waits longer',
      'large-stage-planned',
      {
        *[STEP_ORCHESTRATOR](context) {
          const run = context.df.getInput<StepRun>();
          yield* callActivity(context, TURN_ACTIVITY, run);
          yield* waitForEvent(context, WAKE_EVENT, 60);
        },
      },
      'recorded: sets timer 1 for 2026-11-21T10:03:2',
      'now:      sets timer 1 for 2026-11-21T10:04:1',
    ],
    [
      'calls another activity',
      'database-only-store-away-planned',
      {
        *[STEP_ORCHESTRATOR](context) {
          yield* callActivity(context, 'turn-step-anew', context.df.getInput());
        },
      },
      ':database:1, generation 1, turn 1 of',
      'recorded: calls activity turn-step as 0',
      'now:      calls activity turn-step-anew as 0',
    ],
    [
      'leaves a timer open',
      'websphere-cafe-paused-planned',
      { [EXECUTION_ORCHESTRATOR]: executionLoop({ cancels: false }) },
      'recorded: returns nothing',
      'now:      returns nothing, and runs on until timer',
      'fires: cancel it',
    ],
    [
      'ends its generation elsewhere',
      'long-planned',
      { [EXECUTION_ORCHESTRATOR]: executionLoop({ rounds: 19 }) },
      'run-execution 20261121-',
      'recorded: calls activity advance-execution as 38',
      'now:      continues as new with {"executionId":',
    ],
    [
      'has another name',
      'large-stage-planned',
      { [BATCH_ORCHESTRATOR]: null },
      'run-batch 20261121-',
      'now:      is stuck: no orchestrator is named run-batch any more',
    ],
  ])('%s: the replay says where', async (_what, file, changed, ...words) => {
    const told = (await replayed(file, changed)).join('\n');
    for (const expected of words) expect(told).toMatch(expected);
  });

  it.each<[file: string, Changed]>([
    ['websphere-cafe-paused-planned', { [EXECUTION_ORCHESTRATOR]: executionLoop({}) }],
    ['database-only-store-away-planned', { [STEP_ORCHESTRATOR]: impatientStep(60_000) }],
  ])('may be written differently when it asks for the same: %s', async (file, same) => {
    expect(await replayed(file, same)).toEqual([]);
  });
});
