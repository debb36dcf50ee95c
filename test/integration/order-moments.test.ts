import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { depsOf } from '../support/drive.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';
import { editedPlans } from '../support/plans.ts';

const CAFE = { plan: 'websphere-cafe', mode: 'planned' } as const;

async function begin(stack: VirtualStack): Promise<string> {
  await prepare(stack, 'planned');
  return (await start(stack, CAFE)).id;
}

describe('an order', () => {
  it('is carried out within two seconds while a step only waits', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      // The clients' copies of the old address run out: a wait of fifteen seconds.
      await untilEvent(stack, { type: 'call-answered', step: 'close-endpoint' });
      await pass(stack, 2);
      const before = stack.clock.now();
      expect(await order(stack, id, { command: 'pause', reason: 'wait' })).toBe(202);
      await untilEvent(stack, { type: 'paused' });
      expect(stack.clock.now() - before).toBeLessThanOrEqual(2_000);
      await order(stack, id, { command: 'resume', reason: 'go on' });
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
    });
  });

  it('has no service asked before the time that it told, while an operation runs', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await untilEvent(stack, { type: 'operation-progressed', step: 'database' });
      const polls = (): number =>
        stack.simulator.journal
          .entries()
          .filter(({ path }) => path.includes('failoverGroupAzureAsyncOperation')).length;
      await pass(stack, 1);
      const before = polls();
      for (let n = 0; n < 3; n += 1) {
        await order(stack, id, { command: 'pause', reason: `wait ${n}` });
        await pass(stack, 1);
      }
      expect(polls()).toBe(before);
      expect(await untilStill(stack, id)).toBe('paused');
    });
  });
});

describe('an approval', () => {
  const plans = editedPlans([
    { find: 'objectives:', put: 'approvals: { count: 1, expires: 15m }\nobjectives:' },
  ]);

  it.each<[string, number, string]>([
    ['given just before its end counts, although it is read after it', -4, 'running'],
    ['given just after its end does not', 1, 'expired'],
  ])('%s', async (_what, milliseconds, state) => {
    await withStack({ plans }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 10);
      const { approval } = await detail(stack, id);
      const end = Date.parse(approval?.expiresAt ?? '');
      // The word's row is written within some milliseconds, and read again after them.
      await pass(stack, (end + milliseconds - stack.clock.now()) / 1_000);
      await order(stack, id, { command: 'approve', reason: 'yes' }, 'approver');
      await pass(stack, 5);
      expect((await detail(stack, id)).state).toBe(state);
    });
  });

  it('that was given in time but is read long after it does not count', async () => {
    await withStack({ plans }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 890);
      stack.crash();
      const executions = depsOf(stack.platform).executions;
      const by = { id: 'a', name: 'a', kind: 'person', roles: ['Approver'] } as const;
      const at = new Date(stack.clock.now()).toISOString();
      await stack.clock.run(() =>
        executions.order(id, { command: 'approve', by, reason: 'yes', at }),
      );
      await pass(stack, 3_600);
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 60);
      expect((await detail(stack, id)).state).toBe('expired');
    });
  });
});

describe('an execution that has lost its lock', () => {
  it.each(['stay', 'compensate'] as const)(
    'ends where it stands when it is cancelled with %s',
    async (then) => {
      await withStack({}, async (stack) => {
        const id = await begin(stack);
        await untilEvent(stack, { type: 'step-done', step: 'database' });
        const { locks } = depsOf(stack.platform);
        await stack.clock.run(() => locks.release(CAFE.plan, id));
        expect(await untilStill(stack, id)).toBe('paused');
        const sent = stack.simulator.journal.mutations().length;
        expect(await order(stack, id, { command: 'cancel', then, reason: 'enough' })).toBe(202);
        await pass(stack, 5);
        expect(await untilStill(stack, id)).toBe('cancelled');
        const { outcome } = await detail(stack, id);
        expect(outcome).toContain('Everything stays as it stands.');
        expect(outcome?.includes('Nothing can be undone')).toBe(then === 'compensate');
        expect(stack.simulator.journal.mutations()).toHaveLength(sent);
      });
    },
  );
});

describe('a hold', () => {
  it('that was answered before the watch took the lock lets nothing begin', async () => {
    const plans = editedPlans([{ find: 'action: ask', put: 'action: act' }]);
    await withStack({ plans, watched: true }, async (stack) => {
      await pass(stack, 400);
      stack.simulator.control.outage('eastus', 'data');
      let held: number | null = null;
      const stop = stack.tables.onWrite({
        async before({ table }) {
          if (table !== 'locks') return;
          stop();
          const body = { reason: 'maintenance' };
          held = (await ask(stack, { path: '/api/hold', method: 'POST', as: 'operator', body }))
            .status;
        },
      });
      await pass(stack, 600);
      expect(held).toBe(200);
      const { body } = await ask(stack, { path: '/api/executions' });
      expect(body['executions']).toEqual([]);

      await ask(stack, {
        path: '/api/hold',
        method: 'POST',
        as: 'operator',
        body: { lift: true, reason: 'done' },
      });
      await pass(stack, 120);
      const later = await ask(stack, { path: '/api/executions' });
      expect(later.body['executions']).toHaveLength(1);
    });
  });
});
