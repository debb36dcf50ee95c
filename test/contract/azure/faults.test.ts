import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../local/simulator/service.ts';
import type { AzureError } from '../../../src/azure/errors.ts';
import {
  FAILOVER_GROUP,
  follow,
  MACHINE,
  onSimulator,
  SQL_EAST,
  SQL_WEST,
  type Bench,
} from './bench.ts';

const never = new AbortController().signal;

function fault(bench: Bench, given: Partial<Fault> & Pick<Fault, 'kind'>): void {
  bench.simulator.control.fault({ operation: 'sql/failover', resource: '', times: 1, ...given });
}

function failover({ azure }: Bench): Promise<unknown> {
  return azure.sql.failover(SQL_WEST, FAILOVER_GROUP, never);
}

describe('a change that meets a fault', () => {
  const faults: readonly [
    string,
    Partial<Fault> & Pick<Fault, 'kind'>,
    Partial<AzureError>,
    effects: number,
  ][] = [
    [
      'its reply is lost: it has had its effect',
      { kind: 'lose-reply' },
      { effect: 'lost', code: 'NoAnswer' },
      1,
    ],
    [
      'its connection breaks: it has had none, which cannot be known',
      { kind: 'fail-before' },
      { effect: 'lost', code: 'ECONNRESET' },
      0,
    ],
    ['a server breaks', { kind: 'respond', status: 500 }, { effect: 'lost', status: 500 }, 0],
    [
      'it is throttled',
      {
        kind: 'respond',
        status: 429,
        code: 'SubscriptionRequestsThrottled',
        retryAfterSeconds: 11,
      },
      { effect: 'throttled', retryAfterSeconds: 11 },
      0,
    ],
    [
      'a lock answers like throttling',
      { kind: 'respond', status: 429, code: 'RetryableErrorDueToAnotherOperation' },
      { effect: 'refused', transient: true },
      0,
    ],
    [
      'its group is busy',
      { kind: 'respond', status: 409, code: 'FailoverGroupBusy' },
      { effect: 'refused', transient: true },
      0,
    ],
    [
      'it is forbidden',
      { kind: 'respond', status: 403, code: 'AuthorizationFailed' },
      { effect: 'refused', transient: false },
      0,
    ],
  ];
  it.each(faults)('%s; one request has left', (_name, given, meaning, effects) =>
    onSimulator(async (bench) => {
      fault(bench, given);
      await expect(failover(bench)).rejects.toMatchObject({ name: 'AzureError', ...meaning });
      await bench.clock.sleep(5 * 60_000);
      expect(bench.changes()).toEqual(['POST failovergroup-cafe/failover']);
      expect(bench.simulator.journal.mutations()).toHaveLength(effects);
      const view = await bench.azure.sql.get(SQL_WEST, FAILOVER_GROUP);
      expect(view?.role).toBe(effects === 1 ? 'Primary' : 'Secondary');
    })(),
  );

  it(
    'sent to the primary, it is refused for good',
    onSimulator(async ({ azure }) => {
      await expect(azure.sql.failover(SQL_EAST, FAILOVER_GROUP, never)).rejects.toMatchObject({
        effect: 'refused',
        transient: false,
        code: 'FailoverGroupFailoverRequestOnPrimary',
      });
    }),
  );

  it(
    'its operation fails later, with a code',
    onSimulator(async (bench) => {
      fault(bench, { kind: 'fail-operation', code: 'OperationTimedOut', message: 'Rolled back.' });
      const { end } = await follow(
        bench,
        await bench.azure.sql.failover(SQL_WEST, FAILOVER_GROUP, never),
      );
      expect(end).toMatchObject({
        is: 'failed',
        code: 'OperationTimedOut',
        message: 'Rolled back.',
      });
    }),
  );
});

describe('a region without its control plane', () => {
  it(
    'is asked for a good while, then given up',
    onSimulator(async ({ azure, simulator, clock }) => {
      simulator.control.outage('eastus', 'control');
      const startedAt = clock.now();
      await expect(azure.machines.get(MACHINE)).rejects.toMatchObject({
        effect: 'lost',
        transient: true,
      });
      expect(clock.now() - startedAt).toBeLessThan(65_000);
      expect(simulator.journal.entries()).toHaveLength(4);
    }),
  );

  it(
    'is read again when it comes back in time',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.outage('eastus', 'control');
      simulator.control.outageAfter(1, 'eastus', 'none');
      expect(await azure.machines.get(MACHINE)).toMatchObject({ power: 'running' });
    }),
  );

  it(
    'leaves the other region alone',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.outage('eastus', 'control');
      expect(await azure.sql.get(SQL_WEST, FAILOVER_GROUP)).toMatchObject({ role: 'Secondary' });
    }),
  );
});

describe('very many reads', () => {
  it(
    'are spaced before Azure throttles: all are answered, none with 429',
    onSimulator(async ({ azure, simulator, clock }) => {
      const startedAt = clock.now();
      for (let wave = 0; wave < 40; wave++) {
        await Promise.all(Array.from({ length: 10 }, () => azure.machines.get(MACHINE)));
      }
      const statuses = simulator.journal.entries().map(({ status }) => status);
      expect(statuses).toHaveLength(400);
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(clock.now() - startedAt).toBeLessThan(60_000);
    }),
  );

  it(
    'of a large plan are answered within the patience of its checks, also after others have asked as much',
    onSimulator(async ({ azure, clock }) => {
      const readAtOnce = (count: number): Promise<unknown[]> =>
        Promise.all(Array.from({ length: count }, () => azure.machines.get(MACHINE)));
      await readAtOnce(240);
      const startedAt = clock.now();
      await readAtOnce(1);
      await readAtOnce(60);
      expect(clock.now() - startedAt).toBeLessThan(20_000);
    }),
  );
});
