import type { OrchestrationContext } from 'durable-functions';
import { callActivity, waitForEvent } from '../durable.ts';
import type { Yields } from '../durable.ts';
import { TURN_ACTIVITY, WAKE_EVENT } from '../names.ts';
import type { StepNext, StepRun } from '../next.ts';

const TURNS_PER_GENERATION = 50;

/**
 * Drives one start of one step: a turn, a wait as long as the turn said (or until somebody gives an order), the next
 * turn. All state is in the rows. It
 * never throws: a parent's `all` would leave at the first failure while the other children run on. The execution
 * reads from the row how the step ended, or that it did not.
 */
export function* step(context: OrchestrationContext): Yields<void> {
  const run = context.df.getInput<StepRun>();
  for (let turns = 0; turns < TURNS_PER_GENERATION; turns += 1) {
    let next: StepNext;
    try {
      next = yield* callActivity<StepNext>(context, TURN_ACTIVITY, run);
    } catch {
      return;
    }
    if (next.do === 'end') return;
    if (next.seconds > 0) yield* waitForEvent(context, WAKE_EVENT, next.seconds);
  }
  context.df.continueAsNew(run);
}
