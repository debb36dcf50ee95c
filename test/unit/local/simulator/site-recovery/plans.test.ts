import { describe, expect, it } from 'vitest';
import type { Bench } from '../bench.ts';
import { onBench } from '../bench.ts';
import {
  EAST_GROUP,
  failOver,
  failoverPlanBody,
  getItem,
  getJob,
  getPlan,
  GROUP,
  itemPath,
  jobNameOf,
  PLAN,
  post,
  power,
  protection,
  untilDone,
  V,
  VAULT,
  vaultClient,
  WEST_GROUP,
} from './vault.ts';

const MACHINES = ['dmgr', 'ihs', 'app1', 'app2', 'app3'];

function stages(bench: Bench): readonly string[] {
  return MACHINES.map((machine) => protection(bench, machine).stage);
}

function powers(bench: Bench, group: string): readonly (string | null)[] {
  return MACHINES.map((machine) => power(bench, group, machine));
}

async function failOverPlan(bench: Bench): Promise<{ job: string; seconds: number }> {
  const sent = await post(bench, `${PLAN}/unplannedFailover`, failoverPlanBody('Required'));
  expect(sent.status).toBe(202);
  return { job: jobNameOf(sent), seconds: await untilDone(bench, sent) };
}

describe('a recovery plan at rest, through the SDK', () => {
  it(
    'has an empty Shutdown and Failover group in front, and GUIDs for its machines',
    onBench({}, async (bench) => {
      const plan = await getPlan(bench);
      expect(plan).toMatchObject({
        friendlyName: 'recovery-plan-cafe',
        primaryFabricId: `${V}/replicationFabrics/asr-eastus`,
        recoveryFabricId: `${V}/replicationFabrics/asr-westus`,
        failoverDeploymentModel: 'ResourceManager',
        replicationProviders: ['A2A'],
        allowedOperations: ['UnplannedFailover', 'TestFailover'],
        currentScenario: { scenarioName: 'None' },
        providerSpecificDetails: [],
      });
      expect(plan.groups?.map(({ groupType }) => groupType)).toEqual([
        'Shutdown',
        'Failover',
        'Boot',
      ]);
      expect(plan.groups?.[2]?.replicationProtectedItems?.map(({ id }) => id)).toEqual(
        MACHINES.map((machine) => itemPath(machine)),
      );
      for (const { virtualMachineId } of plan.groups?.[2]?.replicationProtectedItems ?? []) {
        expect(virtualMachineId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      }
    }),
  );

  it(
    'has no groups in a list',
    onBench({}, async (bench) => {
      const { body } = await bench.send('GET', `${V}/replicationRecoveryPlans`);
      expect(body).toMatchObject({
        value: [
          { name: 'recovery-plan-cafe', properties: { groups: [], currentScenarioStatus: null } },
        ],
      });
    }),
  );

  it(
    'is written as a long-running operation, with boot groups that keep their order',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const boot = (...machines: readonly string[]): unknown => ({
        groupType: 'Boot',
        replicationProtectedItems: machines.map((machine) => ({ id: itemPath(machine) })),
      });
      const body = {
        properties: {
          failoverDeploymentModel: 'ResourceManager',
          primaryFabricId: `${V}/replicationFabrics/asr-eastus`,
          recoveryFabricId: `${V}/replicationFabrics/asr-westus`,
          groups: [boot('dmgr'), boot('ihs', 'app1')],
        },
      };
      const sent = await bench.send('PUT', `${V}/replicationRecoveryPlans/ordered`, { body });
      expect(sent.status).toBe(202);
      expect(await untilDone(bench, sent)).toBeLessThanOrEqual(2);
      const failover = await post(
        bench,
        `${V}/replicationRecoveryPlans/ordered/unplannedFailover`,
        failoverPlanBody('NotRequired'),
      );
      await untilDone(bench, failover);
      const job = await getJob(bench, jobNameOf(failover));
      const [first, second] = ['Group1', 'Group2'].map((wanted) =>
        job.tasks?.find(({ name }) => name === wanted),
      );
      expect(second?.startTime?.getTime()).toBeGreaterThanOrEqual(first?.endTime?.getTime() ?? 0);
      expect(powers(bench, WEST_GROUP)).toEqual(['running', 'running', 'running', null, null]);
    }),
  );

  it.each([
    ['an item', { groups: [{ groupType: 'Boot', replicationProtectedItems: [{ id: 'nobody' }] }] }],
    ['a fabric', { recoveryFabricId: `${V}/replicationFabrics/asr-mars` }],
  ])('is refused when it names %s that does not exist', (_what, wrong) =>
    onBench({}, async (bench) => {
      const right = {
        primaryFabricId: `${V}/replicationFabrics/asr-eastus`,
        recoveryFabricId: `${V}/replicationFabrics/asr-westus`,
        groups: [],
      };
      const { status, body } = await bench.send('PUT', `${V}/replicationRecoveryPlans/bad`, {
        body: { properties: { ...right, ...wrong } },
      });
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toContain('does not exist');
    })(),
  );
});

describe('a failover by plan', () => {
  it(
    'moves all machines in parallel, in about the time that was recorded',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { job, seconds } = await failOverPlan(bench);
      // Recorded 203 = shutdown 64 + failover 95 + boot 40 + checks, for one machine.
      expect(seconds).toBeGreaterThanOrEqual(183);
      expect(seconds).toBeLessThanOrEqual(229);
      expect(powers(bench, EAST_GROUP)).toEqual(MACHINES.map(() => 'deallocated'));
      expect(powers(bench, WEST_GROUP)).toEqual(MACHINES.map(() => 'running'));
      const { tasks, ...rest } = await getJob(bench, job);
      expect(rest).toMatchObject({
        scenarioName: 'UnplannedFailover',
        state: 'Succeeded',
        stateDescription: 'Completed',
        targetInstanceType: 'RecoveryPlan',
      });
      expect(tasks?.map(({ name }) => name)).toEqual([
        'RpSrsPrerequisitesCheck',
        'ShutdownAllActionGroup',
        'FailoverAllActionGroup',
        'Group1',
        'EndRecoveryPlanTask',
      ]);
      expect(await getPlan(bench)).toMatchObject({
        allowedOperations: ['Commit'],
        currentScenarioStatus: 'Succeeded',
        currentScenarioStatusDescription: 'Completed',
        lastUnplannedFailoverTime: expect.any(Date) as Date,
      });
    }),
  );

  it(
    'is refused with an object where an array belongs, and with the other direction',
    onBench({}, async (bench) => {
      const details = { instanceType: 'A2A', recoveryPointType: 'Latest' };
      const good = {
        failoverDirection: 'PrimaryToRecovery',
        sourceSiteOperations: 'Required',
        providerSpecificDetails: [details],
      };
      for (const properties of [
        { ...good, providerSpecificDetails: details },
        { ...good, failoverDirection: 'RecoveryToPrimary' },
      ]) {
        const { status } = await post(bench, `${PLAN}/unplannedFailover`, { properties });
        expect(status).toBe(400);
      }
      expect(stages(bench)).toEqual(MACHINES.map(() => 'protected'));
    }),
  );

  it(
    'shows on the plan and on every item while it runs, and refuses another',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const sent = await post(bench, `${PLAN}/unplannedFailover`, failoverPlanBody('Required'));
      await bench.wait(30);
      const scenario = {
        scenarioName: 'UnplannedFailover',
        jobId: `${V}/replicationJobs/${jobNameOf(sent)}`,
      };
      expect((await getPlan(bench)).currentScenario).toMatchObject(scenario);
      expect((await getItem(bench, 'app2')).currentScenario).toMatchObject(scenario);
      const second = await post(bench, `${PLAN}/unplannedFailover`, failoverPlanBody('Required'));
      expect(second.status).toBe(400);
    }),
  );

  it(
    'that fails for one machine moves the others, and the rest can follow by item',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: 'app2',
        kind: 'fail-operation',
        times: 1,
        code: '150153',
      });
      const { job } = await failOverPlan(bench);
      expect(await getJob(bench, job)).toMatchObject({
        state: 'Failed',
        errors: [{ serviceErrorDetails: { code: '150153' } }],
      });
      expect(stages(bench)).toEqual([
        'commit-pending',
        'commit-pending',
        'commit-pending',
        'protected',
        'commit-pending',
      ]);
      expect((await getPlan(bench)).allowedOperations).toEqual(['Commit']);
      await failOver(bench, 'app2', 'NotRequired');
      expect(new Set(stages(bench))).toEqual(new Set(['commit-pending']));
    }),
  );

  it(
    'that fails for all moves none',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: 'recovery-plan-cafe',
        kind: 'fail-operation',
        times: 1,
      });
      const { job } = await failOverPlan(bench);
      const { state, tasks } = await getJob(bench, job);
      expect(state).toBe('Failed');
      expect(tasks?.map((task) => task.state)).toEqual([
        'Succeeded',
        'Succeeded',
        'Failed',
        'NotStarted',
        'NotStarted',
      ]);
      expect(stages(bench)).toEqual(MACHINES.map(() => 'protected'));
      expect((await getPlan(bench)).currentScenarioStatus).toBe('Failed');
    }),
  );

  it(
    'is slower by the factor of its fault',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: 'recovery-plan-cafe',
        kind: 'slow-operation',
        times: 1,
        factor: 10,
      });
      const { seconds } = await failOverPlan(bench);
      expect(seconds).toBeGreaterThan(850);
    }),
  );

  it('is the same for the same seed and differs for another', async () => {
    const seconds: number[] = [];
    for (const seed of [1, 1, 2]) {
      await onBench({ clientSeconds: 0, seed }, async (bench) => {
        await failOverPlan(bench);
        seconds.push(Date.parse(protection(bench, 'ihs').recoveredUpTo ?? ''));
      })();
    }
    expect(seconds[0]).toBe(seconds[1]);
    expect(seconds[0]).not.toBe(seconds[2]);
  });

  it(
    'loses its reply without losing its effect',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: 'recovery-plan-cafe',
        kind: 'lose-reply',
        times: 1,
      });
      const path = `${PLAN}/unplannedFailover`;
      const body = failoverPlanBody('Required');
      await expect(bench.send('POST', path, { body, timeout: 5000 })).rejects.toThrow();
      await bench.wait(300);
      expect(stages(bench)).toEqual(MACHINES.map(() => 'commit-pending'));
      expect(bench.simulator.journal.mutations()).toHaveLength(1);
    }),
  );
});

describe('a plan’s other operations', () => {
  it(
    'commit all its machines, then allow the way back',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await failOverPlan(bench);
      const plans = vaultClient(bench).replicationRecoveryPlans;
      const poller = await plans.beginFailoverCommit(VAULT, GROUP, 'recovery-plan-cafe');
      await bench.wait(10);
      await poller.poll();
      expect(poller.isDone()).toBe(true);
      expect(stages(bench)).toEqual(MACHINES.map(() => 'committed'));
      expect((await getPlan(bench)).allowedOperations).toEqual(['ReverseReplicate']);
    }),
  );

  it(
    'test and clean up: suspended in between',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const properties = {
        failoverDirection: 'PrimaryToRecovery',
        networkType: 'VmNetworkAsInput',
        networkId: `${WEST_GROUP}/providers/Microsoft.Network/virtualNetworks/test-vnet`,
        providerSpecificDetails: [{ instanceType: 'A2A', recoveryPointType: 'LatestProcessed' }],
      };
      const test = await post(bench, `${PLAN}/testFailover`, { properties });
      await untilDone(bench, test);
      expect(await getPlan(bench)).toMatchObject({
        allowedOperations: ['TestFailoverCleanup'],
        currentScenarioStatus: 'Suspended',
        currentScenarioStatusDescription: 'WaitingForStopTestFailover',
      });
      expect(await getJob(bench, jobNameOf(test))).toMatchObject({
        customDetails: {
          instanceType: 'TestFailoverJobDetails',
          networkName: 'test-vnet',
          protectedItemDetails: MACHINES.map((machine) => ({ testVmName: `${machine}-test` })),
        },
      });
      const names = MACHINES.map((machine) => `${machine}-test`);
      expect(names.map((name) => power(bench, WEST_GROUP, name))).toEqual(
        names.map(() => 'running'),
      );
      await untilDone(
        bench,
        await post(bench, `${PLAN}/testFailoverCleanup`, { properties: { comments: '' } }),
      );
      expect(names.map((name) => power(bench, WEST_GROUP, name))).toEqual(names.map(() => null));
      expect((await getPlan(bench)).allowedOperations).toEqual([
        'UnplannedFailover',
        'TestFailover',
      ]);
    }),
  );
});
