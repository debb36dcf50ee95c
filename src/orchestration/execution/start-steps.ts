import { stepEnded } from '../../core/step.ts';
import type { Direction, StepRecord } from '../../core/step.ts';
import type { ExecutionNext, StepRun } from '../next.ts';
import type { Draft } from './draft.ts';

/** More starts than this that come to nothing mean that something fails before it can be recorded. */
const MOST_STARTS = 500;

/**
 * Starts steps anew, each as a run of its own. Advancing twice (a crash in between) starts them twice: the rows keep
 * the later run, and the earlier one ends at its first look.
 */
export function startSteps(
  draft: Draft,
  ids: readonly string[],
  direction: Direction,
): ExecutionNext {
  const steps = ids.map((id): StepRun => {
    const before = draft.step(id);
    const run = before.run + 1;
    const starts = cameToNothing(before) ? (before.starts ?? 0) + 1 : 1;
    if (starts > MOST_STARTS)
      throw new Error(`Step ${id} was started ${MOST_STARTS} times and came to nothing.`);
    draft.patchStep(id, {
      run,
      starts,
      direction,
      state: direction === 'forward' ? 'pending' : 'undoing',
      expectedAt: draft.now,
      // An order that came in between does not give it its time and its tries anew.
      runStartedAt: before.held?.why === 'command' ? (before.runStartedAt ?? null) : null,
      endedAt: null,
      held: null,
      // Why the last attempt failed helps to choose the next, but not to choose how to undo.
      error: before.direction === direction ? (before.error ?? null) : null,
      progress: null,
    });
    return { executionId: draft.header().id, stepId: id, run };
  });
  return { do: 'steps', steps };
}

function cameToNothing({ run, state, held }: StepRecord): boolean {
  return run > 0 && !stepEnded(state) && held === undefined;
}
