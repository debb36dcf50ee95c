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
import type { ExecutionInput, ExecutionNext, StepRun } from '../../src/orchestration/next.ts';
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
function executionLoop({ rounds = 20, cancels = true, children = childrenOf }): Orchestrator {
  return function* (context) {
    const { executionId } = context.df.getInput<ExecutionInput>();
    for (let round = 0; round < rounds; round += 1) {
      const next = yield* callActivity<ExecutionNext>(context, ADVANCE_ACTIVITY, { executionId });
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

function childrenOf(steps: readonly StepRun[]) {
  return steps.map((run) => ({
    id: stepInstance(run.executionId, run.stepId, run.run),
    input: run,
  }));
}

describe('an orchestrator that was changed under a running execution', () => {
  it.each<[what: string, file: string, Changed, ...string[]]>([
    [
      'starts steps in another order',
      'websphere-cafe-planned',
      {
        [EXECUTION_ORCHESTRATOR]: executionLoop({
          children: (steps) => childrenOf(steps.toReversed()),
        }),
      },
      'generation 1, turn 4 of 20, after TaskCompleted 2:',
      ':database:1 as 3\n  recorded: starts run-step',
      ':machines:1 as 3\n  now:      starts run-step',
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
    for (const expected of words) expect(told).toContain(expected);
  });

  it('may be written differently when it asks for the same', async () => {
    const same = { [EXECUTION_ORCHESTRATOR]: executionLoop({}) };
    expect(await replayed('websphere-cafe-paused-planned', same)).toEqual([]);
  });
});
