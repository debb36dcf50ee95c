import type { ProtectedItem } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Ask, Call, Refusal, StepContext } from '../contract.ts';
import { isOff, lookAt } from '../machines/sight.ts';
import { sentBy } from '../operation.ts';
import { allows, lookAtVault, names, planFor, unclearMachines } from '../site-recovery/items.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';
import { rest } from './observe.ts';

export async function act(
  context: StepContext,
  settings: FailoverSettings,
): Promise<readonly Call[] | Ask | Refusal> {
  const vault = await lookAtVault(context, settings);
  if (vault.unclear.length > 0) return unclearMachines(vault, settings);
  const left = rest(context, vault);
  const refused = left.filter((item) => !allows(item, 'UnplannedFailover'));
  if (refused.length > 0) return notAllowed(refused);
  if (mustAsk(context)) return askOpen(left);
  const shutDownSource = await shouldShutDown(context, left);
  const plan = planFor(vault, left, 'UnplannedFailover');
  if (plan !== null) return [failoverPlan(context, settings, plan.name, shutDownSource)];
  return Promise.all(left.map((item) => failoverItem(context, settings, item, shutDownSource)));
}

function notAllowed(items: readonly ProtectedItem[]): Refusal {
  const states = items.map(({ friendlyName, protectionState, allowedOperations }) => {
    const allowed = allowedOperations.length === 0 ? 'nothing' : allowedOperations.join(', ');
    return `${friendlyName} is ${protectionState} and allows ${allowed}`;
  });
  const message =
    `Site Recovery does not allow a failover: ${states.join('; ')}. ` +
    'Replicate the machines in this direction (reprotect them after a committed failover).';
  return { refuse: { code: 'FAILOVER_NOT_ALLOWED', message } };
}

function mustAsk({ execution, closedAt, acceptedLossSeconds }: StepContext): boolean {
  return execution.mode === 'planned' && closedAt === null && acceptedLossSeconds === null;
}

function askOpen(left: readonly ProtectedItem[]): Ask {
  return {
    ask: 'data-loss',
    upToSeconds: null,
    sentence:
      `The application was not closed before, so what ${names(left)} write until they are shut down may be lost: ` +
      'Site Recovery cannot move Azure machines without loss while they are in use.',
  };
}

/**
 * A planned run stops the machines and lets their last writes cross. In an unplanned one that is worth its minutes
 * only when the old region answers and something there still runs.
 */
async function shouldShutDown(
  context: StepContext,
  left: readonly ProtectedItem[],
): Promise<boolean> {
  if (context.execution.mode === 'planned') return true;
  const sights = await lookAt(
    context,
    left.map(({ sourceMachineId }) => sourceMachineId),
  );
  return (
    sights.every(({ power }) => power !== 'unreachable') && sights.some((sight) => !isOff(sight))
  );
}

function failoverPlan(
  context: StepContext,
  { vault, recoveryPoint }: FailoverSettings,
  plan: string,
  shutDownSource: boolean,
): Call {
  return {
    name: 'failover',
    sentence: `POST unplannedFailover of recovery plan ${plan} ${manner(shutDownSource)}`,
    send: async (signal) =>
      sentBy(
        'failover',
        await context.azure.siteRecovery.failoverPlan(
          vault,
          plan,
          { shutDownSource, recoveryPoint },
          signal,
        ),
      ),
  };
}

async function failoverItem(
  context: StepContext,
  { recoveryPoint }: FailoverSettings,
  item: ProtectedItem,
  shutDownSource: boolean,
): Promise<Call> {
  const name = `failover:${item.friendlyName}`;
  const point = recoveryPoint === 'Latest' ? null : await newestPoint(context, item);
  const options = { shutDownSource, ...(point === null ? {} : { recoveryPointId: point }) };
  return {
    name,
    sentence: `POST unplannedFailover of ${item.friendlyName} ${manner(shutDownSource)}${point === null ? '' : ` to ${resourceName(point)}`}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.failoverItem(item.id, options, signal)),
  };
}

/** Recovery points are not sorted. */
async function newestPoint(context: StepContext, item: ProtectedItem): Promise<string | null> {
  const points = await context.azure.siteRecovery.recoveryPoints(item.id);
  return points.toSorted((left, right) => right.at.localeCompare(left.at))[0]?.id ?? null;
}

function manner(shutDownSource: boolean): string {
  return shutDownSource ? 'with shutdown of the source' : 'without shutdown of the source';
}
