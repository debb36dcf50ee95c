import { resourceName } from '../../../src/core/resource-id.ts';
import type { Target } from './actions.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import { itemsOf } from './vault.ts';
import type { RecoveryPlan, Vault } from './vault.ts';

export function itemTarget(item: ProtectedItem): Target {
  return {
    id: itemId(item),
    name: item.friendlyName,
    type: 'ProtectionEntity',
    plan: null,
    groups: [[item]],
  };
}

export function planTarget(vault: Vault, plan: RecoveryPlan): Target {
  return {
    id: plan.id,
    name: resourceName(plan.id),
    type: 'RecoveryPlan',
    plan,
    groups: itemsOf(vault, plan),
  };
}
