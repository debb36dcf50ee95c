import { instant } from '../core/clock.ts';
import { SwitchoverError } from '../core/errors.ts';
import type { CommandRecord } from '../core/execution.ts';
import type { Deps } from './deps.ts';
import type { DurableDoor } from './door.ts';
import { assertPossible, stepOfWord } from './execution/orders.ts';

/** Records an operator's order and wakes the orchestration, or starts it again when it is gone. */
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
  if ((await door.status(executionId)) === 'running') await door.wake(executionId);
  else await door.start(executionId);
  return recorded;
}
