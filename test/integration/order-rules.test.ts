import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { CommandRecord } from '../../src/core/execution.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { order, prepare, records, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';

async function begin(stack: VirtualStack): Promise<string> {
  await prepare(stack, 'planned');
  return (await start(stack, { plan: 'websphere-cafe', mode: 'planned' })).id;
}

async function obey(stack: VirtualStack, id: string, body: object): Promise<string> {
  expect(await order(stack, id, body)).toBe(202);
  await pass(stack, 5);
  return untilStill(stack, id);
}

describe('an order', () => {
  const ORDERS = {
    pause: { command: 'pause' },
    resume: { command: 'resume' },
    cancel: { command: 'cancel', then: 'stay' },
    retry: { command: 'retry' },
    skip: { command: 'skip', step: 'database' },
    'go-unplanned': { command: 'go-unplanned' },
  } as const;

  const refusedOf = async (
    stack: VirtualStack,
    id: string,
    commands: readonly (keyof typeof ORDERS)[],
  ): Promise<void> => {
    for (const command of commands) {
      const status = await order(stack, id, { ...ORDERS[command], reason: 'try' });
      expect(status, command).toBe(409);
    }
  };

  it('that is not offered is refused and leaves no trace', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await untilEvent(stack, { type: 'step-began', step: 'database' });
      await refusedOf(stack, id, ['resume', 'retry', 'skip']);
      expect(await order(stack, id, { command: 'approve', reason: 'try' }, 'approver')).toBe(409);

      expect(await obey(stack, id, { command: 'pause', reason: 'wait' })).toBe('paused');
      await refusedOf(stack, id, ['pause', 'retry', 'skip']);
      const accept = { command: 'accept', accept: 'data-loss', reason: 'try' };
      expect(await order(stack, id, accept, 'approver')).toBe(409);

      expect(await obey(stack, id, { command: 'resume', reason: 'go' })).toBe('succeeded');
      await refusedOf(stack, id, ['pause', 'resume', 'cancel', 'retry', 'skip', 'go-unplanned']);
      expect((await records(stack).commands(id)).map(({ command }) => command)).toEqual([
        'pause',
        'resume',
      ]);
    });
  });

  it.each(['viewer', 'approver', 'automation'])('is not for somebody who is %s', async (role) => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      for (const given of Object.values(ORDERS))
        expect(await order(stack, id, { ...given, reason: 'try' }, role)).toBe(403);
      expect(await records(stack).commands(id)).toEqual([]);
    });
  });

  it('is on record with who gave it and why, in the chain', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await untilEvent(stack, { type: 'step-began', step: 'database' });
      await obey(stack, id, { command: 'pause', reason: 'a call came in' });
      await obey(stack, id, { command: 'resume', reason: 'a mistake' });
      const events = await eventsOf(stack, id);
      const received = events.flatMap((one) => (one.type === 'command-received' ? [one.data] : []));
      const expected: readonly Partial<CommandRecord>[] = [
        { sequence: 1, command: 'pause', reason: 'a call came in' },
        { sequence: 2, command: 'resume', reason: 'a mistake' },
      ];
      expect(received).toMatchObject(expected);
      for (const { by } of received)
        expect(by).toMatchObject({ id: 'local-operator', kind: 'person', roles: ['Operator'] });
      const done = events.flatMap((one) =>
        one.type === 'command-carried-out' ? [one.data.sequence] : [],
      );
      expect(done).toEqual([1, 2]);
    });
  });
});
