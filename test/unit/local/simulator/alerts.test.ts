import { describe, expect, it } from 'vitest';
import { alertRule } from '../../../../local/simulator/alerts/rules.ts';
import { anyText, EAST, onBench, ROOT, SQL, START, textLike, type Bench } from './bench.ts';

const URL_OF_APP = 'https://app.example/api/alerts';
const PROFILE = `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`;

interface Call {
  /** Seconds since the start. */
  readonly at: number;
  readonly url: string;
  readonly body: {
    readonly schemaId: string;
    readonly data: {
      readonly essentials: Readonly<Record<string, unknown>>;
      readonly alertContext: Readonly<Record<string, unknown>>;
    };
  };
}

/** Runs a test whose app takes alerts, and answers them as told (200 when nothing is left to tell). */
function onAlerts(
  work: (bench: Bench, calls: readonly Call[]) => Promise<void>,
  answers: (number | null)[] = [],
): () => Promise<void> {
  const calls: Call[] = [];
  let bench: Bench | undefined;
  const webhook = async (url: string, body: string): Promise<number | null> => {
    const at = ((bench?.clock.now() ?? 0) - START) / 1000;
    calls.push({ at, url, body: JSON.parse(body) as Call['body'] });
    return Promise.resolve(answers.length === 0 ? 200 : (answers.shift() ?? null));
  };
  return onBench({ webhook }, async (opened) => {
    bench = opened;
    opened.simulator.control.alerts.receivers([URL_OF_APP]);
    await work(opened, calls);
    opened.simulator.stop();
  });
}

function named(calls: readonly Call[], rule: string): readonly Call[] {
  return calls.filter(({ body }) => body.data.essentials['alertRule'] === rule);
}

describe('alerts of the café', () => {
  it(
    'are silent while all is well',
    onAlerts(async (bench, calls) => {
      await bench.wait(1800);
      expect(calls).toEqual([]);
    }),
  );

  it(
    'fire some minutes after the region dies, once each, in the common schema',
    onAlerts(async (bench, calls) => {
      await bench.wait(600);
      bench.simulator.control.outage('eastus', 'data');
      await bench.wait(900);
      const rules = calls.map(({ body }) => body.data.essentials['alertRule']);
      expect(rules.toSorted()).toEqual([
        'cafe-database-health',
        'cafe-primary-endpoint-down',
        'cafe-unavailable',
      ]);
      expect(calls.every(({ at }) => at > 600 + 60 && at < 600 + 600)).toBe(true);
      for (const { url, body } of calls) {
        expect(url).toBe(URL_OF_APP);
        expect(body).toMatchObject({
          schemaId: 'azureMonitorCommonAlertSchema',
          data: { essentials: { monitorCondition: 'Fired', essentialsVersion: '1.0' } },
        });
      }
    }),
  );

  it(
    'say what a metric was, and end when it was well three times in a row, under the same id',
    onAlerts(async (bench, calls) => {
      await bench.wait(600);
      bench.simulator.control.outage('eastus', 'application');
      await bench.wait(600);
      bench.simulator.control.outage('eastus', 'none');
      await bench.wait(900);
      const [fired, resolved, ...more] = named(calls, 'cafe-primary-endpoint-down');
      expect(more).toEqual([]);
      expect(fired?.body.data).toMatchObject({
        essentials: {
          alertId: textLike(
            /^\/subscriptions\/[^/]+\/providers\/Microsoft\.AlertsManagement\/alerts\//,
          ),
          severity: 'Sev1',
          signalType: 'Metric',
          monitoringService: 'Platform',
          alertTargetIDs: [PROFILE.toLowerCase()],
          configurationItems: ['websphere-cafe'],
          firedDateTime: anyText,
        },
        alertContext: {
          conditionType: 'SingleResourceMultipleMetricCriteria',
          condition: {
            windowSize: 'PT1M',
            allOf: [
              {
                metricName: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
                operator: 'LessThan',
                threshold: '1',
                dimensions: [{ name: 'EndpointName', value: 'myPrimaryEndpoint' }],
                metricValue: 0,
              },
            ],
          },
        },
      });
      expect(resolved?.body.data.essentials).toMatchObject({
        monitorCondition: 'Resolved',
        alertId: fired?.body.data.essentials['alertId'],
        firedDateTime: fired?.body.data.essentials['firedDateTime'],
        resolvedDateTime: anyText,
      });
      expect((resolved?.at ?? 0) - 1200).toBeGreaterThan(180);
    }),
  );

  it(
    'count the locations from which the web test fails',
    onAlerts(async (bench, calls) => {
      await bench.wait(600);
      bench.simulator.control.outage('eastus', 'application');
      await bench.wait(600);
      expect(named(calls, 'cafe-unavailable')[0]?.body.data.alertContext).toMatchObject({
        conditionType: 'WebtestLocationAvailabilityCriteria',
        condition: {
          allOf: [
            { metricName: 'Failed Location', metricValue: 2, webTestName: 'cafe-availability' },
          ],
        },
      });
    }),
  );

  it(
    'tell both ways of health as events of their own',
    onAlerts(async (bench, calls) => {
      await bench.wait(60);
      bench.simulator.control.outage('eastus', 'data');
      await bench.wait(600);
      bench.simulator.control.outage('eastus', 'none');
      await bench.wait(600);
      const told = named(calls, 'cafe-database-health');
      expect(told.map(({ body }) => body.data.alertContext)).toMatchObject([
        {
          status: 'Active',
          properties: {
            currentHealthStatus: 'Unavailable',
            previousHealthStatus: 'Available',
            cause: 'PlatformInitiated',
          },
        },
        { status: 'Resolved', properties: { currentHealthStatus: 'Available' } },
      ]);
      expect(told[0]?.body.data.essentials).toMatchObject({
        severity: 'Sev4',
        alertTargetIDs: [`${SQL}/sql-cafe-east/databases/cafe`.toLowerCase()],
      });
    }),
  );

  it(
    'tell of operations that were asked of Resource Manager',
    onAlerts(async (bench, calls) => {
      bench.simulator.control.alerts.addRule(
        alertRule.parse({
          kind: 'activity',
          name: 'somebody-stops-machines',
          scope: `${ROOT}/was-cluster-eastus`,
          operation: 'Microsoft.Compute/virtualMachines/deallocate/action',
        }),
      );
      const machine = `${EAST}/Microsoft.Compute/virtualMachines/ihs`;
      await bench.send('POST', `${machine}/deallocate`);
      await bench.wait(60);
      expect(named(calls, 'somebody-stops-machines')[0]?.body.data).toMatchObject({
        essentials: { signalType: 'Activity Log', alertTargetIDs: [machine.toLowerCase()] },
        alertContext: {
          eventSource: 'Administrative',
          operationName: 'Microsoft.Compute/virtualMachines/deallocate/action',
        },
      });
    }),
  );

  it(
    'do not fire for want of data',
    onAlerts(async (bench, calls) => {
      await bench.wait(600);
      bench.simulator.control.outage('centralus', 'data');
      await bench.wait(3600);
      expect(calls).toEqual([]);
    }),
  );
});

describe('an action group', () => {
  /** One alert, of a database that fails. */
  async function failing(bench: Bench): Promise<void> {
    const { alerts } = bench.simulator.control;
    alerts.clear();
    alerts.addRule(
      alertRule.parse({ kind: 'resource-health', name: 'cafe-database-health', scope: SQL }),
    );
    alerts.receivers([URL_OF_APP]);
    bench.simulator.control.outage('eastus', 'data');
    await bench.wait(400);
  }

  const gaps = (calls: readonly Call[]): number[] =>
    calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));

  it(
    'calls again after what may pass, with growing pauses, the same message',
    onAlerts(
      async (bench, calls) => {
        await failing(bench);
        const own = named(calls, 'cafe-database-health');
        expect(gaps(own)).toEqual([5, 20, 5, 40, 5]);
        expect(new Set(own.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      },
      [503, null, 429, 408, 504, 200],
    ),
  );

  it(
    'leaves a receiver alone for a quarter of an hour after six failures',
    onAlerts(
      async (bench, calls) => {
        await failing(bench);
        expect(named(calls, 'cafe-database-health')).toHaveLength(6);
        const until = (calls.at(-1)?.at ?? 0) + 900;
        bench.simulator.control.outage('eastus', 'none');
        await bench.wait(400);
        expect(calls.some(({ at }) => at > until - 900 && at < until)).toBe(false);
        const [told] = bench.simulator.control.alerts.notifications().slice(-1);
        expect(told?.deliveries).toEqual([]);
      },
      Array.from({ length: 6 }, () => 503),
    ),
  );

  it(
    'takes a refusal for an answer',
    onAlerts(
      async (bench, calls) => {
        await failing(bench);
        expect(named(calls, 'cafe-database-health')).toHaveLength(1);
      },
      [401],
    ),
  );
});
