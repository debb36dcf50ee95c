import { describe, expect, it } from 'vitest';
import { folderSource } from '../../src/plan/folder-source.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { withStack } from '../support/door.ts';
import { detail, prepare, records, start, untilStill } from '../support/failover.ts';
import { refuseDatabaseAfter } from '../support/refused-database.ts';

const MACHINE =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/was-cluster-eastus/providers/Microsoft.Compute/virtualMachines/dmgr';
const PLANS = { plans: folderSource('test/fixtures/plans') };

async function run(stack: VirtualStack): Promise<{ id: string; state: string }> {
  await prepare(stack, 'planned');
  const { id } = await start(stack, { plan: 'rest', mode: 'planned' });
  return { id, state: await untilStill(stack, id) };
}

const calls = (stack: VirtualStack): readonly string[] =>
  stack.simulator.journal
    .mutations()
    .filter(({ door }) => door === 'resource-manager')
    .map(({ path }) => path.split('/').at(-1) ?? '');

describe('azure/rest, on the simulated Azure', () => {
  it('sends the operation, follows it, and proves every expression', async () => {
    await withStack(PLANS, async (stack) => {
      const { id, state } = await run(stack);
      expect(state).toBe('succeeded');
      expect(calls(stack)).toEqual(['deallocate']);
      expect(stack.simulator.machines.get(MACHINE)?.power).toBe('deallocated');
      const rows = await records(stack).steps(id);
      const proof = rows.find(({ value }) => value.id === 'stop')?.value.proof;
      expect(Object.keys(proof?.['holds'] ?? {})).toEqual(['met', 'provisioned']);
    });
  });

  it.each([
    ['answered', undefined],
    ['when an answer is lost', 'compute/deallocate'],
    ['when the answer of the way back is lost', 'compute/start'],
  ])('is undone by its other operation, %s', async (_how, operation) => {
    await withStack(PLANS, async (stack) => {
      if (operation !== undefined)
        stack.simulator.control.fault({ operation, resource: '', kind: 'lose-reply', times: 1 });
      refuseDatabaseAfter(stack, 'stop');
      expect((await run(stack)).state).toBe('compensated');
      expect(calls(stack)).toEqual(['deallocate', 'start']);
      expect(stack.simulator.machines.get(MACHINE)?.power).toBe('running');
    });
  });

  it('fails with the reason that the service gives, and then undoes', async () => {
    await withStack(PLANS, async (stack) => {
      stack.simulator.control.fault({
        operation: 'compute/deallocate',
        resource: '',
        kind: 'fail-operation',
        code: 'OperationNotAllowed',
        times: 100,
      });
      const { id, state } = await run(stack);
      expect(state).toBe('compensated');
      const step = (await detail(stack, id)).steps.find((one) => one.id === 'stop');
      expect(step?.state).toBe('undone');
    });
  });
});
