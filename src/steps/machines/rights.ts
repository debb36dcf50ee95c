import type { Permission } from '../contract.ts';
import { subscriptionOf } from '../permissions.ts';

/** What it takes to read, stop and start machines, at the narrowest scope that covers them. */
export function machineRights(scopes: readonly string[]): readonly Permission[] {
  return scopes.flatMap((scope) => [
    { action: 'Microsoft.Compute/virtualMachines/read', scope },
    { action: 'Microsoft.Compute/virtualMachines/instanceView/read', scope },
    { action: 'Microsoft.Compute/virtualMachines/deallocate/action', scope },
    { action: 'Microsoft.Compute/virtualMachines/start/action', scope },
    { action: 'Microsoft.Compute/locations/operations/read', scope: subscriptionOf(scope) },
  ]);
}
