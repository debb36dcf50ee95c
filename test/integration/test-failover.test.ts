import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { detail, openStack, prepare, records, start, untilStill } from '../support/failover.ts';
import { refuseDatabaseAfter } from '../support/refused-database.ts';

const VAULT =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-recovery/providers/Microsoft.RecoveryServices/vaults/cafe-vault';
const SUBJECT = { plan: 'machines-test', mode: 'planned' } as const;

let stack: VirtualStack;

beforeEach(async () => {
  stack = await openStack({ folder: 'test/fixtures/plans' });
  await prepare(stack, 'planned');
});

afterEach(async () => {
  await stack.clock.run(() => stack.host.stop());
  stack.clock.stop();
});

const testMachines = (): readonly string[] =>
  stack.simulator.siteRecovery
    .protection(VAULT)
    .flatMap(({ testMachineId }) => testMachineId?.split('/').at(-1) ?? []);

const posts = (): readonly string[] =>
  stack.simulator.journal
    .mutations()
    .filter(({ method, path }) => method === 'POST' && /\/testFailover/i.test(path))
    .map(({ path }) => path.split('/').slice(-2).join(' '));

async function run(): Promise<{ state: string; id: string }> {
  const { id } = await start(stack, SUBJECT);
  return { id, state: await untilStill(stack, id) };
}

describe('site-recovery/test-failover, on the simulated Azure', () => {
  it('makes test machines in the isolated network while the real ones go on', async () => {
    const { id, state } = await run();
    expect(state).toBe('succeeded');
    expect(testMachines()).toEqual(['dmgr', 'ihs', 'app1', 'app2', 'app3'].map((n) => `${n}-test`));
    const { steps } = await detail(stack, id);
    expect(steps.find(({ id }) => id === 'test-machines')).toMatchObject({ state: 'done' });
    const rows = await records(stack).steps(id);
    const step = rows.find(({ value }) => value.id === 'test-machines');
    expect(step?.value.proof).toMatchObject({
      machines: testMachines().map(() => ({ networks: [expect.stringMatching(/test-vnet$/)] })),
    });
  });

  it('cleans them up by the recovery plan when it is undone, and nothing is left', async () => {
    refuseDatabaseAfter(stack, 'test-machines');
    expect((await run()).state).toBe('compensated');
    expect(testMachines()).toEqual([]);
    expect(posts()).toEqual([
      'recovery-plan-cafe testfailover',
      'recovery-plan-cafe testfailovercleanup',
    ]);
  });

  it('cleans up also what a test failover that failed half-way has left', async () => {
    stack.simulator.control.fault({
      operation: 'site-recovery/test-failover-start',
      resource: 'app1-item',
      kind: 'fail-operation',
      times: 100_000,
    });
    const { state } = await run();
    expect(state).toBe('compensated');
    expect(testMachines()).toEqual([]);
  });

  it('cleans up when the answer to the test failover was lost', async () => {
    stack.simulator.control.fault({
      operation: 'site-recovery/test-failover',
      resource: '',
      kind: 'lose-reply',
      times: 1,
    });
    refuseDatabaseAfter(stack, 'test-machines');
    expect((await run()).state).toBe('compensated');
    expect(testMachines()).toEqual([]);
    expect(posts()).toHaveLength(2);
  });

  it('tries the clean-up again when it fails', async () => {
    stack.simulator.control.fault({
      operation: 'site-recovery/test-failover-cleanup',
      resource: '',
      kind: 'fail-operation',
      times: 1,
    });
    refuseDatabaseAfter(stack, 'test-machines');
    expect((await run()).state).toBe('compensated');
    expect(testMachines()).toEqual([]);
  });
});
