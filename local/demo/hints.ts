import type { ExecutionState } from '../../src/core/execution.ts';
import type { StepRecord } from '../../src/core/step.ts';
import type { DemoOptions } from './options.ts';

interface Ended {
  readonly state: ExecutionState;
  readonly steps: readonly Pick<StepRecord, 'id' | 'state'>[];
}

/** What somebody who watched should know: the demo's world is gone with it, and what did not come as it was asked for. */
export function afterwards(
  { state, steps }: Ended,
  { fail, then, planned }: Pick<DemoOptions, 'fail' | 'then' | 'planned'>,
): readonly string[] {
  const notes: string[] = [];
  if (steps.some((step) => step.id === fail && step.state === 'skipped'))
    notes.push(`${fail} is no step of a ${planned ? 'planned' : 'unplanned'} run: nothing failed.`);
  if (then !== undefined && state === 'succeeded' && fail === undefined)
    notes.push('The run did not pause, so there was nothing to choose (--then goes with --fail).');
  if (state === 'paused') notes.push(CHOICES);
  return notes;
}

const CHOICES =
  "The demo's world ends here, so no command reaches this run any more. To choose, add --then retry, skip or cancel; to give orders yourself: npm start";
