import { describe, expect, it } from 'vitest';
import { canonicalId } from '../../../src/core/resource-id.ts';
import { MACHINE, onSimulator, SQL_EAST, SQL_WEST, SUBSCRIPTION_ID, type Bench } from './bench.ts';

const DATABASE_EAST = `${SQL_EAST}/databases/cafe`;
const DATABASE_WEST = `${SQL_WEST}/databases/cafe`;

async function look({ azure }: Bench, id: string): Promise<unknown> {
  return (await azure.health.ofSubscription(SUBSCRIPTION_ID)).get(canonicalId(id));
}

describe('Resource Health', () => {
  it(
    'lists machines and databases, on all pages',
    onSimulator(async (bench) => {
      const all = await bench.azure.health.ofSubscription(SUBSCRIPTION_ID);
      expect(all.size).toBe(7);
      expect(bench.simulator.journal.entries()).toHaveLength(2);
      expect([...all.values()].every(({ state }) => state === 'Available')).toBe(true);
    }),
  );

  it.each(['data', 'control'] as const)(
    'says Unavailable some time after an outage of size %s, since its begin, and Available after its end',
    (size) =>
      onSimulator(async (bench) => {
        const { simulator, clock } = bench;
        const died = new Date(clock.now()).toISOString();
        simulator.control.outage('eastus', size);
        await clock.sleep(60_000);
        expect(await look(bench, MACHINE)).toMatchObject({ state: 'Available' });
        await clock.sleep(120_000);
        for (const id of [MACHINE, DATABASE_EAST]) {
          expect(await look(bench, id)).toMatchObject({
            state: 'Unavailable',
            reasonType: 'Unplanned',
            occurredAt: died,
          });
        }
        expect(await look(bench, DATABASE_WEST)).toMatchObject({ state: 'Available' });
        simulator.control.outage('eastus', 'none');
        await clock.sleep(60_000);
        expect(await look(bench, MACHINE)).toMatchObject({ state: 'Unavailable' });
        await clock.sleep(120_000);
        expect(await look(bench, MACHINE)).toMatchObject({ state: 'Available', reasonType: '' });
      })(),
  );

  it(
    'sees no fault in an application that fails on healthy machines',
    onSimulator(async (bench) => {
      bench.simulator.control.outage('eastus', 'application');
      await bench.clock.sleep(600_000);
      expect(await look(bench, MACHINE)).toMatchObject({ state: 'Available' });
    }),
  );

  it(
    'tells a machine that somebody stopped from one that failed',
    onSimulator(async (bench) => {
      await bench.azure.machines.deallocate(MACHINE, new AbortController().signal);
      await bench.clock.sleep(60_000);
      expect(await look(bench, MACHINE)).toMatchObject({
        state: 'Unavailable',
        reasonType: 'Customer Initiated',
      });
    }),
  );
});
