import { describe, expect, it } from 'vitest';
import type { Bench, Sent } from '../bench.ts';
import { onBench } from '../bench.ts';
import {
  commit,
  EAST_CONTAINER,
  EAST_GROUP,
  failOver,
  failoverItemBody,
  getJob,
  getPlan,
  itemPath,
  jobNameOf,
  machinePath,
  PLAN,
  post,
  power,
  protection,
  untilDone,
  V,
  WEST_CONTAINER,
  WEST_GROUP,
} from './vault.ts';

const MOVED = itemPath('ihs', WEST_CONTAINER);

function switchBody(recoveryContainerId = EAST_CONTAINER): unknown {
  return {
    properties: {
      replicationProtectedItemName: 'ihs-item',
      providerSpecificDetails: {
        instanceType: 'A2A',
        policyId: `${V}/replicationPolicies/24-hour-retention-policy`,
        recoveryContainerId,
        recoveryResourceGroupId: EAST_GROUP,
        vmDisks: [],
        vmManagedDisks: [{ diskId: `${WEST_GROUP}/providers/Microsoft.Compute/disks/ihs-os` }],
      },
    },
  };
}

async function reprotect(bench: Bench): Promise<Sent> {
  return post(bench, `${EAST_CONTAINER}/switchprotection`, switchBody());
}

async function moveAway(bench: Bench): Promise<void> {
  await failOver(bench, 'ihs');
  await commit(bench, 'ihs');
}

describe('protecting the other way', () => {
  it(
    'needs a committed failover',
    onBench({ clientSeconds: 0 }, async (bench) => {
      expect((await reprotect(bench)).status).toBe(400);
      await failOver(bench, 'ihs');
      expect((await reprotect(bench)).status).toBe(400);
      await commit(bench, 'ihs');
      expect((await reprotect(bench)).status).toBe(202);
    }),
  );

  it(
    'moves the item to the other container, and the job tells its new id',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await moveAway(bench);
      const sent = await reprotect(bench);
      expect(sent.headers.get('location')).toContain(
        `${EAST_CONTAINER.slice(60)}/operationresults/`,
      );
      const seconds = await untilDone(bench, sent);
      // Recorded 505 and 542.
      expect(seconds).toBeGreaterThanOrEqual(500);
      expect(seconds).toBeLessThanOrEqual(550);
      const job = await getJob(bench, jobNameOf(sent));
      expect(job).toMatchObject({
        scenarioName: 'SwitchReplicationGroupProtection',
        friendlyName: 'Reprotect',
        state: 'Succeeded',
        customDetails: {
          instanceType: 'SwitchProtectionJobDetails',
          newReplicationProtectedItemId: MOVED,
        },
      });
      expect(job.tasks?.map(({ name, state }) => `${name}: ${state}`)).toContain(
        'CommitFailoverTask: Other',
      );
      expect((await bench.send('GET', itemPath('ihs'))).status).toBe(404);
      expect((await bench.send('GET', MOVED)).body).toMatchObject({
        id: MOVED,
        properties: {
          activeLocation: 'Primary',
          protectionState: 'InitialReplicationInProgress',
          allowedOperations: ['DisableProtection'],
          primaryFabricFriendlyName: 'westus',
          recoveryFabricFriendlyName: 'eastus',
          providerSpecificDetails: {
            fabricObjectId: machinePath(WEST_GROUP, 'ihs').toLowerCase(),
            primaryFabricLocation: 'westus',
            initialPrimaryFabricLocation: 'eastus',
            rpoInSeconds: null,
            recoveryAzureResourceGroupId: EAST_GROUP,
          },
        },
      });
    }),
  );

  it(
    'is through long before the item is protected again',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await moveAway(bench);
      const began = bench.clock.now();
      await untilDone(bench, await reprotect(bench));
      const seen = new Map<string, number>();
      while (!seen.has('Protected')) {
        const { body } = await bench.send('GET', MOVED);
        const state = /"protectionState":"(\w+)"/.exec(JSON.stringify(body))?.[1] ?? '';
        if (!seen.has(state)) seen.set(state, (bench.clock.now() - began) / 60_000);
        await bench.wait(30);
      }
      expect([...seen.keys()]).toEqual([
        'InitialReplicationInProgress',
        'InitialReplicationRecoveryCompletionPending',
        'Protected',
      ]);
      expect(seen.get('Protected')).toBeGreaterThanOrEqual(47);
      expect(seen.get('Protected')).toBeLessThanOrEqual(52);
    }),
  );

  it(
    'refuses containers that no mapping joins',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await moveAway(bench);
      const path = `${EAST_CONTAINER}/switchprotection`;
      expect((await post(bench, path, switchBody(WEST_CONTAINER))).status).toBe(400);
    }),
  );

  it(
    'fails when the old machine was deleted',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await moveAway(bench);
      bench.simulator.machines.remove(machinePath(EAST_GROUP, 'ihs'));
      const sent = await reprotect(bench);
      await untilDone(bench, sent);
      expect(JSON.stringify(await getJob(bench, jobNameOf(sent)))).toContain(
        'The VM might have been deleted.',
      );
      expect(protection(bench, 'ihs').stage).toBe('committed');
    }),
  );

  it(
    'allows the failover back, which is an unplanned one from the other container',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await moveAway(bench);
      await untilDone(bench, await reprotect(bench));
      await bench.wait(3600);
      const sent = await post(bench, `${MOVED}/unplannedFailover`, failoverItemBody('Required'));
      await untilDone(bench, sent);
      expect(power(bench, EAST_GROUP, 'ihs')).toBe('running');
      expect(power(bench, WEST_GROUP, 'ihs')).toBe('deallocated');
      const interfaces = bench.simulator.networks
        .interfacesInGroup(EAST_GROUP)
        .filter(({ machineId }) => machineId === machinePath(EAST_GROUP, 'ihs'));
      expect(interfaces).toHaveLength(1);
      expect(protection(bench, 'ihs')).toMatchObject({ itemId: MOVED, stage: 'commit-pending' });
    }),
  );

  it(
    'works for a whole plan, which then leads the other way',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const body = {
        properties: {
          failoverDirection: 'PrimaryToRecovery',
          sourceSiteOperations: 'Required',
          providerSpecificDetails: [{ instanceType: 'A2A', recoveryPointType: 'Latest' }],
        },
      };
      await untilDone(bench, await post(bench, `${PLAN}/unplannedFailover`, body));
      await untilDone(bench, await post(bench, `${PLAN}/failoverCommit`));
      await untilDone(bench, await post(bench, `${PLAN}/reProtect`));
      await bench.wait(3600);
      const plan = await getPlan(bench);
      expect(plan).toMatchObject({
        primaryFabricId: `${V}/replicationFabrics/asr-eastus`,
        recoveryFabricId: `${V}/replicationFabrics/asr-westus`,
        allowedOperations: ['UnplannedFailover', 'TestFailover'],
      });
      expect(plan.groups?.[2]?.replicationProtectedItems?.map(({ id }) => id)).toContain(MOVED);
      const back = (failoverDirection: string): Promise<Sent> =>
        post(bench, `${PLAN}/unplannedFailover`, {
          properties: { ...body.properties, failoverDirection },
        });
      expect((await back('PrimaryToRecovery')).status).toBe(400);
      await untilDone(bench, await back('RecoveryToPrimary'));
      expect(power(bench, EAST_GROUP, 'app3')).toBe('running');
      expect(power(bench, WEST_GROUP, 'app3')).toBe('deallocated');
    }),
  );
});
