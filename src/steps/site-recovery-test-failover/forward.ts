import type { NetworkInterface, ProtectedItem } from '../../azure/access.ts';
import type { JsonObject } from '../../core/json.ts';
import { canonicalId, resourceName, sameResource } from '../../core/resource-id.ts';
import type { Call, Motion, Refusal, StepContext } from '../contract.ts';
import { lookAt, words } from '../machines/sight.ts';
import { sentBy } from '../operation.ts';
import { allows, names, planFor, unclearMachines } from '../site-recovery/items.ts';
import { followJob } from '../site-recovery/job.ts';
import type { TestFailoverSettings } from '../site-recovery/settings.ts';
import { begun, factsOf, foreign, lookAtTests } from './sight.ts';
import type { Tests } from './sight.ts';

const LOOK_SECONDS = 30;
const PROOF_SECONDS = 10;

export const forward: Motion<TestFailoverSettings> = {
  async observe(context, settings) {
    const tests = await lookAtTests(context, settings);
    const facts = factsOf(tests);
    const { vault, tested, untested, testing, cleaning, busy } = tests;
    const stranger = notOurs(context, settings, tests);
    if (vault.unclear.length > 0 || stranger !== null) {
      const sentence = stranger ?? `${vault.unclear.join(', ')} is not protected by one item.`;
      return { goal: 'unmet', sentence, facts };
    }
    if (testing !== null) {
      const sentence = `The test failover runs (${testing.name}).`;
      return { goal: 'moving', sentence, facts, operation: testing };
    }
    const hindrance = cleaning === null ? busy : `${cleaning.name} cleans up an earlier test`;
    if (hindrance !== null) {
      const sentence = `Waits: ${hindrance}.`;
      return { goal: 'blocked', sentence, facts, retryAfterSeconds: LOOK_SECONDS };
    }
    return untested.length === 0
      ? { goal: 'met', sentence: `${names(tested)} have test machines.`, facts }
      : { goal: 'unmet', sentence: `${names(untested)} have no test machine.`, facts };
  },

  async act(context, settings) {
    const tests = await lookAtTests(context, settings);
    const { vault, untested } = tests;
    if (vault.unclear.length > 0) return unclearMachines(vault, settings);
    const stranger = notOurs(context, settings, tests);
    if (stranger !== null) return notOursRefusal(stranger);
    const refused = untested.filter((item) => !allows(item, 'TestFailover'));
    if (refused.length > 0) return notAllowed(refused);
    const plan = planFor(vault, untested, 'TestFailover');
    return plan === null
      ? untested.map((item) => testItem(context, settings, item))
      : [testPlan(context, settings, plan.name)];
  },

  poll: (context, _settings, operation) => followJob(context, operation),

  /** Every test machine runs by Resource Manager's word, with all its interfaces in the isolated network. */
  async verify(context, settings) {
    const { vault, untested } = await lookAtTests(context, settings);
    const missing = [...untested.map(({ friendlyName }) => friendlyName), ...vault.unclear];
    if (missing.length > 0) {
      const sentence = `${missing.join(', ')} have no test machine.`;
      return { holds: false, sentence, retryAfterSeconds: PROOF_SECONDS };
    }
    const machines = vault.items.flatMap(({ testMachineId }) => testMachineId ?? []);
    const sights = await lookAt(context, machines);
    if (machines.length < vault.items.length || sights.some(({ power }) => power !== 'running'))
      return { holds: false, sentence: words(sights), retryAfterSeconds: PROOF_SECONDS };
    const placed = await placesOf(context, machines);
    const astray = placed.filter(({ networks }) => !allIn(networks, settings.network));
    if (astray.length > 0) {
      const sentence = `${astray.map(({ machine, networks }) => `${resourceName(machine)} is in ${networks.join(', ') || 'no network'}`).join('; ')}, not in ${resourceName(settings.network)}.`;
      return { holds: false, sentence, retryAfterSeconds: PROOF_SECONDS };
    }
    return {
      holds: true,
      sentence: `${names(vault.items)} run as test machines in ${resourceName(settings.network)}.`,
      proof: {
        network: settings.network,
        machines: placed.map(({ machine, networks }): JsonObject => ({ machine, networks })),
      },
    };
  },
};

/** What stands or runs, and was not begun by this execution; null when there is none, or it is to be adopted. */
function notOurs(
  context: StepContext,
  { adoptLeftover }: TestFailoverSettings,
  tests: Tests,
): string | null {
  if (adoptLeftover) return null;
  if (tests.testing !== null && !begun(context.sent))
    return `Somebody else's test failover runs (${tests.testing.name}).`;
  const left = foreign(tests, context.before, context.sent);
  return left.length === 0
    ? null
    : `${names(left)} have a test failover that this execution did not begin.`;
}

function notOursRefusal(sentence: string): Refusal {
  const message = `${sentence} Clean it up, or let the step adopt it with adoptLeftover.`;
  return { refuse: { code: 'TEST_FAILOVER_NOT_OURS', message } };
}

function notAllowed(items: readonly ProtectedItem[]): Refusal {
  const states = items.map((item) => {
    const allowed = item.allowedOperations.join(', ') || 'nothing';
    return `${item.friendlyName} is ${item.protectionState} and allows ${allowed}`;
  });
  const message = `Site Recovery does not allow a test failover: ${states.join('; ')}. Wait until the machines are Protected.`;
  return { refuse: { code: 'TEST_FAILOVER_NOT_ALLOWED', message } };
}

function testPlan(
  context: StepContext,
  { vault, network }: TestFailoverSettings,
  plan: string,
): Call {
  const name = 'test-failover';
  return {
    name,
    sentence: `POST testFailover of recovery plan ${plan} into ${resourceName(network)}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.testFailoverPlan(vault, plan, network, signal)),
  };
}

function testItem(
  context: StepContext,
  { network }: TestFailoverSettings,
  item: ProtectedItem,
): Call {
  const name = `test-failover:${item.friendlyName}`;
  return {
    name,
    sentence: `POST testFailover of ${item.friendlyName} into ${resourceName(network)}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.testFailoverItem(item.id, network, signal)),
  };
}

interface Placed {
  readonly machine: string;
  readonly networks: readonly string[];
}

async function placesOf(
  context: StepContext,
  machines: readonly string[],
): Promise<readonly Placed[]> {
  const groups = new Set(machines.map((id) => id.split('/providers/')[0] ?? id));
  const lists = await Promise.all(
    [...groups].map((group) => context.azure.network.interfaces(group)),
  );
  return machines.map((machine) => ({
    machine,
    networks: [...new Set(lists.flat().filter(isOf(machine)).flatMap(networksOf))],
  }));
}

function isOf(machine: string): (card: NetworkInterface) => boolean {
  return ({ machineId }) => machineId !== null && sameResource(machineId, machine);
}

function networksOf({ configurations }: NetworkInterface): readonly string[] {
  return configurations.flatMap(({ subnetId }) => subnetId?.split('/subnets/')[0] ?? []);
}

function allIn(networks: readonly string[], network: string): boolean {
  return networks.length > 0 && networks.every((one) => canonicalId(one) === canonicalId(network));
}
