import type { OrchestrationContext } from 'durable-functions';
import { callActivity, callChildren, waitForEvent } from '../durable.ts';
import type { Yields } from '../durable.ts';
import {
  ADVANCE_ACTIVITY,
  BATCH_ORCHESTRATOR,
  STEP_ORCHESTRATOR,
  WAKE_EVENT,
  stepInstance,
} from '../names.ts';
import type { ExecutionInput, ExecutionNext, StepRun } from '../next.ts';

/** Replay reads the whole history at every event: a generation ends when it has grown this long. */
const ROUNDS_PER_GENERATION = 20;
/** More children than this are handed to batches, whose histories are their own. */
const CHILDREN_PER_HISTORY = 25;

/**
 * Drives one execution. What happens next is decided by the `advance` activity from the rows; this only does it, so
 * that a new version of the rules never breaks an execution that runs.
 */
export function* execution(context: OrchestrationContext): Yields<void> {
  const { executionId } = context.df.getInput<ExecutionInput>();
  for (let round = 0; round < ROUNDS_PER_GENERATION; round += 1) {
    const next = yield* callActivity<ExecutionNext>(context, ADVANCE_ACTIVITY, { executionId });
    if (next.do === 'end') return;
    if (next.do === 'wait') yield* waitForEvent(context, WAKE_EVENT, next.seconds);
    else yield* runSteps(context, executionId, round, next.steps);
  }
  // The next generation begins with `advance`, which reads whatever an event dropped here would have told.
  context.df.continueAsNew({ executionId });
}

function* runSteps(
  context: OrchestrationContext,
  executionId: string,
  round: number,
  steps: readonly StepRun[],
): Yields<void> {
  if (steps.length <= CHILDREN_PER_HISTORY) {
    yield* callChildren(context, STEP_ORCHESTRATOR, steps.map(child));
    return;
  }
  const stamp = context.df.currentUtcDateTime.getTime();
  const batches: { id: string; input: { steps: readonly StepRun[] } }[] = [];
  for (let index = 0; index < steps.length; index += CHILDREN_PER_HISTORY) {
    batches.push({
      id: `${executionId}:batch:${stamp}:${round}:${index}`,
      input: { steps: steps.slice(index, index + CHILDREN_PER_HISTORY) },
    });
  }
  yield* callChildren(context, BATCH_ORCHESTRATOR, batches);
}

/** Some of a stage's steps, side by side. */
export function* batch(context: OrchestrationContext): Yields<void> {
  const { steps } = context.df.getInput<{ steps: readonly StepRun[] }>();
  yield* callChildren(context, STEP_ORCHESTRATOR, steps.map(child));
}

function child(run: StepRun): { id: string; input: StepRun } {
  return { id: stepInstance(run.executionId, run.stepId, run.run), input: run };
}
