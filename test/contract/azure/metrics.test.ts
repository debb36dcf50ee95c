import { describe, expect, it } from 'vitest';
import type { Metric, Reading } from '../../../src/azure/access.ts';
import { COMPONENT, onSimulator, PROFILE, SQL_EAST, type Bench } from './bench.ts';

const ENDPOINT: Metric = {
  namespace: 'Microsoft.Network/trafficManagerProfiles',
  name: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
  aggregation: 'Minimum',
  filter: "EndpointName eq 'myPrimaryEndpoint'",
};
const AVAILABILITY: Metric = {
  namespace: 'microsoft.insights/components',
  name: 'availabilityResults/availabilityPercentage',
  aggregation: 'Average',
};

async function read({ azure }: Bench, id: string, metric: Metric): Promise<Reading | undefined> {
  return (await azure.metrics.readings([id], metric)).get(id);
}

describe("Traffic Manager's endpoint status as a metric", () => {
  it(
    'is 1 while the endpoint answers and 0 some minutes after it stopped',
    onSimulator(async (bench) => {
      await bench.clock.sleep(300_000);
      expect(await read(bench, PROFILE, ENDPOINT)).toMatchObject({ is: 'sample', value: 1 });
      bench.simulator.control.outage('eastus', 'data');
      await bench.clock.sleep(240_000);
      expect(await read(bench, PROFILE, ENDPOINT)).toMatchObject({ is: 'sample', value: 0 });
    }),
  );

  it(
    'comes from the batch service once the region, which is none, is known',
    onSimulator(async (bench) => {
      await bench.clock.sleep(300_000);
      await read(bench, PROFILE, ENDPOINT);
      expect(await read(bench, PROFILE, ENDPOINT)).toMatchObject({ value: 1 });
      const doors = bench.simulator.journal.entries().map(({ door }) => door);
      expect(doors).toEqual(['resource-manager', 'metrics']);
    }),
  );

  it(
    'is folded over its endpoints without a filter, and not guessed when a filter splits it',
    onSimulator(async (bench) => {
      await bench.clock.sleep(300_000);
      const { namespace, name } = ENDPOINT;
      const all = { namespace, name, aggregation: 'Minimum' } as const;
      expect(await read(bench, PROFILE, all)).toMatchObject({ is: 'sample', value: 0 });
      expect(await read(bench, PROFILE, { ...all, filter: "EndpointName eq '*'" })).toMatchObject({
        is: 'unread',
        error: { code: 'AmbiguousMetric' },
      });
    }),
  );

  it.each([
    ['a profile that does not exist', `${PROFILE}-none`, ENDPOINT, 'ResourceNotFound'],
    [
      'a dimension that it has not',
      PROFILE,
      { ...ENDPOINT, filter: "Colour eq 'x'" },
      'BadRequest',
    ],
    ['a metric of another type', SQL_EAST, ENDPOINT, 'BadRequest'],
  ])('is refused for %s', (_name, id, metric, code) =>
    onSimulator(async (bench) => {
      expect(await read(bench, id, metric)).toMatchObject({ is: 'unread', error: { code } });
    })(),
  );
});

describe('the availability that web tests measure', () => {
  it(
    'is 100 while the café answers, and falls when it does not',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      expect(await read(bench, COMPONENT, AVAILABILITY)).toMatchObject({ value: 100 });
      bench.simulator.control.outage('eastus', 'application');
      await bench.clock.sleep(300_000);
      expect(await read(bench, COMPONENT, AVAILABILITY)).toMatchObject({ value: 0 });
    }),
  );

  it(
    'falls silent with the region that measures, which tells nothing of the café',
    onSimulator(async (bench) => {
      await bench.clock.sleep(300_000);
      bench.simulator.control.outage('centralus', 'data');
      await bench.clock.sleep(1_200_000);
      expect(await read(bench, COMPONENT, AVAILABILITY)).toEqual({ is: 'silent' });
    }),
  );

  it(
    'can be asked of one location',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      const filter =
        "availabilityResult/name eq 'cafe-availability' and availabilityResult/location eq 'us-va-ash-azr'";
      const count = { ...AVAILABILITY, aggregation: 'Count', filter } as const;
      expect(await read(bench, COMPONENT, count)).toMatchObject({ is: 'sample', value: 1 });
    }),
  );
});
