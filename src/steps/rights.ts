import { canonicalId, isWithin, sameResource } from '../core/resource-id.ts';
import { resolveFencing } from '../plan/fencing.ts';
import { everyRun, journeys, rehearsalRuns } from '../plan/journey.ts';
import type { Run } from '../plan/journey.ts';
import { lagSources } from '../plan/lag.ts';
import type { Plan } from '../plan/plan.ts';
import { resolveSteps } from '../plan/resolve.ts';
import { resolveSignals } from '../plan/signals.ts';
import type { WatchedSignal } from '../plan/signals.ts';
import type { Permission } from './contract.ts';
import { subscriptionOf } from './permissions.ts';
import { bindByName } from './registry.ts';

/** What each of the app's identities needs for one plan, each right once and at the narrowest scope that works. */
export interface PlanRights {
  readonly watch: readonly Permission[];
  readonly failover: readonly Permission[];
  readonly forced: readonly Permission[];
  /** What the plan does not say the place of, so that it has to be granted by hand. */
  readonly byHand: readonly string[];
}

export function rightsOf(plan: Plan): PlanRights {
  const runs = everyRun(plan);
  const planned = ofSteps(
    plan,
    runs.filter(({ mode }) => mode === 'planned'),
  );
  const unplanned = ofSteps(
    plan,
    runs.filter(({ mode }) => mode === 'unplanned'),
  );
  const reads = [...planned, ...unplanned].filter(({ action }) => action.endsWith('/read'));
  const rehearsed = ofSteps(plan, rehearsalRuns(plan));
  const signals = Object.keys(plan.sites).flatMap((site) => resolveSignals(plan, site));
  const logs = signals.flatMap((one) => (one.uses === 'logs' ? [one.with.workspace] : []));
  return {
    watch: distinct([
      ...reads,
      ...rehearsed,
      ...ofOldSide(plan),
      ...ofLag(plan),
      ...signals.flatMap(ofSignal),
      ...[...new Set(reads.map(({ scope }) => subscriptionOf(scope)))].flatMap(ofDryRun),
    ]),
    failover: distinct(withItself(planned.filter(({ losesData }) => losesData !== true))),
    // An execution that becomes an unplanned one goes on with what the planned one has begun.
    forced: distinct(withItself([...planned, ...unplanned])),
    byHand: [...new Set(logs)].map((id) => `Log Analytics Data Reader at the workspace ${id}`),
  };
}

function ofSteps(plan: Plan, runs: readonly Run[]): readonly Permission[] {
  return runs
    .flatMap((run) => resolveSteps(plan, run))
    .flatMap((stage) => stage.steps)
    .flatMap((step) => bindByName(step.uses, step.with).permissions);
}

/** Whoever acts is asked beforehand what it may do: only it can ask for itself. */
function withItself(rights: readonly Permission[]): readonly Permission[] {
  const own = 'Microsoft.Authorization/permissions/read';
  return [...rights, ...rights.map(({ scope }) => ({ action: own, scope }))];
}

function ofOldSide(plan: Plan): readonly Permission[] {
  return journeys(plan)
    .map((journey) => resolveFencing(plan, journey))
    .flatMap(({ machines, trafficManager }) => [
      ...machines.map((scope) => ({ action: 'Microsoft.Compute/virtualMachines/read', scope })),
      ...(trafficManager === undefined ? [] : [profileRead(trafficManager.profile)]),
    ]);
}

function ofLag(plan: Plan): readonly Permission[] {
  return Object.keys(plan.sites)
    .flatMap((site) => lagSources(plan, site))
    .map(metricsRead);
}

function ofSignal(signal: WatchedSignal): readonly Permission[] {
  switch (signal.uses) {
    case 'traffic-manager':
      return [profileRead(signal.with.profile)];
    case 'metric':
      return [metricsRead(signal.with.resource)];
    case 'sql':
      return [{ action: 'Microsoft.Sql/servers/failoverGroups/read', scope: signal.with.server }];
    case 'resource-health':
      // One list of a subscription tells of all its resources.
      return signal.with.resources.map((id) => ({
        action: 'Microsoft.ResourceHealth/availabilityStatuses/read',
        scope: subscriptionOf(id),
      }));
    case 'site-recovery':
      return [
        {
          action: 'Microsoft.RecoveryServices/vaults/replicationProtectedItems/read',
          scope: signal.with.vault,
        },
      ];
    case 'http':
    case 'alert':
    case 'logs':
      return [];
  }
}

/** What a dry-run looks for besides: locks, and room for machines. */
function ofDryRun(subscription: string): readonly Permission[] {
  return [
    'Microsoft.Authorization/locks/read',
    'Microsoft.Compute/locations/usages/read',
    'Microsoft.Compute/skus/read',
  ].map((action) => ({ action, scope: subscription }));
}

function profileRead(scope: string): Permission {
  return { action: 'Microsoft.Network/trafficManagerProfiles/read', scope };
}

function metricsRead(scope: string): Permission {
  return { action: 'Microsoft.Insights/metrics/read', scope };
}

/** What is given at a scope holds below it, too. */
function distinct(rights: readonly Permission[]): readonly Permission[] {
  const wide = (one: Permission, other: Permission): boolean =>
    one.action === other.action &&
    isWithin(other.scope, one.scope) &&
    !sameResource(one.scope, other.scope);
  const seen = new Map<string, Permission>();
  for (const { action, scope } of rights) {
    const key = `${action} ${canonicalId(scope)}`;
    const given = { action, scope };
    if (!seen.has(key) && !rights.some((one) => wide(one, given))) seen.set(key, given);
  }
  return [...seen.values()];
}
