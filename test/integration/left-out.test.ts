import { expect, it } from 'vitest';
import { faultsOf } from '../../local/demo/faults.ts';
import { pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';

const UNPLANNED = { plan: 'websphere-cafe', mode: 'unplanned' } as const;
const NOTHING_SHOWN = /and nothing has shown that websphere-cafe serves from west/;

/** A step that cannot be done, and the operator who has the execution go on without everything that fails because of it. */
it.each<[step: string, outcome: RegExp, loss: 'known' | 'unknown']>([
  ['database', NOTHING_SHOWN, 'unknown'],
  ['machines', NOTHING_SHOWN, 'unknown'],
  ['addresses', NOTHING_SHOWN, 'known'],
  ['application', NOTHING_SHOWN, 'known'],
  ['traffic', NOTHING_SHOWN, 'known'],
  ['coffee', NOTHING_SHOWN, 'known'],
  ['console', /^websphere-cafe serves from west\. Left out: console\.$/, 'known'],
  ['commit', /^websphere-cafe serves from west\. Left out: commit\.$/, 'known'],
])('without %s the end claims no more than was done and seen', async (step, outcome, loss) => {
  await withStack({}, async (stack) => {
    await prepare(stack, 'unplanned');
    for (const fault of faultsOf(step)) stack.simulator.control.fault(fault);
    const { id } = await start(stack, UNPLANNED);
    while ((await untilStill(stack, id)) === 'paused') {
      const { pause } = await detail(stack, id);
      const skip = { command: 'skip', step: pause?.step, reason: 'we go on without it' };
      expect(await order(stack, id, skip)).toBe(202);
      await pass(stack, 5);
    }
    const end = await detail(stack, id);
    expect(end.state).toBe('succeeded');
    expect(end.outcome).toMatch(outcome);
    expect(end.outcome).toContain(step);
    if (loss === 'unknown') expect(end.dataLossSeconds).toBeNull();
    else expect(end.dataLossSeconds).toBeGreaterThan(0);
  });
});

it('a database that was left out untouched leaves the loss unknown, whatever else has moved', async () => {
  await withStack({}, async (stack) => {
    await prepare(stack, 'unplanned');
    for (const fault of faultsOf('database-writable')) stack.simulator.control.fault(fault);
    const { id } = await start(stack, UNPLANNED);
    expect(await untilStill(stack, id)).toBe('paused');
    await order(stack, id, { command: 'skip', step: 'database', reason: 'it is moved by hand' });
    stack.simulator.control.clearFaults();
    await pass(stack, 5);
    expect(await untilStill(stack, id)).toBe('paused');
    const cancel = { command: 'cancel', then: 'stay', reason: 'by hand from here' };
    expect(await order(stack, id, cancel)).toBe(202);
    await pass(stack, 5);
    const { steps, dataLossSeconds } = await detail(stack, id);
    expect(steps.find((one) => one.id === 'database')).toMatchObject({ touched: false });
    expect(steps.find((one) => one.id === 'machines')?.lossSeconds).toBeGreaterThan(0);
    expect(dataLossSeconds).toBeNull();
  });
});
