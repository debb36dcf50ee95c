import { describe, expect, it } from 'vitest';
import type { PipelineRequest } from '@azure/core-rest-pipeline';
import { errorOf, GROUP, never, onScript, refusal, type Step } from './script.ts';

const VAULT = `${GROUP}/providers/Microsoft.RecoveryServices/vaults/v`;
const container = (fabric: string): string =>
  `${VAULT}/replicationFabrics/${fabric}/replicationProtectionContainers/c`;
const ITEM = `${container('east')}/replicationProtectedItems/ihs`;
const IDLE = {
  scenarioName: 'None',
  jobId: `${VAULT}/replicationJobs/None`,
  startTime: '1753-01-01T01:01:01Z',
};

/** The parts of the recorded item that are read. */
function item(
  properties: Record<string, unknown> = {},
  details: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id: ITEM,
    name: 'ihs',
    type: 'Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems',
    properties: {
      friendlyName: 'ihs',
      protectedItemType: '',
      protectionState: 'Protected',
      activeLocation: 'Primary',
      testFailoverState: 'None',
      allowedOperations: ['UnplannedFailover', 'DisableProtection', 'TestFailover'],
      replicationHealth: 'Normal',
      failoverHealth: 'Warning',
      healthErrors: [
        {
          errorLevel: 'Warning',
          errorCategory: 'TestFailover',
          errorCode: '161011',
          errorMessage: 'No successful test failover has been done.',
          recommendedAction: 'Run a test failover.',
          creationTimeUtc: '2026-11-20T09:00:00Z',
        },
      ],
      currentScenario: IDLE,
      failoverRecoveryPointId: '',
      providerSpecificDetails: {
        instanceType: 'A2A',
        fabricObjectId:
          '/subscriptions/s/resourcegroups/cafe/providers/microsoft.compute/virtualmachines/ihs',
        primaryFabricLocation: 'eastus',
        recoveryFabricLocation: 'westus',
        recoveryAzureVMName: 'ihs',
        recoveryAzureVMSize: 'Standard_D2s_v3',
        recoveryAzureResourceGroupId: '/subscriptions/s/resourceGroups/west',
        recoveryFabricObjectId: '',
        rpoInSeconds: 107,
        lastRpoCalculatedTime: '2026-11-21T09:59:00Z',
        ...details,
      },
      ...properties,
    },
  };
}

function bodyOf(request: PipelineRequest | undefined): unknown {
  return JSON.parse(typeof request?.body === 'string' ? request.body : 'null');
}

describe('a protected item', () => {
  it('at rest: nothing runs, nothing was recovered', () =>
    onScript([{ status: 200, body: item() }], async ({ azure }) => {
      expect(await azure.siteRecovery.item(ITEM)).toEqual({
        id: ITEM,
        name: 'ihs',
        friendlyName: 'ihs',
        provider: 'A2A',
        protectionState: 'Protected',
        activeLocation: 'Primary',
        testFailoverState: 'None',
        allowedOperations: ['UnplannedFailover', 'DisableProtection', 'TestFailover'],
        replicationHealth: 'Normal',
        failoverHealth: 'Warning',
        healthErrors: [
          {
            code: '161011',
            category: 'TestFailover',
            level: 'Warning',
            message: 'No successful test failover has been done.',
            advice: 'Run a test failover.',
            since: '2026-11-20T09:00:00.000Z',
          },
        ],
        currentScenario: null,
        fabric: 'east',
        container: 'c',
        sourceMachineId:
          '/subscriptions/s/resourcegroups/cafe/providers/microsoft.compute/virtualmachines/ihs',
        recoveryMachineId: null,
        recoveryResourceGroupId: '/subscriptions/s/resourceGroups/west',
        recoveryMachineName: 'ihs',
        recoveryMachineSize: 'Standard_D2s_v3',
        recoveryNetworkId: null,
        testMachineId: null,
        primaryLocation: 'eastus',
        recoveryLocation: 'westus',
        rpoSeconds: 107,
        rpoAt: '2026-11-21T09:59:00.000Z',
        failoverRecoveryPointId: null,
      });
    })());

  it('while it fails over: the job of whoever began it', () => {
    const jobId = `${VAULT}/replicationJobs/j-1`;
    const currentScenario = {
      scenarioName: 'UnplannedFailover',
      jobId,
      startTime: '2026-11-21T09:58:00.5Z',
    };
    const busy = item(
      { currentScenario, allowedOperations: null },
      { rpoInSeconds: null, lastRpoCalculatedTime: null },
    );
    return onScript([{ status: 200, body: busy }], async ({ azure }) => {
      expect(await azure.siteRecovery.item(ITEM)).toMatchObject({
        currentScenario: {
          name: 'UnplannedFailover',
          jobId,
          startedAt: '2026-11-21T09:58:00.500Z',
        },
        allowedOperations: [],
        rpoSeconds: null,
        rpoAt: null,
      });
    })();
  });

  it('whose lag was never reckoned says so with the year 1', () => {
    const never = item({}, { rpoInSeconds: 0, lastRpoCalculatedTime: '0001-01-01T00:00:00' });
    return onScript([{ status: 200, body: never }], async ({ azure }) => {
      expect(await azure.siteRecovery.item(ITEM)).toMatchObject({ rpoSeconds: 0, rpoAt: null });
    })();
  });

  it('of VMware, in its own words', () => {
    const providerSpecificDetails = {
      instanceType: 'InMageRcm',
      fabricDiscoveryMachineId: 'vcenter/ihs',
      targetVmName: 'ihs-azure',
      targetResourceGroupId: '/subscriptions/s/resourceGroups/west',
      targetLocation: 'westus',
      lastRpoInSeconds: 30,
      lastRpoCalculatedTime: '2026-11-21T09:59:00Z',
    };
    return onScript(
      [{ status: 200, body: item({ providerSpecificDetails }) }],
      async ({ azure }) => {
        expect(await azure.siteRecovery.item(ITEM)).toMatchObject({
          provider: 'InMageRcm',
          sourceMachineId: 'vcenter/ihs',
          recoveryMachineName: 'ihs-azure',
          recoveryLocation: 'westus',
          rpoSeconds: 30,
          rpoAt: '2026-11-21T09:59:00.000Z',
        });
      },
    )();
  });
});

describe('failing over one item', () => {
  const fails: readonly [
    string,
    Record<string, unknown>,
    { shutDownSource: boolean; recoveryPointId?: string },
    object,
  ][] = [
    [
      'of Azure, the latest point',
      item(),
      { shutDownSource: true },
      { sourceSiteOperations: 'Required', providerSpecificDetails: { instanceType: 'A2A' } },
    ],
    [
      'of Azure, a point, with a dead source',
      item(),
      { shutDownSource: false, recoveryPointId: 'p' },
      {
        sourceSiteOperations: 'NotRequired',
        providerSpecificDetails: { instanceType: 'A2A', recoveryPointId: 'p' },
      },
    ],
    [
      'of VMware',
      item({ providerSpecificDetails: { instanceType: 'InMageRcm' } }),
      { shutDownSource: true },
      {
        sourceSiteOperations: 'Required',
        providerSpecificDetails: { instanceType: 'InMageRcm', performShutdown: 'true' },
      },
    ],
  ];
  it.each(fails)('%s', (_name, read, options, properties) =>
    onScript([{ status: 200, body: read }, { status: 202 }], async ({ azure, sent }) => {
      await azure.siteRecovery.failoverItem(ITEM, options, never);
      expect(sent[1]?.method).toBe('POST');
      expect(sent[1]?.url).toBe(
        `https://management.azure.com${ITEM}/unplannedFailover?api-version=2023-06-01`,
      );
      expect(bodyOf(sent[1])).toEqual({
        properties: { failoverDirection: 'PrimaryToRecovery', ...properties },
      });
    })(),
  );

  it.each<[string, Step, Record<string, unknown>]>([
    [
      'gone',
      { status: 404, body: refusal('ResourceNotFound') },
      { effect: 'refused', transient: false, status: 404 },
    ],
    [
      'unreadable',
      { status: 500, body: refusal('InternalServerError') },
      { effect: 'refused', transient: true },
    ],
  ])('that is %s: nothing is sent', (_name, step, meaning) =>
    onScript(Array<Step>(4).fill(step), async ({ azure, sent }) => {
      expect(
        await errorOf(azure.siteRecovery.failoverItem(ITEM, { shutDownSource: true }, never)),
      ).toMatchObject(meaning);
      expect(sent.every(({ method }) => method === 'GET')).toBe(true);
    })(),
  );
});

describe('a recovery plan', () => {
  const plan = (fabric: string): Record<string, unknown> => ({
    id: `${VAULT}/replicationRecoveryPlans/p`,
    name: 'p',
    properties: {
      primaryFabricId: `${VAULT}/replicationFabrics/east`,
      recoveryFabricId: `${VAULT}/replicationFabrics/West`,
      replicationProviders: ['A2A'],
      allowedOperations: ['UnplannedFailover', 'TestFailover'],
      currentScenario: IDLE,
      currentScenarioStatus: null,
      groups: [
        {
          groupType: 'Shutdown',
          replicationProtectedItems: [],
          startGroupActions: [],
          endGroupActions: [],
        },
        {
          groupType: 'Failover',
          replicationProtectedItems: [],
          startGroupActions: [],
          endGroupActions: [],
        },
        {
          groupType: 'Boot',
          replicationProtectedItems: [{ id: `${container(fabric)}/replicationProtectedItems/a` }],
        },
        {
          groupType: 'Boot',
          replicationProtectedItems: [{ id: `${container(fabric)}/replicationProtectedItems/b` }],
        },
      ],
      providerSpecificDetails: [],
    },
  });

  it('is read group by group, without those that are always empty', () =>
    onScript([{ status: 200, body: plan('east') }], async ({ azure }) => {
      expect(await azure.siteRecovery.plan(VAULT, 'p')).toEqual({
        id: `${VAULT}/replicationRecoveryPlans/p`,
        name: 'p',
        allowedOperations: ['UnplannedFailover', 'TestFailover'],
        currentScenario: null,
        currentScenarioStatus: null,
        groups: ['a', 'b'].map((name) => [
          `${container('east')}/replicationProtectedItems/${name}`,
        ]),
      });
    })());

  it.each([
    ['its items where they were planned', 'east', 'PrimaryToRecovery'],
    ['its items on the other side, after they were protected again', 'west', 'RecoveryToPrimary'],
  ])('with %s', (_name, fabric, failoverDirection) =>
    onScript([{ status: 200, body: plan(fabric) }, { status: 202 }], async ({ azure, sent }) => {
      const options = { shutDownSource: true, recoveryPoint: 'Latest' } as const;
      await azure.siteRecovery.failoverPlan(VAULT, 'p', options, never);
      expect(bodyOf(sent[1])).toEqual({
        properties: {
          failoverDirection,
          sourceSiteOperations: 'Required',
          providerSpecificDetails: [{ instanceType: 'A2A', recoveryPointType: 'Latest' }],
        },
      });
    })(),
  );
});

describe('jobs and recovery points', () => {
  const JOB = `${VAULT}/replicationJobs/j-1`;

  it('a job tells its tasks, and every error with what to do', () => {
    const job = {
      id: JOB,
      name: 'j-1',
      properties: {
        scenarioName: 'UnplannedFailover',
        state: 'Failed',
        stateDescription: 'Failed',
        targetObjectName: 'ihs',
        startTime: '2026-11-21T09:00:00.1234567Z',
        tasks: [
          {
            name: 'T1',
            friendlyName: 'Failover',
            state: 'Failed',
            errors: [{ providerErrorDetails: { errorCode: 28031, errorMessage: 'No quota.' } }],
          },
          { name: 'T2', state: 'NotStarted', endTime: '0001-01-01T00:00:00' },
        ],
        errors: [
          {
            serviceErrorDetails: {
              code: '45005',
              message: 'It failed.',
              recommendedAction: 'Ask again.',
            },
          },
        ],
      },
    };
    return onScript([{ status: 200, body: job }], async ({ azure }) => {
      expect(await azure.siteRecovery.job(JOB)).toEqual({
        id: JOB,
        scenario: 'UnplannedFailover',
        state: 'Failed',
        stateDescription: 'Failed',
        target: 'ihs',
        startedAt: '2026-11-21T09:00:00.123Z',
        endedAt: null,
        tasks: [
          { name: 'Failover', state: 'Failed' },
          { name: 'T2', state: 'NotStarted' },
        ],
        errors: [
          { code: '45005', message: 'It failed. Ask again.' },
          { code: '28031', message: 'No quota.' },
        ],
      });
    })();
  });

  it('points come with their times; one without a time is none', () => {
    const point = (name: string, recoveryPointTime?: string): Record<string, unknown> => ({
      id: `${ITEM}/recoveryPoints/${name}`,
      name,
      properties: { recoveryPointTime, recoveryPointType: 'CrashConsistent' },
    });
    const value = [
      point('b', '2026-11-21T09:05:00Z'),
      point('a', '2026-11-21T09:00:00Z'),
      point('c'),
    ];
    return onScript([{ status: 200, body: { value, nextLink: null } }], async ({ azure }) => {
      const points = await azure.siteRecovery.recoveryPoints(ITEM);
      expect(points.map(({ name, at, type }) => [name, at, type])).toEqual([
        ['b', '2026-11-21T09:05:00.000Z', 'CrashConsistent'],
        ['a', '2026-11-21T09:00:00.000Z', 'CrashConsistent'],
      ]);
    })();
  });
});
