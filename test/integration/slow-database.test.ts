import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';
import { editedPlans } from '../support/plans.ts';

const CAFE = { plan: 'websphere-cafe', mode: 'planned' } as const;

function slow({ simulator }: VirtualStack, factor: number): void {
  const of = { operation: 'sql/failover', resource: '', times: 1 };
  simulator.control.fault({ ...of, kind: 'slow-operation', factor });
}

function loseTheAnswer({ simulator }: VirtualStack): void {
  simulator.control.fault({
    operation: 'sql/failover',
    resource: '',
    kind: 'lose-reply',
    times: 1,
  });
}

/** Where the database is by the time that nothing can be under way any more. */
async function primaryAtLast(stack: VirtualStack): Promise<string | undefined> {
  await pass(stack, 1_200);
  const { failoverGroups } = stack.simulator.control.state();
  return failoverGroups.find(({ role }) => role === 'Primary')?.server;
}

describe('a failover of the database that takes longer than anybody looks for it, and was never answered', () => {
  it('is not overlooked when the execution is cancelled: what is called undone stays undone', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      loseTheAnswer(stack);
      slow(stack, 8);
      const { id } = await start(stack, CAFE);
      await untilEvent(stack, { type: 'call-lost', step: 'database' });
      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'stop' });
      expect(await untilStill(stack, id)).toBe('compensated');
      expect(await primaryAtLast(stack)).toBe('sql-cafe-east');
      const [endpoint] = Object.values(stack.simulator.control.state().traffic);
      expect(endpoint).toBe('myPrimaryEndpoint');
    });
  });

  it('is waited for when the group is busy with it, and nothing is undone beside it', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      loseTheAnswer(stack);
      slow(stack, 12);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(await primaryAtLast(stack)).toBe('sql-cafe-west');
      expect((await detail(stack, id)).dataLossSeconds).toBeNull();
    });
  });
});

describe('an operation that ends while its step runs out of time', () => {
  it.each(['20s', '30s', '35s', '40s'])(
    'is asked once more before it is called running (%s)',
    async (timeout) => {
      const put = `to: '\${to.sqlServer}' }\n        timeout: ${timeout}`;
      const find = "to: '${to.sqlServer}' }\n        timeout: 15m";
      await withStack({ plans: editedPlans([{ find, put }]) }, async (stack) => {
        await prepare(stack, 'planned');
        const { id } = await start(stack, CAFE);
        const state = await untilStill(stack, id);
        const { steps, pause } = await detail(stack, id);
        const database = steps.find((step) => step.id === 'database');
        const ended = (await eventsOf(stack, id)).some(
          ({ stream, type }) => stream === 'step:database' && type === 'operation-ended',
        );
        // It ends after 31 to 41 s: then the step is done. Before that it does run, and is left to run.
        if (ended) expect([state, database?.state]).toEqual(['succeeded', 'done']);
        else expect([state, pause?.why]).toEqual(['paused', expect.stringContaining('still runs')]);
      });
    },
  );
});
