import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { folderSource } from '../../src/plan/folder-source.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { eventsOf, evidenceOf, pass, withStack } from '../support/door.ts';
import { detail, prepare, start, untilStill } from '../support/failover.ts';
import { atEvent } from '../support/moments.ts';
import { createReceiver } from '../support/receiver.ts';
import type { Receiver } from '../support/receiver.ts';
import { refuseDatabaseAfter } from '../support/refused-database.ts';

async function withReceiver(
  work: (stack: VirtualStack, receiver: Receiver) => Promise<void>,
  secret: string | null = 'key',
): Promise<void> {
  const receiver = createReceiver('key');
  const options = {
    plans: folderSource('test/fixtures/plans'),
    probes: (simulated: HttpClient) => receiver.around(simulated),
    secrets: (name: string) => (name === 'SWITCHOVER_SECRET_HOOKS' ? secret : null),
  };
  await withStack(options, (stack) => work(stack, receiver));
}

async function run(stack: VirtualStack): Promise<{ id: string; state: string }> {
  await prepare(stack, 'planned');
  const { id } = await start(stack, { plan: 'webhook', mode: 'planned' });
  return { id, state: await untilStill(stack, id) };
}

describe('custom/webhook, in a run', () => {
  it('asks once, signed, and its end is when the application was closed', async () => {
    await withReceiver(async (stack, receiver) => {
      const { id, state } = await run(stack);
      expect(state).toBe('succeeded');
      expect(receiver.done).toEqual(['do /close']);
      expect(receiver.asked[0]).toMatchObject({
        key: `${id}:close:forward:1`,
        body: {
          action: 'do',
          step: 'close',
          data: { site: expect.stringContaining('sql-cafe-east') as string },
        },
      });
      const { closedAt, steps } = await detail(stack, id);
      expect(closedAt).toBe(steps.find((step) => step.id === 'close')?.endedAt);
      expect(JSON.stringify(await evidenceOf(stack, id))).not.toContain('"key"');
    });
  });

  it('follows what takes longer at its status address', async () => {
    await withReceiver(async (stack, receiver) => {
      receiver.looks = 4;
      const { id, state } = await run(stack);
      expect(state).toBe('succeeded');
      const progressed = (await eventsOf(stack, id)).filter(
        ({ type }) => type === 'operation-progressed',
      );
      expect(JSON.stringify(progressed)).toContain('half way');
    });
  });

  it('is asked back when the run turns round', async () => {
    await withReceiver(async (stack, receiver) => {
      refuseDatabaseAfter(stack, 'close');
      expect((await run(stack)).state).toBe('compensated');
      expect(receiver.done).toEqual(['do /close', 'undo /open']);
    });
  });

  it.each(['lost-there', 'lost-back'] as const)(
    'asks again with the same key when a request is %s, and has its effect once, both ways',
    async (fate) => {
      await withReceiver(async (stack, receiver) => {
        receiver.fates.push(fate);
        atEvent(stack, { type: 'undo-began', step: 'close' }, () => receiver.fates.push(fate));
        refuseDatabaseAfter(stack, 'close');
        const { id, state } = await run(stack);
        expect(state).toBe('compensated');
        expect(receiver.done).toEqual(['do /close', 'undo /open']);
        const keys = new Set(receiver.asked.map(({ key }) => key));
        expect(keys).toEqual(new Set([`${id}:close:forward:1`, `${id}:close:undo:1`]));
        const told = (await eventsOf(stack, id)).filter(({ type }) => type === 'call-resolved');
        expect(told).toMatchObject([{ data: { blind: true } }, { data: { blind: true } }]);
      });
    },
  );

  it('has its effect once when the instance dies with the answer', async () => {
    await withReceiver(async (stack, receiver) => {
      atEvent(stack, { type: 'call-sent', step: 'close' }, () => {
        stack.clock.setTimer(stack.clock.now() + 10, () => stack.crash());
        stack.clock.setTimer(stack.clock.now() + 2_000, () =>
          stack.clock.spawn(() => stack.host.start()),
        );
      });
      expect((await run(stack)).state).toBe('succeeded');
      expect(receiver.done).toEqual(['do /close']);
    });
  });

  it('undoes nothing that was refused', async () => {
    await withReceiver(async (stack, receiver) => {
      receiver.fates.push('refused', 'refused', 'refused');
      const { id, state } = await run(stack);
      expect(state).toBe('compensated');
      expect(receiver.done).toEqual([]);
      const close = (await detail(stack, id)).steps.find((step) => step.id === 'close');
      expect(close?.state).toBe('undone');
    });
  });

  it('is refused before anything is done when its key is not set', async () => {
    await withReceiver(async (stack) => {
      const { id, state } = await run(stack);
      expect(state).toBe('refused');
      expect((await detail(stack, id)).outcome).toContain('SWITCHOVER_SECRET_HOOKS');
      await pass(stack, 10);
    }, null);
  });
});
