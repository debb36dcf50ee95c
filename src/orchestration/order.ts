import { instant } from '../core/clock.ts';
import { SwitchoverError } from '../core/errors.ts';
import type { CommandRecord } from '../core/execution.ts';
import { stepEnded } from '../core/step.ts';
import type { Deps } from './deps.ts';
import type { DurableDoor } from './door.ts';
import { assertPossible, stepOfWord } from './execution/orders.ts';
import { stepInstance } from './names.ts';

/**
 * Records an operator's order and wakes the orchestration, or starts it again when it is gone. Steps that wait are woken,
 * too: nothing is carried out before they stand still.
 */
export async function giveOrder(
  deps: Deps,
  executionId: string,
  order: Omit<CommandRecord, 'sequence' | 'at'>,
  door: DurableDoor,
): Promise<CommandRecord> {
  const header = await deps.executions.header(executionId);
  if (header === null) {
    throw new SwitchoverError(
      'EXECUTION_UNKNOWN',
      `There is no execution ${executionId}. List them: switchover executions`,
    );
  }
  const about = stepOfWord(header.value, order);
  const step = about === null ? null : await deps.executions.step(executionId, about);
  assertPossible(header.value, order, step?.step.value ?? null);
  const recorded = await deps.executions.order(executionId, {
    ...order,
    at: instant(deps.clock.now()),
  });
  if ((await door.status(executionId)) === 'running') await wake(deps, executionId, door);
  else await door.start(executionId);
  return recorded;
}

async function wake(deps: Deps, executionId: string, door: DurableDoor): Promise<void> {
  const steps = await deps.executions.steps(executionId);
  const waiting = steps
    .map(({ value }) => value)
    .filter(({ run, state }) => run > 0 && !stepEnded(state));
  // One that has just come to its end cannot be woken, and need not be.
  await Promise.allSettled(
    waiting.map(({ id, run }) => door.wake(stepInstance(executionId, id, run))),
  );
  await door.wake(executionId);
}
