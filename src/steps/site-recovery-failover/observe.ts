import type { ProtectedItem } from '../../azure/access.ts';
import type { JsonObject } from '../../core/json.ts';
import { instant } from '../../core/clock.ts';
import type { Observation, StepContext } from '../contract.ts';
import { lookAt } from '../machines/sight.ts';
import type { Sight } from '../machines/sight.ts';
import {
  isIn,
  isTested,
  jobOperation,
  lookAtVault,
  names,
  planJob,
} from '../site-recovery/items.ts';
import type { Vault } from '../site-recovery/items.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';

const LOOK_SECONDS = 30;

/** Machines that have not arrived yet. One that is on its way has not: its state changes only at the end. */
export function rest(context: StepContext, { items }: Vault): readonly ProtectedItem[] {
  const { region } = context.execution.to;
  return items.filter(
    (item) => !isIn(item, region) || item.currentScenario?.name === 'UnplannedFailover',
  );
}

export async function observe(
  context: StepContext,
  settings: FailoverSettings,
): Promise<Observation> {
  const vault = await lookAtVault(context, settings);
  const seen = await standing(context, vault);
  // A wait is long and has many looks, and what runs at its end is what counts.
  const sights = seen.goal === 'blocked' ? [] : await powersBefore(context, vault);
  return { ...seen, facts: factsOf(context, vault, sights) };
}

async function standing(context: StepContext, vault: Vault): Promise<Omit<Observation, 'facts'>> {
  if (vault.unclear.length > 0) {
    const sentence = `${vault.unclear.join(', ')} is not protected by exactly one item.`;
    return { goal: 'unmet', sentence };
  }
  const left = rest(context, vault);
  if (left.length === 0)
    return { goal: 'met', sentence: `${names(vault.items)} have failed over.` };
  const moving = await underWay(context, vault, left);
  if (moving !== null) return moving;
  const hindrance = busyWith(left) ?? (await missingPoints(context, left));
  if (hindrance === null)
    return { goal: 'unmet', sentence: `${names(left)} have not failed over.` };
  // Whatever it is, the service is at it: a job of its own, or the next recovery point.
  const sentence = `Waits: ${hindrance}.`;
  return { goal: 'blocked', sentence, retryAfterSeconds: LOOK_SECONDS, ofAzure: true };
}

/** A failover that runs already: ours, whose answer was lost, or somebody else's. */
async function underWay(
  context: StepContext,
  vault: Vault,
  left: readonly ProtectedItem[],
): Promise<Omit<Observation, 'facts'> | null> {
  const busy = left.filter(({ currentScenario }) => currentScenario?.name === 'UnplannedFailover');
  const [scenario] = busy.flatMap(({ currentScenario }) =>
    currentScenario === null ? [] : [currentScenario],
  );
  const operation =
    scenario === undefined
      ? await planJob(context, vault, 'UnplannedFailover')
      : jobOperation('found', scenario);
  if (operation === null) return null;
  const who = busy.length === 0 ? names(left) : names(busy);
  return { goal: 'moving', sentence: `${who} are failing over (${operation.name}).`, operation };
}

/** Never cancelled, never adopted: what else runs must be ended by whoever began it. */
function busyWith(left: readonly ProtectedItem[]): string | null {
  for (const item of left) {
    const { friendlyName, currentScenario } = item;
    if (currentScenario !== null) {
      return `${friendlyName} is busy with ${currentScenario.name} (${currentScenario.jobId})`;
    }
    if (isTested(item)) return `the test failover of ${friendlyName} must be cleaned up first`;
  }
  return null;
}

/**
 * Azure-to-Azure has no planned failover. It is lossless all the same when a recovery point is newer than the closing
 * of the application; only machines that run make such points, which is why they are not stopped before.
 */
async function missingPoints(
  context: StepContext,
  left: readonly ProtectedItem[],
): Promise<string | null> {
  const { closedAt, execution, azure } = context;
  if (execution.mode === 'unplanned' || closedAt === null) return null;
  const looks = await Promise.all(
    left.map(async (item) => ({
      item,
      points: await azure.siteRecovery.recoveryPoints(item.id),
    })),
  );
  const late = looks.filter(({ points }) => !points.some(({ at }) => at > closedAt));
  return late.length === 0
    ? null
    : `no recovery point is newer than the closing of the application at ${closedAt} for ${names(late.map(({ item }) => item))}`;
}

/** The machines' power is noted once, right before anything is done: an undo starts those that ran. */
async function powersBefore(context: StepContext, { items }: Vault): Promise<readonly Sight[]> {
  if (context.before !== null) return [];
  return lookAt(
    context,
    items.map(({ sourceMachineId }) => sourceMachineId),
  );
}

function factsOf(context: StepContext, { items }: Vault, sights: readonly Sight[]): JsonObject {
  return {
    at: instant(context.clock.now()),
    items: items.map((item) => ({
      name: item.friendlyName,
      state: item.protectionState,
      active: item.activeLocation,
      arrived: isIn(item, context.execution.to.region),
      source: item.sourceMachineId,
      power: sights.find(({ id }) => id === item.sourceMachineId)?.power ?? null,
    })),
  };
}
