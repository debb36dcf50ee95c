import type { Json, JsonObject } from '../../../src/core/json.ts';
import { resourceName } from '../../../src/core/resource-id.ts';
import { isAllowed } from './actions.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import { scenarioJson } from './item-wire.ts';
import { OF_PLANS } from './kinds.ts';
import { planTarget } from './targets.ts';
import { itemsOf } from './vault.ts';
import type { RecoveryPlan, Vault } from './vault.ts';
import { fine } from './wire-time.ts';

/** LIST gives no groups; GET gives an empty Shutdown and Failover group in front. */
export function planJson(vault: Vault, plan: RecoveryPlan, from: 'get' | 'list'): JsonObject {
  const groups = itemsOf(vault, plan);
  const target = planTarget(vault, plan);
  const allowed = OF_PLANS.filter(([, kind]) => isAllowed(target, kind)).map(([name]) => name);
  return {
    id: plan.id,
    name: resourceName(plan.id),
    type: 'Microsoft.RecoveryServices/vaults/replicationRecoveryPlans',
    properties: {
      friendlyName: resourceName(plan.id),
      ...fabricsJson(vault, plan),
      failoverDeploymentModel: 'ResourceManager',
      replicationProviders: ['A2A'],
      allowedOperations: allowed,
      ...(plan.lastFailoverAt !== null && { lastUnplannedFailoverTime: fine(plan.lastFailoverAt) }),
      ...(plan.lastTestFailoverAt !== null && {
        lastTestFailoverTime: fine(plan.lastTestFailoverAt),
      }),
      currentScenario: scenarioJson(vault, plan.busy),
      currentScenarioStatus: plan.lastEnd?.status ?? null,
      currentScenarioStatusDescription: plan.lastEnd?.description ?? null,
      groups:
        from === 'list'
          ? []
          : [
              groupJson('Shutdown', []),
              groupJson('Failover', []),
              ...groups.map((group) => groupJson('Boot', group)),
            ],
      providerSpecificDetails: [],
    },
  };
}

function fabricsJson({ fabrics }: Vault, plan: RecoveryPlan): JsonObject {
  const region = (id: string): string | null =>
    fabrics.find((fabric) => fabric.id === id)?.region ?? null;
  return {
    primaryFabricId: plan.primaryFabricId,
    primaryFabricFriendlyName: region(plan.primaryFabricId),
    recoveryFabricId: plan.recoveryFabricId,
    recoveryFabricFriendlyName: region(plan.recoveryFabricId),
  };
}

function groupJson(groupType: string, items: readonly ProtectedItem[]): Json {
  return {
    groupType,
    replicationProtectedItems: items.map((item) => ({
      id: itemId(item),
      virtualMachineId: item.managementId,
    })),
    startGroupActions: [],
    endGroupActions: [],
  };
}
