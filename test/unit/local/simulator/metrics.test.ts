/* eslint-disable @typescript-eslint/no-deprecated -- these are the clients that the app calls */
import { MetricsClient, MetricsQueryClient } from '@azure/monitor-query';
import { describe, expect, it } from 'vitest';
import { IN_PROCESS } from '../../../../local/simulator/in-process.ts';
import { LAG_METRIC } from '../../../../local/simulator/metrics/definitions.ts';
import type { Bench } from './bench.ts';
import { onBench, SQL } from './bench.ts';

const EAST = `${SQL}/sql-cafe-east/databases/cafe`;
const WEST = `${SQL}/sql-cafe-west/databases/cafe`;

interface Sample {
  readonly at: number;
  readonly lag: number;
}

async function batch(
  { credential, client, clock }: Bench,
  ids: string[],
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const metrics = new MetricsClient(IN_PROCESS.metrics, credential, {
    ...client,
    endpoint: IN_PROCESS.metrics,
  });
  const now = clock.now();
  const results = await metrics.queryResources(
    ids,
    [LAG_METRIC],
    'Microsoft.Sql/servers/databases',
    {
      aggregation: 'Maximum',
      interval: 'PT1M',
      startTime: new Date(now - 600_000),
      endTime: new Date(now),
    },
  );
  return new Map(
    results.map(({ resourceId, metrics: [metric] }) => [
      resourceId ?? '',
      (metric?.timeseries[0]?.data ?? []).map(({ timeStamp, maximum }) => ({
        at: timeStamp.getTime(),
        lag: maximum ?? Number.NaN,
      })),
    ]),
  );
}

describe('the replication lag as a metric', () => {
  it(
    'has one value for each full minute of the primary, and none for the secondary',
    onBench({ clientSeconds: 1 }, async (bench) => {
      await bench.wait(900);
      const values = await batch(bench, [EAST, WEST]);
      expect(values.get(EAST)).toHaveLength(10);
      expect(
        values.get(EAST)?.every(({ at, lag }) => at % 60_000 === 0 && lag >= 0 && lag < 7),
      ).toBe(true);
      expect(values.get(EAST)?.some(({ lag }) => lag > 0)).toBe(true);
      expect(values.get(WEST)).toEqual([]);
    }),
  );

  it(
    'is told the same by Resource Manager, one resource at a time',
    onBench({ clientSeconds: 1 }, async (bench) => {
      await bench.wait(300);
      const single = new MetricsQueryClient(bench.credential, bench.client);
      const { metrics } = await single.queryResource(EAST, [LAG_METRIC], {
        granularity: 'PT1M',
        timespan: { duration: 'PT3M' },
        aggregations: ['Maximum', 'Average'],
      });
      const data = metrics[0]?.timeseries[0]?.data ?? [];
      expect(data).toHaveLength(3);
      expect(data.every(({ maximum = 0, average = 0 }) => average <= maximum)).toBe(true);
    }),
  );

  it(
    'stops with the primary, and goes on at the new one',
    onBench({ clientSeconds: 1 }, async (bench) => {
      await bench.wait(300);
      const died = bench.clock.now();
      bench.simulator.control.outage('eastus', 'data');
      await bench.wait(300);
      const during = await batch(bench, [EAST]);
      expect(Math.max(...(during.get(EAST) ?? []).map(({ at }) => at))).toBeLessThanOrEqual(died);
      bench.simulator.control.outage('eastus', 'none');
      await bench.send('POST', `${SQL}/sql-cafe-west/failoverGroups/failovergroup-cafe/failover`);
      await bench.wait(300);
      const after = await batch(bench, [WEST]);
      expect(after.get(WEST)?.length).toBeGreaterThan(2);
    }),
  );

  it(
    'refuses a metric that does not exist',
    onBench({}, async ({ send }) => {
      const sent = await send(
        'GET',
        `${EAST}/providers/Microsoft.Insights/metrics?metricnames=nonsense`,
      );
      expect(sent).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
    }),
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'bounds the true loss: last sample plus its age (seed %d)',
    async (seed) => {
      await onBench({ clientSeconds: 1, seed }, async (bench) => {
        await bench.wait(200 + bench.simulator.world.between(0, 120));
        const died = bench.clock.now();
        bench.simulator.control.outage('eastus', 'data');
        const last = (await batch(bench, [EAST])).get(EAST)?.at(-1);
        await bench.send(
          'POST',
          `${SQL}/sql-cafe-west/failoverGroups/failovergroup-cafe/forceFailoverAllowDataLoss`,
        );
        await bench.wait(30);
        const { firstLostAt } = bench.simulator.control.cafe();
        const lost = firstLostAt === null ? 0 : (died - Date.parse(firstLostAt)) / 1000;
        const bound = (last?.lag ?? Number.NaN) + (died - (last?.at ?? 0)) / 1000;
        expect(lost).toBeLessThanOrEqual(bound);
      })();
    },
  );
});
