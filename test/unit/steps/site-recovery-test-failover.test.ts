import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, ProtectedItem } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import type { SentCall, StepContext } from '../../../src/steps/contract.ts';
import { siteRecoveryTestFailover as kind } from '../../../src/steps/site-recovery-test-failover/index.ts';
import { createFakeAzure, noAnswer, refusal } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const vault = '/subscriptions/s/resourceGroups/dr/providers/Microsoft.RecoveryServices/vaults/v';
const west = '/subscriptions/s/resourceGroups/west';
const network = `${west}/providers/Microsoft.Network/virtualNetworks/test`;
const serving = `${west}/providers/Microsoft.Network/virtualNetworks/serving`;
const itemId = (name: string): string =>
  `${vault}/replicationFabrics/e/replicationProtectionContainers/c/replicationProtectedItems/${name}`;
const settings = {
  vault,
  recoveryPlan: 'p',
  machines: ['ihs', 'app'],
  network,
  adoptLeftover: false,
};
const jobId = `${vault}/replicationJobs/j`;

let azure: FakeAzure;

beforeEach(() => {
  azure = createFakeAzure();
  azure.items = [item('ihs'), item('app'), item('stranger')];
  azure.networks.set(network, { id: network, location: 'westus', peers: [] });
  azure.plans.set('p', {
    id: `${vault}/replicationRecoveryPlans/p`,
    name: 'p',
    allowedOperations: ['UnplannedFailover', 'TestFailover'],
    currentScenario: null,
    currentScenarioStatus: null,
    groups: [[itemId('ihs')], [itemId('app')]],
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
    sourceMachineId: `/subscriptions/s/resourceGroups/east/providers/Microsoft.Compute/virtualMachines/${name}`,
    recoveryMachineId: null,
    recoveryResourceGroupId: west,
    recoveryMachineName: name,
    recoveryMachineSize: null,
    recoveryNetworkId: serving,
    testMachineId: null,
    primaryLocation: 'East US',
    recoveryLocation: 'West US',
    rpoSeconds: 107,
    rpoAt: instant(START),
    failoverRecoveryPointId: null,
  };
}

function set(name: string, patch: Partial<ProtectedItem>): void {
  Object.assign(
    azure.items.find(({ friendlyName }) => friendlyName === name)!,
    patch,
  );
}

const scenario = (name: string): Partial<ProtectedItem> => ({
  currentScenario: { name, jobId, startedAt: instant(START) },
  allowedOperations: [],
});

function job(state: string): void {
  const one: Job = {
    id: jobId,
    scenario: 'TestFailover',
    state,
    stateDescription: state,
    target: 'p',
    startedAt: instant(START),
    endedAt: null,
    tasks: [],
    errors: [],
  };
  azure.jobs.set(jobId, one);
}

function runs(name: string): void {
  job('InProgress');
  set(name, scenario('TestFailover'));
}

/** What a test failover, ours or another's, leaves until it is cleaned up. */
async function stands(...names: string[]): Promise<void> {
  for (const name of names)
    await azure.access.siteRecovery.testFailoverItem(
      itemId(name),
      network,
      new AbortController().signal,
    );
  azure.sent.length = 0;
}

const call = (name: string, patch: Partial<SentCall> = {}): SentCall => ({
  call: name,
  sentAt: instant(START),
  ...patch,
});

function forward(
  patch: Partial<StepContext> = {},
  given: Partial<typeof settings> = {},
): Promise<Run> {
  return run(kind.forward, stepContext(azure, stillClock(), patch), { ...settings, ...given });
}

function back(patch: Partial<StepContext> = {}): Promise<Run> {
  const sentThere = [call('test-failover')];
  const before = { tested: [] };
  return run(
    kind.undo!,
    stepContext(azure, stillClock(), { sentThere, before, ...patch }),
    settings,
  );
}

describe('site-recovery/test-failover', () => {
  it('tests by the recovery plan when it holds exactly these machines, and proves the network', async () => {
    const { end, sentence, verification } = await forward();
    expect(end).toBe('holds');
    expect(azure.sent).toEqual(['test plan p in test']);
    expect(sentence).toBe('ihs, app run as test machines in test.');
    expect(verification).toMatchObject({
      proof: { network, machines: [{ networks: [network] }, {}] },
    });
  });

  it.each([
    ['no plan is named', { recoveryPlan: undefined as never }],
    ['the plan holds others', { machines: ['ihs'] }],
  ])('tests each machine by itself when %s', async (_why, given) => {
    expect((await forward({}, given)).end).toBe('holds');
    expect(azure.sent.every((one) => one.startsWith('test item'))).toBe(true);
  });

  it.each([
    ['stands already', async () => stands('ihs')],
    ['runs', async () => runs('ihs')],
  ])("refuses while somebody else's test failover %s", async (_what, arrange) => {
    await arrange();
    const { end, refusal: refused } = await forward();
    expect(end).toBe('refused');
    expect(refused?.refuse.code).toBe('TEST_FAILOVER_NOT_OURS');
    expect(azure.sent).toEqual([]);
  });

  it('takes what stands already when asked to, and tests only the rest', async () => {
    await stands('ihs');
    expect((await forward({}, { adoptLeftover: true })).end).toBe('holds');
    expect(azure.sent).toEqual(['test item app in test']);
  });

  it('follows its own, whose answer was lost', async () => {
    runs('ihs');
    const { end, seen } = await forward({ sent: [call('test-failover')] });
    expect(end).toBe('waits');
    expect(seen[0]).toMatchObject({ goal: 'moving', operation: { handle: { jobId } } });
  });

  it("does not take another's for its own when its own call was refused", async () => {
    await stands('ihs', 'app');
    const sent = [call('test-failover', { ended: 'failed', refused: true })];
    expect((await forward({ sent })).end).toBe('refused');
  });

  it.each(['Succeeded', 'Suspended'])(
    'is through when the item still names a job that is %s',
    async (state) => {
      await stands('ihs', 'app');
      job(state);
      set('ihs', { currentScenario: { name: 'TestFailover', jobId, startedAt: instant(START) } });
      expect((await forward({ sent: [call('test-failover')] })).end).toBe('holds');
    },
  );

  it.each(['UnplannedFailover', 'TestFailoverCleanup'])('waits for the end of %s', async (name) => {
    set('app', scenario(name));
    const { end, seen } = await forward();
    expect(end).toBe('waits');
    expect(seen[0]?.goal).toBe('blocked');
  });

  it('is not content with test machines in another network', async () => {
    await forward();
    for (const [id, card] of azure.interfaces)
      azure.interfaces.set(id, {
        ...card,
        configurations: [{ name: 'c', publicAddressId: null, subnetId: `${serving}/subnets/a` }],
      });
    const { end, sentence } = await forward({ sent: [call('test-failover')] });
    expect(end).toBe('waits');
    expect(sentence).toContain('ihs-test is in');
  });

  it('says so when Site Recovery does not allow it', async () => {
    set('app', { protectionState: 'InitialReplicationInProgress', allowedOperations: [] });
    expect((await forward()).refusal?.refuse.code).toBe('TEST_FAILOVER_NOT_ALLOWED');
  });

  it('fails with the reason of the refusal', async () => {
    azure.refusals.set('test plan p in test', refusal('534'));
    expect(await forward()).toMatchObject({ end: 'failed', sentence: '534' });
  });
});

describe('site-recovery/test-failover, cleaned up', () => {
  it.each([
    ['all of it by the recovery plan', ['ihs', 'app'], ['clean up plan p']],
    ['what is left of it one by one', ['app'], ['clean up item app']],
    ['nothing when nothing is left', [], []],
  ])('%s', async (_what, left, sent) => {
    await stands(...left);
    const { end, sentence } = await back();
    expect(azure.sent).toEqual(sent);
    expect({ end, sentence }).toEqual({ end: 'holds', sentence: 'No test machine is left.' });
  });

  it.each([
    ['stood before', { before: { tested: ['ihs', 'app'] } }],
    ['came while ours was refused', { sentThere: [call('test-failover', { refused: true })] }],
  ])('leaves alone what %s', async (_what, patch) => {
    await stands('ihs', 'app');
    const { end, sentence } = await back(patch);
    expect({ end, sent: azure.sent }).toEqual({ end: 'holds', sent: [] });
    expect(sentence).toContain("somebody else's");
  });

  it.each(['TestFailover', 'TestFailoverCleanup'])('waits for a %s that runs', async (name) => {
    await stands('ihs');
    job('InProgress');
    set('ihs', scenario(name));
    const { end, seen } = await back();
    expect(end).toBe('waits');
    expect(seen[0]).toMatchObject({ goal: 'moving', operation: { handle: { jobId } } });
    expect(azure.sent).toEqual([]);
  });

  it('waits while a machine allows nothing', async () => {
    await stands('ihs');
    set('ihs', { allowedOperations: [] });
    const { end, verification } = await back();
    expect({ end, sent: azure.sent }).toEqual({ end: 'waits', sent: [] });
    expect(verification).toMatchObject({ holds: false, sentence: 'ihs are not cleaned up.' });
  });

  it('is safe', () => {
    expect(kind.undoSafety(settings, 'unplanned')).toBe('safe');
  });
});

describe('site-recovery/test-failover, checked', () => {
  const check = (
    given: Partial<typeof settings> = {},
  ): Promise<readonly { severity: string; problem: string }[]> =>
    Promise.resolve(kind.check(stepContext(azure, stillClock()), { ...settings, ...given }));

  it('finds nothing when all is well', async () => {
    expect(await check()).toEqual([]);
  });

  it.each<[string, () => unknown, string]>([
    ['no such network', () => azure.networks.clear(), 'does not exist'],
    [
      'a network elsewhere',
      () => azure.networks.set(network, { id: network, location: 'eastus', peers: [] }),
      'is in eastus, not in westus',
    ],
    [
      'the network of a real failover',
      () => set('ihs', { recoveryNetworkId: network.toUpperCase() }),
      'real failover of ihs',
    ],
    ['a leftover', () => stands('app'), 'was not cleaned up'],
    ['another job', () => set('app', scenario('UnplannedFailover')), 'busy with'],
    [
      'replication the other way',
      () => set('app', { recoveryLocation: 'eastus' }),
      'replicates to',
    ],
    ['another provider', () => set('app', { provider: 'InMageRcm' }), 'replicated by'],
    ['no first point yet', () => set('app', { allowedOperations: [] }), 'allows no test failover'],
    ['an unprotected machine', () => void azure.items.shift(), 'exactly one item'],
  ])('is critical of %s', async (_what, arrange, problem) => {
    await arrange();
    const critical = (await check()).filter(({ severity }) => severity === 'critical');
    expect(critical.map((one) => one.problem).join()).toContain(problem);
  });

  it('warns of a network that leads elsewhere', async () => {
    azure.networks.set(network, { id: network, location: 'westus', peers: [serving] });
    expect(await check()).toMatchObject([{ severity: 'warning' }]);
  });

  it('does not mind a leftover that it adopts', async () => {
    await stands('app');
    expect(
      (await check({ adoptLeftover: true })).filter((one) => one.severity === 'critical'),
    ).toEqual([]);
  });

  it('cannot say when the vault cannot be read', async () => {
    azure.unreachable.set(vault, noAnswer());
    await expect(check()).rejects.toThrow('no answer');
  });
});
