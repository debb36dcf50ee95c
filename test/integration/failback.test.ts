import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { Mode } from '../../src/core/execution.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { detail, prepare, start, untilStill } from '../support/failover.ts';

async function failedOver(stack: VirtualStack): Promise<void> {
  await prepare(stack, 'planned');
  const { id } = await start(stack, { plan: 'websphere-cafe', mode: 'planned' });
  expect(await untilStill(stack, id)).toBe('succeeded');
  await pass(stack, 300);
}

async function failBack(stack: VirtualStack, mode: Mode): Promise<string> {
  const { status, body } = await ask(stack, {
    path: '/api/plans/websphere-cafe/executions',
    as: 'operator',
    body: { kind: 'failback', mode, reason: 'home again' },
  });
  expect(status).toBe(202);
  return typeof body['id'] === 'string' ? body['id'] : '';
}

describe('failing back to a side to which nothing replicates yet', () => {
  it.each(['planned', 'unplanned'] as const)(
    'is refused before anything is touched when it is %s, and says what to do first',
    async (mode) => {
      await withStack({}, async (stack) => {
        await failedOver(stack);
        const sent = stack.simulator.journal.mutations().length;
        const id = await failBack(stack, mode);
        expect(await untilStill(stack, id)).toBe('refused');
        const { outcome, from, to } = await detail(stack, id);
        expect({ from, to }).toEqual({ from: 'west', to: 'east' });
        for (const machine of ['dmgr', 'ihs', 'app1', 'app2', 'app3'])
          expect(outcome).toContain(
            `${machine} is UnplannedFailoverCommitted and cannot fail over. Reprotect it`,
          );
        expect(outcome).not.toContain('target resource group');
        expect(stack.simulator.journal.mutations()).toHaveLength(sent);

        // It still serves, and the plan is free for the next one.
        const before = stack.simulator.control.cafe().served['west'] ?? 0;
        await pass(stack, 60);
        expect(stack.simulator.control.cafe().served['west']).toBeGreaterThan(before);
        expect(await failBack(stack, mode)).not.toBe(id);
      });
    },
  );

  it('is tried all the same when the side that serves has died: its database may be saved', async () => {
    await withStack({}, async (stack) => {
      await failedOver(stack);
      stack.simulator.control.outage('westus', 'data');
      await pass(stack, 60);
      const id = await failBack(stack, 'unplanned');
      expect(await untilStill(stack, id)).toBe('paused');
      const { steps, pause } = await detail(stack, id);
      expect(steps.find((step) => step.id === 'machines')?.error?.code).toBe(
        'FAILOVER_NOT_ALLOWED',
      );
      expect(steps.find((step) => step.id === 'database')?.state).toBe('done');
      expect(pause?.why).toContain('reprotect them after a committed failover');
    });
  });
});

it('a second failover to the side that serves is refused at the door', async () => {
  await withStack({}, async (stack) => {
    await failedOver(stack);
    const again = await start(stack, { plan: 'websphere-cafe', mode: 'planned' });
    expect(again).toMatchObject({ status: 422, body: { code: 'REQUEST_INVALID' } });
    const { body } = await ask(stack, { path: '/api/plans/websphere-cafe' });
    expect(body).toMatchObject({ active: 'west', running: null });
  });
});
