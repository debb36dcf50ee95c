import { describe, expect, it } from 'vitest';
import { resourceName } from '../../../../../src/core/resource-id.ts';
import { onBench } from '../bench.ts';
import {
  commit,
  EAST_CONTAINER,
  EAST_GROUP,
  failOver,
  failoverItemBody,
  getA2A,
  getItem,
  getJob,
  GROUP,
  itemPath,
  jobNameOf,
  machinePath,
  post,
  power,
  protection,
  untilDone,
  V,
  VAULT,
  vaultClient,
  WEST_GROUP,
} from './vault.ts';

const AT_REST = {
  protectionState: 'Protected',
  protectionStateDescription: 'Protected',
  activeLocation: 'Primary',
  allowedOperations: ['UnplannedFailover', 'DisableProtection', 'TestFailover'],
};

describe('a protected item at rest, through the SDK', () => {
  it(
    'shows what was recorded',
    onBench({}, async (bench) => {
      expect(await getItem(bench, 'ihs')).toMatchObject({
        ...AT_REST,
        friendlyName: 'ihs',
        protectedItemType: '',
        primaryFabricProvider: 'AzureFabric',
        testFailoverState: 'None',
        switchProviderState: 'None',
        replicationHealth: 'Normal',
        failoverHealth: 'Warning',
        healthErrors: [{ errorCode: '161011' }],
        currentScenario: { scenarioName: 'None', startTime: new Date('1753-01-01T01:01:01Z') },
        providerSpecificDetails: {
          instanceType: 'A2A',
          fabricObjectId: machinePath(EAST_GROUP, 'ihs').toLowerCase(),
          primaryFabricLocation: 'eastus',
          recoveryFabricLocation: 'westus',
          recoveryAzureVMName: 'ihs',
          recoveryAzureResourceGroupId: WEST_GROUP,
        },
      });
    }),
  );

  it(
    'keeps its RPO near the recorded ones and reckons it every minute',
    onBench({ clientSeconds: 0 }, async (bench) => {
      for (let minute = 0; minute < 30; minute += 1) {
        await bench.wait(60);
        const details = await getA2A(bench, 'app1');
        expect(details.rpoInSeconds).toBeGreaterThanOrEqual(60);
        expect(details.rpoInSeconds).toBeLessThanOrEqual(180);
        const age = bench.clock.now() - (details.lastRpoCalculatedTime?.getTime() ?? 0);
        expect(age).toBeLessThanOrEqual(61_000);
      }
    }),
  );

  it(
    'is found in the lists of its vault and of its container',
    onBench({}, async (bench) => {
      const items = vaultClient(bench).replicationProtectedItems;
      const names: (string | undefined)[] = [];
      for await (const { name } of items.list(VAULT, GROUP)) names.push(name);
      expect(names).toEqual(['dmgr-item', 'ihs-item', 'app1-item', 'app2-item', 'app3-item']);
      const { body } = await bench.send('GET', `${EAST_CONTAINER}/replicationProtectedItems`);
      expect(body).toMatchObject({ value: [{}, {}, {}, {}, {}], nextLink: null });
    }),
  );
});

describe('recovery points', () => {
  async function times(bench: Parameters<typeof getItem>[0]): Promise<readonly number[]> {
    const points = vaultClient(bench).recoveryPoints.listByReplicationProtectedItems(
      VAULT,
      GROUP,
      'asr-eastus',
      'asr-east-container',
      'ihs-item',
    );
    const found: number[] = [];
    for await (const { properties } of points) {
      expect(properties?.recoveryPointType).toBe('CrashConsistent');
      found.push(properties?.recoveryPointTime?.getTime() ?? 0);
    }
    return found;
  }

  it(
    'are made every five minutes, listed a little later, and not sorted',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(3600);
      const listed = await times(bench);
      const sorted = listed.toSorted((left, right) => left - right);
      expect(listed).not.toEqual(sorted);
      const gaps = sorted.slice(1).map((time, index) => (time - (sorted[index] ?? 0)) / 60_000);
      expect(new Set(gaps)).toEqual(new Set([5]));
      const newest = sorted.at(-1) ?? 0;
      expect(bench.clock.now() - newest).toBeLessThanOrEqual(7 * 60_000);
    }),
  );

  it.each([
    ['the machine is off', 'machine'],
    ['the region is dead', 'region'],
  ] as const)('are not made while %s', (_what, kind) =>
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(600);
      if (kind === 'machine') {
        bench.simulator.machines.setPower(machinePath(EAST_GROUP, 'ihs'), 'deallocated');
      } else bench.simulator.control.outage('eastus', 'data');
      const stopped = bench.clock.now();
      await bench.wait(3600);
      expect(Math.max(...(await times(bench)))).toBeLessThanOrEqual(stopped);
      expect((await getA2A(bench, 'ihs')).rpoInSeconds).toBeGreaterThan(3500);
    })(),
  );

  it(
    'are kept for a day',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(30 * 3600);
      const listed = await times(bench);
      expect(listed.length).toBeGreaterThan(280);
      expect(bench.clock.now() - Math.min(...listed)).toBeLessThanOrEqual(24 * 3_600_000 + 400_000);
    }),
  );
});

describe('an unplanned failover of an item', () => {
  it(
    'answers 202 with an operation that is its job',
    onBench({}, async (bench) => {
      const sent = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('Required'),
      );
      expect(sent).toMatchObject({ status: 202, body: '' });
      const requestId = sent.headers.get('x-ms-request-id') ?? '';
      const capital = V.replace('/subscriptions', '/Subscriptions');
      expect(requestId.startsWith(`${capital}/replicationJobs/`)).toBe(true);
      const id = jobNameOf(sent);
      const poll = sent.headers.get('azure-asyncoperation') ?? '';
      expect(poll).toContain(`${capital}/replicationOperationStatus/${id}?api-version=`);
      expect(sent.headers.get('location')).toContain(`/ihs-item/operationresults/${id}?`);
      expect(sent.headers.get('retry-after')).toBe('30');
      const status = await bench.send('GET', poll);
      expect(status.headers.get('retry-after')).toBe('30');
      expect(status.body).toEqual({
        error: null,
        id: null,
        name: id,
        properties: null,
        status: 'InProgress',
        startTime: expect.stringMatching(/\.\d{7}Z$/) as string,
        endTime: null,
        percentComplete: null,
      });
      expect((await bench.send('GET', sent.headers.get('location') ?? '')).status).toBe(202);
      expect(await getJob(bench, id)).toMatchObject({
        scenarioName: 'UnplannedFailover',
        state: 'InProgress',
        allowedActions: ['Cancel'],
        targetInstanceType: 'ProtectionEntity',
        targetObjectName: 'ihs',
      });
    }),
  );

  it(
    'shows its scenario while it runs, with the old state',
    onBench({}, async (bench) => {
      const sent = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('Required'),
      );
      await bench.wait(60);
      expect(await getItem(bench, 'ihs')).toMatchObject({
        protectionState: 'Protected',
        activeLocation: 'Primary',
        currentScenario: {
          scenarioName: 'UnplannedFailover',
          jobId: `${V}/replicationJobs/${jobNameOf(sent)}`,
        },
      });
    }),
  );

  it.each([
    { source: 'Required', low: 130, high: 176, left: 'deallocated' },
    { source: 'NotRequired', low: 90, high: 115, left: 'running' },
  ] as const)(
    'with source site operations $source leaves the source $left',
    ({ source, low, high, left }) =>
      onBench({ clientSeconds: 0 }, async (bench) => {
        const sent = await post(
          bench,
          `${itemPath('ihs')}/unplannedFailover`,
          failoverItemBody(source),
        );
        const seconds = await untilDone(bench, sent);
        expect(seconds).toBeGreaterThanOrEqual(low);
        expect(seconds).toBeLessThanOrEqual(high);
        expect(power(bench, EAST_GROUP, 'ihs')).toBe(left);
        expect(power(bench, WEST_GROUP, 'ihs')).toBe('running');
        expect(await getItem(bench, 'ihs')).toMatchObject({
          protectionState: 'UnplannedFailoverCommitPendingStatesBegin',
          protectionStateDescription: 'Failover completed',
          activeLocation: 'Recovery',
          allowedOperations: ['CompleteMigration', 'Commit', 'DisableProtection', 'ChangePit'],
          currentScenario: { scenarioName: 'None' },
          providerSpecificDetails: { recoveryFabricObjectId: machinePath(WEST_GROUP, 'ihs') },
        });
      })(),
  );

  it(
    'gives the new machine an interface of a new name without a public address',
    onBench({}, async (bench) => {
      await failOver(bench, 'ihs');
      const interfaces = bench.simulator.networks.interfacesInGroup(WEST_GROUP);
      expect(interfaces).toHaveLength(1);
      expect(interfaces[0]?.id).toMatch(/\/networkInterfaces\/ihs-nic-[0-9a-f]{8}$/);
      expect(interfaces[0]).toMatchObject({
        machineId: machinePath(WEST_GROUP, 'ihs'),
        location: 'westus',
        configurations: [{ name: 'ipconfig1', publicAddressId: null }],
      });
      expect(bench.simulator.machines.get(machinePath(WEST_GROUP, 'ihs'))?.attached).toBe(true);
    }),
  );

  it(
    'loses nothing when it shuts down a source that lives, and says how much otherwise',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(600);
      const began = bench.clock.now();
      await failOver(bench, 'ihs');
      const stopped = Date.parse(protection(bench, 'ihs').recoveredUpTo ?? '');
      expect(stopped).toBeGreaterThan(began + 40_000);
      bench.simulator.control.outage('eastus', 'data');
      const died = bench.clock.now();
      await failOver(bench, 'app1', 'NotRequired');
      const loss = died - Date.parse(protection(bench, 'app1').recoveredUpTo ?? '');
      expect(loss).toBeGreaterThan(0);
      expect(loss).toBeLessThanOrEqual(180_000);
    }),
  );

  it(
    'recovers what had crossed when it began, not what the source wrote since',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(600);
      const began = bench.clock.now();
      await failOver(bench, 'ihs', 'NotRequired');
      await failOver(bench, 'app1', 'NotRequired');
      const recovered = ['ihs', 'app1'].map((machine) =>
        Date.parse(protection(bench, machine).recoveredUpTo ?? ''),
      );
      expect(recovered[0]).toBeLessThanOrEqual(began - 60_000);
      expect(recovered[1]).toBeGreaterThan(recovered[0] ?? 0);
    }),
  );

  it(
    'goes on without the shutdown when the source cannot be reached',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.outage('eastus', 'control');
      const sent = await failOver(bench, 'ihs');
      const job = await getJob(bench, jobNameOf(sent));
      expect(job.state).toBe('Succeeded');
      expect(
        job.tasks?.map(({ state, stateDescription }) => `${state} ${stateDescription}`),
      ).toEqual([
        'Succeeded Completed',
        'Other Skipped',
        'Succeeded Completed',
        'Succeeded Completed',
      ]);
      expect(power(bench, EAST_GROUP, 'ihs')).toBe('running');
      expect(power(bench, WEST_GROUP, 'ihs')).toBe('running');
    }),
  );

  it(
    'takes the recovery point that it was told, and the item names it',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { body } = await bench.send('GET', `${itemPath('ihs')}/recoveryPoints`);
      const id = /"id":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? '';
      const sent = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('NotRequired', id),
      );
      await untilDone(bench, sent);
      const named = (await getItem(bench, 'ihs')).failoverRecoveryPointId ?? '';
      expect(resourceName(named)).toBe(resourceName(id));
      // As recorded, and of no use: a GUID stands where the container's name belongs.
      expect(named).not.toContain('asr-east-container');
      expect((await getJob(bench, jobNameOf(sent))).customDetails).toMatchObject({
        instanceType: 'FailoverJobDetails',
        protectedItemDetails: [{ friendlyName: 'ihs', recoveryPointId: id }],
      });
    }),
  );

  it(
    'ends as the SDK’s own poller expects',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const items = vaultClient(bench).replicationProtectedItems;
      const poller = await items.beginUnplannedFailover(
        VAULT,
        GROUP,
        'asr-eastus',
        'asr-east-container',
        'ihs-item',
        {
          properties: {
            failoverDirection: 'PrimaryToRecovery',
            sourceSiteOperations: 'NotRequired',
            providerSpecificDetails: { instanceType: 'A2A' },
          },
        },
      );
      await bench.wait(120);
      await poller.poll();
      expect(poller.isDone()).toBe(true);
      expect(poller.getResult()?.properties?.activeLocation).toBe('Recovery');
    }),
  );
});

describe('what goes wrong with a failover', () => {
  it(
    'fails with a number as a string, in the operation and in the job, and can be tried again',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: 'ihs-item',
        kind: 'fail-operation',
        times: 1,
        code: '45005',
        message: "Protection couldn't be enabled for the virtual machine.",
      });
      const sent = await failOver(bench, 'ihs');
      const { body } = await bench.send('GET', sent.headers.get('azure-asyncoperation') ?? '');
      expect(body).toMatchObject({
        status: 'Failed',
        error: { code: '45005', details: null },
        endTime: expect.stringMatching(/\.0000000Z$/) as string,
      });
      expect(await getJob(bench, jobNameOf(sent))).toMatchObject({
        state: 'Failed',
        errors: [{ serviceErrorDetails: { code: '45005' }, errorLevel: 'Error' }],
      });
      expect(await getItem(bench, 'ihs')).toMatchObject(AT_REST);
      expect(power(bench, WEST_GROUP, 'ihs')).toBeNull();
      await failOver(bench, 'ihs');
      expect(power(bench, WEST_GROUP, 'ihs')).toBe('running');
    }),
  );

  it(
    'never ends when it is stuck, and holds the item',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.fault({
        operation: 'site-recovery/failover',
        resource: '',
        kind: 'stuck-operation',
        times: 1,
      });
      const sent = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('NotRequired'),
      );
      await bench.wait(24 * 3600);
      expect((await getJob(bench, jobNameOf(sent))).state).toBe('InProgress');
      expect(protection(bench, 'ihs').busy).toBe('UnplannedFailover');
    }),
  );

  it(
    'leaves the machine unreplicated when it is cancelled in flight',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const sent = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('Required'),
      );
      await bench.wait(20);
      const id = jobNameOf(sent);
      const cancelled = await post(bench, `${V}/replicationJobs/${id}/cancel`);
      expect(cancelled.status).toBe(202);
      await untilDone(bench, cancelled);
      expect(await getJob(bench, id)).toMatchObject({ state: 'Cancelled', allowedActions: [] });
      const { body } = await bench.send('GET', sent.headers.get('azure-asyncoperation') ?? '');
      expect(body).toMatchObject({ status: 'Canceled' });
      expect(await getItem(bench, 'ihs')).toMatchObject({
        replicationHealth: 'Critical',
        allowedOperations: ['DisableProtection'],
        currentScenario: { scenarioName: 'None' },
      });
      await bench.wait(600);
      expect(power(bench, EAST_GROUP, 'ihs')).toBe('running');
      expect(power(bench, WEST_GROUP, 'ihs')).toBeNull();
    }),
  );

  it.each([
    ['a second failover while the first runs', 'unplannedFailover', failoverItemBody('Required')],
    ['a planned failover', 'plannedFailover', undefined],
    ['a commit before a failover', 'failoverCommit', undefined],
    ['a clean-up without a test', 'testFailoverCleanup', undefined],
  ])('refuses %s with 4xx and a reason', (_what, verb, body) =>
    onBench({}, async (bench) => {
      if (verb === 'unplannedFailover') {
        expect((await post(bench, `${itemPath('ihs')}/${verb}`, body)).status).toBe(202);
      }
      const before = bench.simulator.journal.mutations().length;
      const refused = await post(bench, `${itemPath('ihs')}/${verb}`, body);
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({
        error: { code: expect.stringMatching(/^\d+$/) as string },
      });
      expect(JSON.stringify(refused.body)).toContain('not allowed on ihs now');
      expect(bench.simulator.journal.mutations()).toHaveLength(before);
    })(),
  );
});

describe('after a failover', () => {
  it(
    'commit ends replication, deletes the other points and keeps the last RPO',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await failOver(bench, 'ihs');
      const sent = await post(bench, `${itemPath('ihs')}/failoverCommit`);
      const seconds = await untilDone(bench, sent);
      expect(seconds).toBeGreaterThanOrEqual(3);
      expect(seconds).toBeLessThanOrEqual(9);
      const job = await getJob(bench, jobNameOf(sent));
      expect(job).toMatchObject({ scenarioName: 'CommitFailover', friendlyName: 'Commit' });
      expect(job.tasks?.map(({ name }) => name)).toEqual([
        'VmCommitPrerequisitesCheck',
        'VmCommit',
      ]);
      const committed = await getItem(bench, 'ihs');
      expect(committed).toMatchObject({
        protectionState: 'UnplannedFailoverCommitted',
        protectionStateDescription: 'Failover committed',
        activeLocation: 'Recovery',
        allowedOperations: ['CompleteMigration', 'DisableProtection', 'SwitchProtection'],
        replicationHealth: 'Normal',
      });
      await bench.wait(3600);
      expect((await getItem(bench, 'ihs')).providerSpecificDetails).toEqual(
        committed.providerSpecificDetails,
      );
      const { body } = await bench.send('GET', `${itemPath('ihs')}/recoveryPoints`);
      const name = resourceName(committed.failoverRecoveryPointId ?? '');
      expect(body).toMatchObject({ value: [{ name }] });
    }),
  );

  it(
    'another recovery point can be chosen until the commit',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await failOver(bench, 'ihs');
      const { body } = await bench.send('GET', `${itemPath('ihs')}/recoveryPoints`);
      const id = /"id":"([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? '';
      const change = { properties: { recoveryPointId: id } };
      await untilDone(bench, await post(bench, `${itemPath('ihs')}/applyRecoveryPoint`, change));
      const changed = await getItem(bench, 'ihs');
      expect(resourceName(changed.failoverRecoveryPointId ?? '')).toBe(resourceName(id));
      expect(changed.protectionState).toBe('UnplannedFailoverCommitPendingStatesBegin');
      await commit(bench, 'ihs');
      const late = await post(bench, `${itemPath('ihs')}/applyRecoveryPoint`, change);
      expect(late.status).toBe(400);
    }),
  );
});

describe('a test failover', () => {
  const body = {
    properties: {
      failoverDirection: 'PrimaryToRecovery',
      networkType: 'VmNetworkAsInput',
      networkId: `${WEST_GROUP}/providers/Microsoft.Network/virtualNetworks/test-vnet`,
      providerSpecificDetails: { instanceType: 'A2A' },
    },
  };

  it(
    'runs a machine of its own in the given network until it is cleaned up; nothing else moves',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const sent = await post(bench, `${itemPath('ihs')}/testFailover`, body);
      const seconds = await untilDone(bench, sent);
      expect(seconds).toBeGreaterThanOrEqual(138);
      expect(seconds).toBeLessThanOrEqual(206);
      expect(power(bench, WEST_GROUP, 'ihs-test')).toBe('running');
      expect(power(bench, EAST_GROUP, 'ihs')).toBe('running');
      const [card] = bench.simulator.networks.interfacesInGroup(WEST_GROUP);
      expect(card?.subnetId).toContain('/virtualNetworks/test-vnet/');
      expect(await getItem(bench, 'ihs')).toMatchObject({
        protectionState: 'Protected',
        protectionStateDescription: 'Cleanup test failover pending',
        activeLocation: 'Primary',
        testFailoverState: 'WaitingForCompletion',
        testFailoverStateDescription: 'Waiting for user input',
        allowedOperations: ['TestFailoverCleanup'],
      });
      const refused = await post(
        bench,
        `${itemPath('ihs')}/unplannedFailover`,
        failoverItemBody('Required'),
      );
      expect(refused.status).toBe(400);
      const cleaned = await post(bench, `${itemPath('ihs')}/testFailoverCleanup`, {
        properties: { comments: 'seen' },
      });
      await untilDone(bench, cleaned);
      expect(await getItem(bench, 'ihs')).toMatchObject({
        ...AT_REST,
        failoverHealth: 'Normal',
        healthErrors: [],
      });
      expect(power(bench, WEST_GROUP, 'ihs-test')).toBeNull();
      expect(bench.simulator.networks.interfacesInGroup(WEST_GROUP)).toEqual([]);
    }),
  );
});

describe('the vault', () => {
  it(
    'lives in the target region: it answers while the source is down, and not while the target is',
    onBench({}, async (bench) => {
      bench.simulator.control.outage('eastus', 'control');
      expect((await bench.send('GET', itemPath('ihs'))).status).toBe(200);
      bench.simulator.control.outage('westus', 'control');
      expect((await bench.send('GET', itemPath('ihs'))).status).toBe(503);
    }),
  );

  it.each([
    V.replace('cafe-vault', 'other') + '/replicationProtectedItems',
    itemPath('nobody'),
    `${V}/replicationRecoveryPlans/none`,
    `${V}/replicationJobs/none`,
    `${V}/replicationOperationStatus/none`,
    `${V}/replicationFabrics/none`,
  ])('answers 404 for %s', (path) =>
    onBench({}, async (bench) => {
      expect((await bench.send('GET', path)).status).toBe(404);
    })(),
  );

  it.each([
    ['replicationFabrics', 2],
    ['replicationProtectionContainers', 2],
    ['replicationProtectionContainerMappings', 2],
    ['replicationPolicies', 1],
    ['replicationRecoveryPlans', 1],
  ])('lists its %s', (collection, count) =>
    onBench({}, async (bench) => {
      const { status, body } = await bench.send('GET', `${V}/${collection}`);
      expect(status).toBe(200);
      expect((body as { value: unknown[] }).value).toHaveLength(count);
    })(),
  );

  it(
    'sums up the health of its items',
    onBench({}, async (bench) => {
      const { body } = await bench.send('GET', `${V}/replicationVaultHealth`);
      expect(body).toMatchObject({
        properties: {
          protectedItemsHealth: {
            resourceCount: 5,
            issues: [{ summaryCode: '161011', severity: 'Warning' }],
          },
          vaultErrors: [],
        },
      });
    }),
  );

  it(
    'lists jobs without tasks and details, and gets one with both',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const sent = await failOver(bench, 'ihs');
      const listed = await bench.send('GET', `${V}/replicationJobs`);
      expect(listed.body).toMatchObject({ value: [{ properties: { tasks: [] } }] });
      expect(JSON.stringify(listed.body)).not.toContain('customDetails');
      const job = await bench.send('GET', `${V}/replicationJobs/${jobNameOf(sent)}`);
      expect(job.headers.get('x-ms-request-id')).toBe(sent.headers.get('x-ms-request-id'));
      expect(job.body).toMatchObject({
        properties: {
          tasks: [{ errors: [] }, {}, {}, {}],
          endTime: expect.stringMatching(/\d\dZ$/) as string,
        },
      });
    }),
  );
});

describe('a service that refuses by a failing job', () => {
  it(
    'accepts the request, changes nothing, and fails the job at once',
    onBench({ refusal: 'job-fails' }, async (bench) => {
      const sent = await post(bench, `${itemPath('ihs')}/failoverCommit`);
      expect(sent.status).toBe(202);
      expect(await untilDone(bench, sent)).toBeLessThanOrEqual(3);
      const { body } = await bench.send('GET', sent.headers.get('azure-asyncoperation') ?? '');
      expect(body).toMatchObject({ status: 'Failed', error: { code: '534' } });
      expect((await getJob(bench, jobNameOf(sent))).state).toBe('Failed');
      expect(bench.simulator.journal.mutations()).toEqual([]);
      expect(await getItem(bench, 'ihs')).toMatchObject(AT_REST);
    }),
  );
});
