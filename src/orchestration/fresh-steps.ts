import { GENESIS } from '../core/execution.ts';
import type { StepRecord } from '../core/step.ts';
import type { PinnedPlan } from './pinned.ts';

/** The rows of an execution that has done nothing yet. */
export function freshSteps(pinned: PinnedPlan): StepRecord[] {
  return pinned.stages.flatMap((stage, index) =>
    stage.steps.map((step): StepRecord => ({
      id: step.id,
      uses: step.uses,
      stage: index,
      state: 'pending',
      direction: 'forward',
      run: 0,
      attempt: 0,
      triesLeft: step.retry.attempts,
      adopted: false,
      touched: false,
      operations: [],
      sentence: '',
      undo: step.bound.undoSafety('planned'),
      head: GENESIS,
    })),
  );
}
