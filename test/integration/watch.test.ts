import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { eventSentence } from '../../src/core/events.ts';
import type {
  ExecutionDetail,
  ExecutionSummary,
  WatchReport,
} from '../../src/functions/services.ts';
import { ask, eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, start, untilStill } from '../support/failover.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { editedPlans } from '../support/plans.ts';
import type { Edit } from '../support/plans.ts';

const ASKS = { watched: true, plans: editedPlans([]) };
const acting = (edits: readonly Edit[] = []): PlanSource =>
  editedPlans([{ find: 'action: ask', put: 'action: act' }, ...edits]);
const ACTS = { watched: true, plans: acting() };

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
      // Who is woken and starts one by hand is told what is there already.
      const own = await start(stack, { plan: 'websphere-cafe', mode: 'unplanned' });
      expect([own.status, JSON.stringify(own.body)]).toEqual([
        409,
        expect.stringContaining(`switchover execution approve ${id}`),
      ]);
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

async function post(stack: VirtualStack, path: string, body: object, as = 'operator') {
  return ask(stack, { path, method: 'POST', body, as });
}

async function report(stack: VirtualStack): Promise<WatchReport> {
  const { body } = await ask(stack, { path: '/api/plans/websphere-cafe/watch' });
  return body as unknown as WatchReport;
}

describe('what keeps a failover from starting by itself', () => {
  it('is a hold, which everybody can read, until it is lifted; the evidence tells of both', () =>
    withStack(ACTS, async (stack) => {
      const held = await post(stack, '/api/hold', { reason: 'the network is rebuilt' });
      expect(held.status).toBe(200);
      await outage(stack, 300);
      expect(await executions(stack)).toEqual([]);
      const { verdict, restraints, explanations } = await report(stack);
      expect(verdict?.is).toBe('failed');
      expect(restraints.map(({ is }) => is)).toEqual(['hold']);
      expect(explanations[0]?.restraints.join()).toContain('the network is rebuilt');
      await post(stack, '/api/hold', { lift: true, reason: 'done' });
      await pass(stack, 31);
      const { id } = await only(stack);
      const changes = (await eventsOf(stack, id))
        .filter(({ type }) => type === 'restraint-changed')
        .map(eventSentence);
      expect(changes.map((text) => text.replace(/at \S+:/, 'at TIME:'))).toMatchInlineSnapshot(`
        [
          "operator@example.com kept everything from starting by itself at TIME: the network is rebuilt",
          "operator@example.com let things start by themselves again at TIME: done",
        ]
      `);
    }));

  it('is the cool-down after an execution that changed something, until it is lifted', () =>
    withStack(
      { ...ACTS, plans: acting([{ find: 'maxPerDay: 1', put: 'maxPerDay: 2' }]) },
      async (stack) => {
        await outage(stack, 180);
        expect(await untilStill(stack, (await only(stack)).id)).toBe('succeeded');
        // The new side dies, too, and the old one has come back.
        stack.simulator.control.outage('eastus', 'none');
        await pass(stack, 300);
        stack.simulator.control.outage('westus', 'application');
        await pass(stack, 300);
        const { verdict, restraints } = await report(stack);
        expect([verdict?.is, ...restraints.map(({ is }) => is)]).toEqual(['failed', 'cooldown']);
        expect(await executions(stack)).toHaveLength(1);
        await post(stack, '/api/plans/websphere-cafe/cooldown', { lift: true, reason: 'go' });
        await pass(stack, 60);
        // Nobody has reprotected the machines since: there is nothing in east that could take over.
        const { explanations } = await report(stack);
        expect(explanations[0]?.restraints).toEqual([
          expect.stringContaining('dmgr is UnplannedFailoverCommitted and cannot fail over'),
        ]);
        expect(await executions(stack)).toHaveLength(1);
      },
    ));

  it('is the number of executions that began by themselves within a day', () =>
    withStack(
      { ...ACTS, plans: acting([{ find: 'cooldown: 1h', put: 'cooldown: 1m' }]) },
      async (stack) => {
        await outage(stack, 180);
        expect(await untilStill(stack, (await only(stack)).id)).toBe('succeeded');
        stack.simulator.control.outage('eastus', 'none');
        stack.simulator.control.outage('westus', 'application');
        await pass(stack, 600);
        expect((await report(stack)).restraints.map(({ is }) => is)).toEqual(['max-per-day']);
        expect(await executions(stack)).toHaveLength(1);
      },
    ));

  it('is the word of a person who declined what was prepared', () =>
    withStack(ASKS, async (stack) => {
      await outage(stack, 180);
      const { id } = await only(stack);
      await order(stack, id, { command: 'reject', reason: 'we repair it' }, 'approver');
      await pass(stack, 600);
      expect((await report(stack)).restraints.map(({ is }) => is)).toEqual(['declined']);
      expect(await executions(stack)).toHaveLength(1);
    }));
});
