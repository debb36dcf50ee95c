import { expect, it } from 'vitest';
import { webSphereCafe } from '../../local/simulator/scenarios/websphere-cafe.ts';
import { pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';

const PLAN = 'websphere-cafe-as-published';
const scenario = webSphereCafe({ control: 'automatic' });

it('an unplanned failover waits for Traffic Manager to move by itself, then keeps it there', async () => {
  await withStack({ scenario }, async (stack) => {
    await prepare(stack, 'unplanned');
    const { id } = await start(stack, { plan: PLAN, mode: 'unplanned' });
    expect(await untilStill(stack, id)).toBe('succeeded');
    const puts = stack.simulator.journal
      .mutations()
      .filter(({ operation }) => operation === 'traffic-manager/put-endpoint')
      .map(({ effect }) => effect);
    expect(puts).toEqual(['endpoint myPrimaryEndpoint of websphere-cafe Disabled']);

    stack.simulator.control.outage('eastus', 'none');
    const { served } = stack.simulator.control.cafe();
    await pass(stack, 600);
    const after = stack.simulator.control.cafe().served;
    expect(after['east']).toBe(served['east']);
    expect(after['west']).toBeGreaterThan((served['west'] ?? 0) + 100);
  });
});

it('a planned failover asks before it moves machines that were not closed, and loses nothing that was promised', async () => {
  await withStack({ scenario }, async (stack) => {
    await prepare(stack, 'planned');
    const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
    expect(await untilStill(stack, id)).toBe('paused');
    const { pause } = await detail(stack, id);
    expect(pause).toMatchObject({ needs: 'data-loss', step: 'machines' });
    expect(pause?.why).toContain('The application was not closed before');
    const sent = stack.simulator.journal.mutations().map(({ operation }) => operation);
    expect(sent).not.toContain('site-recovery/failover');

    const accept = { command: 'accept', accept: 'data-loss', reason: 'they keep no data' };
    expect(await order(stack, id, accept, 'approver')).toBe(202);
    await pass(stack, 5);
    expect(await untilStill(stack, id)).toBe('succeeded');
    await pass(stack, 60);
    const { lost, served } = stack.simulator.control.cafe();
    expect(lost).toBe(0);
    expect(served['west']).toBeGreaterThan(10);
    // Nobody can say what the machines had written; the database itself was moved without loss.
    const { steps } = await detail(stack, id);
    expect(steps.find((step) => step.id === 'database')?.lossSeconds).toBe(0);
  });
});

it('the plan refuses to start where its passive endpoint is disabled at rest', async () => {
  await withStack({}, async (stack) => {
    await prepare(stack, 'planned');
    const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
    expect(await untilStill(stack, id)).toBe('refused');
    const { outcome } = await detail(stack, id);
    expect(outcome).toContain('myFailoverEndpoint is disabled, so Traffic Manager cannot move');
    expect(stack.simulator.journal.mutations()).toEqual([]);
  });
});

it('the other plan refuses to start where Traffic Manager could move by itself', async () => {
  await withStack({ scenario }, async (stack) => {
    await prepare(stack, 'planned');
    const { id } = await start(stack, { plan: 'websphere-cafe', mode: 'planned' });
    expect(await untilStill(stack, id)).toBe('refused');
    const { outcome } = await detail(stack, id);
    expect(outcome).toContain('passive endpoint myFailoverEndpoint is enabled at rest');
    expect(stack.simulator.journal.mutations()).toEqual([]);
  });
});
