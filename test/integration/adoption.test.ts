import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../local/demo/faults.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { evidenceOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { somebodyFailsTheDatabaseOver } from '../support/somebody-else.ts';

const CAFE = { plan: 'websphere-cafe', mode: 'planned' } as const;

function databaseCalls({ simulator }: VirtualStack): number {
  const operations = ['sql/failover', 'sql/force-failover'];
  return simulator.journal.entries().filter(({ operation }) => operations.includes(operation ?? ''))
    .length;
}

describe('a database that somebody else has failed over', () => {
  it('is adopted: nothing is called, and its loss is not called known', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      await somebodyFailsTheDatabaseOver(stack);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('succeeded');

      expect(databaseCalls(stack)).toBe(0);
      const { steps, dataLossSeconds } = await detail(stack, id);
      const database = steps.find((step) => step.id === 'database');
      expect(database).toMatchObject({ state: 'satisfied', adopted: true, touched: false });
      expect(dataLossSeconds).toBeNull();
      expect((await evidenceOf(stack, id)).recoveryPoint.lossSeconds).toBeNull();
    });
  });

  it('stands in the way of an undo, also of one that an operator orders', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      await somebodyFailsTheDatabaseOver(stack);
      for (const fault of faultsOf('traffic')) stack.simulator.control.fault(fault);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause?.why).toContain('It is not undone automatically: database was done by somebody');
      expect(pause?.choices.map(({ command }) => command)).toEqual([
        'retry',
        'skip',
        'go-unplanned',
        'cancel',
      ]);

      stack.simulator.control.clearFaults();
      const back = {
        command: 'cancel',
        then: 'compensate',
        reason: 'the database follows by hand',
      };
      expect(await order(stack, id, back)).toBe(202);
      await pass(stack, 60);
      // Undoing the rest alone would leave the machines in one region and the data in the other.
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.why).toContain(
        'It is not undone: database was done by somebody else',
      );
      expect(databaseCalls(stack)).toBe(0);
      expect((await detail(stack, id)).steps.map(({ state }) => state)).not.toContain('undone');
    });
  });
});
