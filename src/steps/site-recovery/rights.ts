import type { Permission } from '../contract.ts';

const ITEMS =
  'Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems';
const PLANS = 'Microsoft.RecoveryServices/vaults/replicationRecoveryPlans';

/** What it takes to read a vault and to begin one kind of operation in it. */
export function vaultRights(vault: string, operation: string): readonly Permission[] {
  return [
    'Microsoft.RecoveryServices/vaults/replicationProtectedItems/read',
    'Microsoft.RecoveryServices/vaults/replicationJobs/read',
    'Microsoft.RecoveryServices/vaults/replicationOperationStatus/read',
    `${ITEMS}/read`,
    `${ITEMS}/recoveryPoints/read`,
    `${ITEMS}/${operation}/action`,
    `${PLANS}/read`,
    `${PLANS}/${operation}/action`,
  ].map((action) => ({ action, scope: vault }));
}
