import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, PowerState, ProtectedItem } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import type { Operation } from '../../../src/core/step.ts';
import { siteRecoveryCommit } from '../../../src/steps/site-recovery-commit/index.ts';
import { siteRecoveryFailover } from '../../../src/steps/site-recovery-failover/index.ts';
import type { FailoverSettings } from '../../../src/steps/site-recovery/settings.ts';
import { createFakeAzure, noAnswer, refusal } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const vault = '/subscriptions/s/resourceGroups/dr/providers/Microsoft.RecoveryServices/vaults/v';
const west = '/subscriptions/s/resourceGroups/west';
const source = (name: string): string =>
  `/subscriptions/s/resourceGroups/east/providers/Microsoft.Compute/virtualMachines/${name}`;
const target = (name: string): string =>
  `${west}/providers/Microsoft.Compute/virtualMachines/${name}`;
const itemId = (name: string): string =>
  `${vault}/replicationFabrics/e/replicationProtectionContainers/c/replicationProtectedItems/${name}`;
const settings: FailoverSettings = {
  vault,
  recoveryPlan: 'p',
  machines: ['ihs', 'app'],
  sourceGroup: '/subscriptions/s/resourceGroups/east',
  targetGroup: west,
  recoveryPoint: 'Latest',
};
const at = (seconds: number): string => instant(START + seconds * 1000);

let azure: FakeAzure;

beforeEach(() => {
  azure = createFakeAzure();
  azure.items = [item('ihs'), item('app'), item('stranger')];
  for (const name of ['ihs', 'app', 'stranger']) {
    power(source(name), 'running');
    azure.points.set(itemId(name), [point(name, -400), point(name, -100)]);
  }
  azure.plans.set('p', {
    id: `${vault}/replicationRecoveryPlans/p`,
    name: 'p',
    allowedOperations: ['UnplannedFailover', 'TestFailover'],
    currentScenario: null,
    currentScenarioStatus: null,
    groups: [[itemId('IHS').replace('IHS', 'ihs')], [itemId('app')]],
  });
});

function item(name: string): ProtectedItem {
  return {
    id: itemId(name),
    name,
    friendlyName: name,
    provider: 'A2A',
    protectionState: 'Protected',
    activeLocation: 'Primary',
    testFailoverState: 'None',
    allowedOperations: ['UnplannedFailover', 'DisableProtection', 'TestFailover'],
    replicationHealth: 'Normal',
    failoverHealth: 'Normal',
    healthErrors: [],
    currentScenario: null,
    fabric: 'e',
    container: 'c',
    sourceMachineId: source(name),
    recoveryMachineId: null,
    recoveryResourceGroupId: west,
    recoveryMachineName: name,
    recoveryMachineSize: null,
    recoveryNetworkId: null,
    testMachineId: null,
    primaryLocation: 'East US',
    recoveryLocation: 'West US',
    rpoSeconds: 107,
    rpoAt: at(-60),
    failoverRecoveryPointId: null,
  };
}

function set(name: string, patch: Partial<ProtectedItem>): void {
  Object.assign(
    azure.items.find(({ friendlyName }) => friendlyName === name)!,
    patch,
  );
}

function point(
  name: string,
  seconds: number,
): { id: string; name: string; at: string; type: string } {
  const id = `${name}${seconds}`;
  return {
    id: `${itemId(name)}/recoveryPoints/${id}`,
    name: id,
    at: at(seconds),
    type: 'CrashConsistent',
  };
}

function power(id: string, state: PowerState): void {
  azure.machines.set(id, {
    id,
    name: id.split('/').at(-1)!,
    location: 'x',
    size: null,
    power: state,
  });
}

function job(patch: Partial<Job> = {}): Job {
  return {
    id: `${vault}/replicationJobs/j`,
    scenario: 'UnplannedFailover',
    state: 'InProgress',
    stateDescription: 'InProgress',
    target: 'p',
    startedAt: at(-30),
    endedAt: null,
    tasks: [
      { name: 'Shutdown', state: 'Succeeded' },
      { name: 'Failover', state: 'InProgress' },
    ],
    errors: [],
    ...patch,
  };
}

function arrive(name: string, patch: Partial<ProtectedItem> = {}): void {
  set(name, {
    activeLocation: 'Recovery',
    protectionState: 'UnplannedFailoverCommitPendingStatesBegin',
    allowedOperations: ['Commit'],
    recoveryMachineId: target(name),
    ...patch,
  });
  power(target(name), 'running');
}

type Patch = Parameters<typeof stepContext>[2];
const closed = { closedAt: at(-200) };

function forward(patch: Patch = closed, step: Partial<FailoverSettings> = {}): Promise<Run> {
  return run(siteRecoveryFailover.forward, stepContext(azure, stillClock(), patch), {
    ...settings,
    ...step,
  });
}

const busy = (name: string): Partial<ProtectedItem> => ({
  currentScenario: { name, jobId: `${vault}/replicationJobs/j`, startedAt: at(-30) },
});

describe('a planned failover of machines', () => {
  it('uses the recovery plan, shuts the source down and loses nothing written before the closing', async () => {
    const done = await forward();
    expect(azure.sent).toEqual(['failover plan p with shutdown Latest']);
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: 0 } });
  });

  it('waits until every machine has a recovery point that is newer than the closing', async () => {
    azure.points.set(itemId('app'), [point('app', -400)]);
    expect(await forward()).toMatchObject({
      end: 'waits',
      seen: [{ goal: 'blocked', sentence: expect.stringContaining('for app.') as string }],
    });
    expect(azure.sent).toEqual([]);
  });

  it('asks when the application was not closed, and then makes no claim of losing nothing', async () => {
    expect(await forward({})).toMatchObject({ end: 'asks', ask: { ask: 'data-loss' } });
    const done = await forward({ acceptedLossSeconds: Infinity });
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: 100 } });
  });
});

describe('an unplanned failover of machines', () => {
  const unplanned: Patch = { mode: 'unplanned' };

  it.each<[string, () => void, string]>([
    ['answers and runs', () => undefined, 'with shutdown'],
    [
      'cannot be read',
      () => azure.unreachable.set('resourceGroups/east', noAnswer()),
      'without shutdown',
    ],
    [
      'is stopped already',
      () => ['ihs', 'app'].forEach((name) => power(source(name), 'deallocated')),
      'without shutdown',
    ],
  ])('when the old side %s goes %s of the source', async (_what, happen, how) => {
    happen();
    await forward(unplanned);
    expect(azure.sent).toEqual([`failover plan p ${how} Latest`]);
  });

  it('reports the age of the oldest recovery point that was used as the loss', async () => {
    azure.points.set(itemId('app'), [point('app', -250)]);
    expect(await forward(unplanned)).toMatchObject({
      end: 'holds',
      verification: { lossSeconds: 250 },
    });
  });

  it('falls back to the last reckoned RPO, and to "unknown" when a processed point was used', async () => {
    azure.points.clear();
    expect(await forward(unplanned)).toMatchObject({ verification: { lossSeconds: 167 } });
    azure.items = [item('ihs'), item('app')];
    expect(await forward(unplanned, { recoveryPoint: 'LatestProcessed' })).toMatchObject({
      verification: { lossSeconds: null },
    });
  });
});

describe('what is found of a failover', () => {
  it('adopts one that has ended, without a call or a claim', async () => {
    arrive('ihs');
    arrive('app');
    expect(await forward()).toMatchObject({ end: 'holds', verification: { lossSeconds: null } });
    expect(azure.sent).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['of an item', () => set('ihs', busy('UnplannedFailover'))],
    [
      'of an item that shows as arrived',
      () => {
        arrive('ihs', busy('UnplannedFailover'));
        arrive('app');
      },
    ],
    [
      'of the recovery plan, before its items show it',
      () => {
        azure.plans.get('p')!.currentScenario = {
          name: 'UnplannedFailover',
          jobId: `${vault}/replicationJobs/j`,
        };
        azure.jobs.set(`${vault}/replicationJobs/j`, job());
      },
    ],
  ])('follows a running one %s', async (_what, happen) => {
    happen();
    const found = await forward();
    expect(found).toMatchObject({
      end: 'waits',
      seen: [{ goal: 'moving', operation: { handle: { jobId: `${vault}/replicationJobs/j` } } }],
    });
    expect(azure.sent).toEqual([]);
  });

  it('does not take the ended job of an earlier failover for a running one', async () => {
    azure.plans.get('p')!.currentScenario = {
      name: 'UnplannedFailover',
      jobId: `${vault}/replicationJobs/j`,
    };
    azure.jobs.set(`${vault}/replicationJobs/j`, job({ state: 'Succeeded' }));
    await forward();
    expect(azure.sent).toHaveLength(1);
  });

  it.each<[string, Partial<ProtectedItem>]>([
    ['a test failover that runs', busy('TestFailover')],
    [
      'a test failover that was not cleaned up',
      { testFailoverState: 'WaitingForCompletion', allowedOperations: ['TestFailoverCleanup'] },
    ],
    ['a reprotection', busy('SwitchReplicationGroupProtection')],
  ])('waits for the end of %s and never adopts it', async (_what, patch) => {
    set('app', patch);
    expect(await forward()).toMatchObject({ end: 'waits', seen: [{ goal: 'blocked' }] });
    expect(azure.sent).toEqual([]);
  });

  it('fails over the rest item by item when some have arrived', async () => {
    arrive('ihs');
    await forward();
    expect(azure.sent).toEqual(['failover item app with shutdown']);
  });

  it('does not use a recovery plan that would move other machines too', async () => {
    azure.plans.get('p')!.groups = [[itemId('ihs'), itemId('app'), itemId('stranger')]];
    await forward();
    expect(azure.sent).toEqual([
      'failover item ihs with shutdown',
      'failover item app with shutdown',
    ]);
  });

  it('names the newest processed point of each item, however the points are sorted', async () => {
    azure.points.set(itemId('ihs'), [point('ihs', -100), point('ihs', -400)]);
    await forward({ mode: 'unplanned' }, { machines: ['ihs'], recoveryPoint: 'LatestProcessed' });
    expect(azure.sent).toEqual(['failover item ihs with shutdown to ihs-100']);
  });

  it.each<[string, () => void, string]>([
    [
      'is not protected',
      () => {
        azure.items = azure.items.filter(({ friendlyName }) => friendlyName !== 'app');
      },
      'MACHINE_NOT_PROTECTED',
    ],
    [
      'is protected twice',
      () => {
        azure.items.push(item('app'));
      },
      'MACHINE_NOT_PROTECTED',
    ],
    [
      'still makes its first replica',
      () => set('app', { protectionState: 'InitialReplicationInProgress', allowedOperations: [] }),
      'FAILOVER_NOT_ALLOWED',
    ],
  ])('refuses when a machine %s', async (_what, happen, code) => {
    happen();
    expect(await forward()).toMatchObject({ end: 'refused', refusal: { refuse: { code } } });
    expect(azure.sent).toEqual([]);
  });

  it('does not take a machine that was failed over to the side that is left for one that has arrived', async () => {
    arrive('ihs', {
      protectionState: 'UnplannedFailoverCommitted',
      allowedOperations: ['SwitchProtection'],
    });
    arrive('app', {
      protectionState: 'UnplannedFailoverCommitted',
      allowedOperations: ['SwitchProtection'],
    });
    expect(await forward({ ...closed, to: 'eastus' })).toMatchObject({
      end: 'refused',
      sentence: expect.stringContaining('reprotect') as string,
    });
  });

  it('takes a machine that is protected the other way for one that has arrived', async () => {
    for (const name of ['ihs', 'app'])
      set(name, { primaryLocation: 'westus', recoveryLocation: 'eastus' });
    expect((await forward()).end).toBe('holds');
    expect(azure.sent).toEqual([]);
  });

  it('is not proven before the new machines run', async () => {
    arrive('ihs');
    arrive('app');
    power(target('app'), 'starting');
    expect(await forward()).toMatchObject({
      end: 'waits',
      sentence: 'ihs is running, app is starting.',
    });
  });

  it('reports a refused request', async () => {
    azure.refusals.set('failover plan p with shutdown Latest', refusal('150219'));
    expect(await forward()).toMatchObject({ end: 'failed', sentence: '150219' });
  });
});

describe('following a job', () => {
  const found: Operation = {
    call: 'failover',
    name: 'j',
    startedAt: at(0),
    handle: { jobId: `${vault}/replicationJobs/j` },
  };
  const ours: Operation = { ...found, pollUrl: 'https://arm/j' };
  const poll = (operation: Operation) =>
    siteRecoveryFailover.forward.poll(stepContext(azure, stillClock()), settings, operation);

  it('tells the running task and how many have ended', async () => {
    azure.operations.set('j', { is: 'running', retryAfterSeconds: 7 });
    azure.jobs.set(`${vault}/replicationJobs/j`, job());
    expect(await poll(ours)).toEqual({
      is: 'running',
      retryAfterSeconds: 7,
      percent: 50,
      sentence: 'UnplannedFailover of p: Failover.',
    });
  });

  it("takes the reason of a failure from the job's errors", async () => {
    azure.operations.set('j', { is: 'failed', code: '1', message: 'failed' });
    const errors = [
      { code: '150153', message: 'no capacity' },
      { code: '28025', message: 'no point' },
    ];
    azure.jobs.set(`${vault}/replicationJobs/j`, job({ state: 'Failed', errors }));
    expect(await poll(ours)).toMatchObject({
      is: 'failed',
      transient: true,
      error: { code: '150153', message: expect.stringContaining('no point (28025)') as string },
    });
  });

  it('is content with the operation when the job cannot be read', async () => {
    azure.unreachable.set('replicationJobs', noAnswer());
    expect(await poll(ours)).toMatchObject({ is: 'done' });
  });

  it.each<[string, Partial<Job>, object]>([
    ['runs', {}, { is: 'running', retryAfterSeconds: 30 }],
    ['succeeded', { state: 'Succeeded', endedAt: at(9) }, { is: 'done', endedAt: at(9) }],
    ['failed', { state: 'Failed' }, { is: 'failed', transient: true }],
    ['was cancelled', { state: 'Cancelled' }, { is: 'failed', transient: false }],
  ])('of somebody else that %s', async (_what, patch, progress) => {
    azure.jobs.set(`${vault}/replicationJobs/j`, job(patch));
    expect(await poll(found)).toMatchObject(progress);
  });
});

describe('undo of a failover of machines', () => {
  const undo = (before: Run['before'] | null): Promise<Run> => {
    azure.sent.length = 0;
    return run(siteRecoveryFailover.undo!, stepContext(azure, stillClock(), { before }), settings);
  };

  it('stops the new machines before it starts the old ones that ran', async () => {
    power(source('app'), 'stopped');
    const { before } = await forward();
    expect((await undo(before)).end).toBe('holds');
    expect(azure.sent).toEqual(['deallocate west/ihs', 'deallocate west/app', 'start east/ihs']);
  });

  it('starts nothing while a new machine cannot be stopped', async () => {
    const { before } = await forward();
    azure.unreachable.set(`${west}/providers/Microsoft.Compute/virtualMachines/app`, noAnswer());
    expect((await undo(before)).end).toBe('waits');
    expect(azure.sent).toEqual(['deallocate west/ihs']);
  });

  it('sees a failover in flight to its end', async () => {
    const before = (await forward()).before;
    set('app', busy('UnplannedFailover'));
    expect(await undo(before)).toMatchObject({ end: 'waits', seen: [{ goal: 'moving' }] });
    expect(azure.sent).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['no longer lists a machine', () => set('app', { friendlyName: 'other' })],
    ['does not say where a machine is', () => set('app', { activeLocation: '' })],
  ])('concludes nothing from a vault that %s', async (_what, spoil) => {
    const { before } = await forward();
    spoil();
    const { end, seen } = await undo(before);
    expect(end).toBe('waits');
    expect(seen.at(-1)?.sentence).toBe('Waits: the vault does not say where app is.');
    expect(azure.sent).toEqual([]);
  });

  it('leaves alone what had arrived before', async () => {
    arrive('ihs');
    const { before } = await forward();
    await undo(before);
    expect(azure.sent).toEqual(['deallocate west/app', 'start east/app']);
  });

  it('has nothing to do when the failover had no effect', async () => {
    azure.slow = true;
    const { before } = await forward();
    expect((await undo(before)).end).toBe('holds');
    expect(azure.sent).toEqual([]);
  });

  it('is impossible after a commit', async () => {
    const { before } = await forward();
    await run(siteRecoveryCommit.forward, stepContext(azure, stillClock()), settings);
    expect(await undo(before)).toMatchObject({
      end: 'refused',
      refusal: { refuse: { code: 'FAILOVER_COMMITTED' } },
    });
    expect(siteRecoveryFailover.undoSafety(settings, 'planned')).toBe('degrading');
    expect(siteRecoveryCommit.undoSafety(settings, 'planned')).toBe('impossible');
    expect(siteRecoveryCommit.undo).toBeUndefined();
  });
});

describe('commit', () => {
  const commit = (): Promise<Run> =>
    run(siteRecoveryCommit.forward, stepContext(azure, stillClock()), settings);

  it('commits by the recovery plan when all wait for it', async () => {
    await forward();
    azure.sent.length = 0;
    expect((await commit()).end).toBe('holds');
    expect(azure.sent).toEqual(['commit plan p']);
  });

  it('commits only those that wait for it', async () => {
    arrive('ihs', { protectionState: 'UnplannedFailoverCommitted', allowedOperations: [] });
    arrive('app');
    azure.plans.get('p')!.allowedOperations = ['Commit'];
    await commit();
    expect(azure.sent).toEqual(['commit item app']);
  });

  it.each<[string, () => void, Run['end']]>([
    [
      'adopts what is committed',
      () =>
        ['ihs', 'app'].forEach((name) =>
          arrive(name, { protectionState: 'UnplannedFailoverCommitted' }),
        ),
      'holds',
    ],
    [
      'follows a commit that runs',
      () => ['ihs', 'app'].forEach((name) => arrive(name, busy('CommitFailover'))),
      'waits',
    ],
    [
      'waits for another operation',
      () => ['ihs', 'app'].forEach((name) => arrive(name, busy('UnplannedFailover'))),
      'waits',
    ],
    ['refuses what has not failed over', () => undefined, 'refused'],
    [
      'takes machines that are protected the other way for committed',
      () => ['ihs', 'app'].forEach((name) => set(name, { primaryLocation: 'West US' })),
      'holds',
    ],
  ])('%s', async (_what, happen, end) => {
    happen();
    expect((await commit()).end).toBe(end);
    expect(azure.sent).toEqual([]);
  });
});

describe('check', () => {
  const problems = async (patch: Patch = {}): Promise<string[]> =>
    (await siteRecoveryFailover.check(stepContext(azure, stillClock(), patch), settings)).map(
      ({ severity, problem }) => `${severity}: ${problem}`,
    );

  it('finds nothing wrong with machines that replicate well', async () => {
    expect(await problems()).toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'critical: ihs is not protected by exactly one item',
      () => {
        azure.items.push(item('ihs'));
        azure.plans.get('p')!.groups = [[itemId('app')]];
      },
    ],
    ['critical: app is replicated by InMageRcm', () => set('app', { provider: 'InMageRcm' })],
    ['info: app already runs in West US', () => set('app', { activeLocation: 'Recovery' })],
    [
      'critical: app has a test failover that was not cleaned up',
      () => set('app', { testFailoverState: 'WaitingForCompletion', allowedOperations: [] }),
    ],
    ['critical: app is busy with TestFailover', () => set('app', busy('TestFailover'))],
    [
      'critical: app is InitialReplicationInProgress',
      () => set('app', { protectionState: 'InitialReplicationInProgress', allowedOperations: [] }),
    ],
    [
      'critical: app has replication health Critical',
      () => set('app', { replicationHealth: 'Critical' }),
    ],
    [
      'warning: app has replication health Warning',
      () => set('app', { replicationHealth: 'Warning' }),
    ],
    ['info: app has failover health Warning', () => set('app', { failoverHealth: 'Warning' })],
    ['warning: app would lose up to 10 min', () => set('app', { rpoSeconds: 600 })],
    [
      'critical: app would be made in /other',
      () => set('app', { recoveryResourceGroupId: '/other' }),
    ],
    [
      'critical: app is /subscriptions/s/resourceGroups/eastern/m, which is not in /subscriptions/s/resourceGroups/east',
      () => set('app', { sourceMachineId: '/subscriptions/s/resourceGroups/eastern/m' }),
    ],
    ['warning: the recovery plan does not exist', () => azure.plans.clear()],
    [
      'warning: the recovery plan does not hold exactly',
      () => {
        azure.plans.get('p')!.groups = [[itemId('app')]];
      },
    ],
  ])('reports %s', async (problem, happen) => {
    happen();
    expect(await problems()).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the rights to stop and start machines', () => {
  const east = '/subscriptions/s/resourceGroups/east';
  it.each([
    [{}, [east, west]],
    [{ targetGroup: undefined }, [east, '/subscriptions/s']],
    [{ sourceGroup: undefined }, ['/subscriptions/s', west]],
  ])('are wanted where the machines may be: %j', (change, scopes) => {
    const { sourceGroup, targetGroup, ...rest } = { ...settings, ...change };
    const wanted = siteRecoveryFailover.permissions({
      ...rest,
      ...(sourceGroup === undefined ? {} : { sourceGroup }),
      ...(targetGroup === undefined ? {} : { targetGroup }),
    });
    const starts = wanted.filter(({ action }) => action.endsWith('/start/action'));
    expect(starts.map(({ scope }) => scope)).toEqual(scopes);
  });
});
