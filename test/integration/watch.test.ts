import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { ExecutionDetail, ExecutionSummary } from '../../src/functions/services.ts';
import { ask, eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, untilStill } from '../support/failover.ts';
import { editedPlans } from '../support/plans.ts';

const ASKS = { watched: true, plans: editedPlans([]) };
const ACTS = {
  watched: true,
  plans: editedPlans([{ find: 'action: ask', put: 'action: act' }]),
};

async function executions(stack: VirtualStack): Promise<readonly ExecutionSummary[]> {
  const { body } = await ask(stack, { path: '/api/executions' });
  return (body as unknown as { executions: ExecutionSummary[] }).executions;
}

async function outage(stack: VirtualStack, seconds: number): Promise<void> {
  await pass(stack, 190);
  stack.simulator.control.outage('eastus', 'data');
  await pass(stack, seconds);
}

/** The one execution that there is. */
async function only(stack: VirtualStack): Promise<ExecutionDetail> {
  const [first, ...more] = await executions(stack);
  expect(more).toEqual([]);
  return detail(stack, first?.id ?? '');
}

describe('a region dies and nobody is there', () => {
  it('is failed over from its first bad look on, by itself', () =>
    withStack(ACTS, async (stack) => {
      const died = stack.clock.now() + 190_000;
      await outage(stack, 180);
      const { id, requestedBy, requestedAt, mode, firstBadAt } = await only(stack);
      expect([requestedBy.name, mode]).toEqual(['Switchover', 'unplanned']);
      expect(Date.parse(firstBadAt ?? '') - died).toBeLessThanOrEqual(35_000);
      expect((Date.parse(requestedAt) - died) / 1000).toBeLessThanOrEqual(155);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect((await eventsOf(stack, id)).map(({ type }) => type)).toContain('detected');
      // The new side serves, cools down, and is watched in its turn.
      await pass(stack, 7_200);
      expect(await executions(stack)).toHaveLength(1);
    }));

  it('waits for a person when the plan asks', () =>
    withStack(ASKS, async (stack) => {
      await outage(stack, 180);
      const { id, state, approval } = await only(stack);
      expect([state, approval?.needed]).toEqual(['awaiting-approval', 1]);
      expect(await order(stack, id, { command: 'approve', reason: 'go' }, 'approver')).toBe(202);
      expect(await untilStill(stack, id)).toBe('succeeded');
    }));

  it('is let be when it comes back before anybody answers', () =>
    withStack(ASKS, async (stack) => {
      await outage(stack, 180);
      const { id } = await only(stack);
      stack.simulator.control.outage('eastus', 'none');
      await pass(stack, 240);
      expect(await detail(stack, id)).toMatchObject({ state: 'cancelled' });
      await pass(stack, 3_600);
      expect(await executions(stack)).toHaveLength(1);
    }));
});
