import type { Json, JsonObject } from '../../../src/core/json.ts';
import { resourceName, sameResource } from '../../../src/core/resource-id.ts';
import type { ProtectedItem } from './items.ts';
import { fabricOf } from './vault.ts';
import type { Fabric, Mapping, Vault } from './vault.ts';

const TYPE = 'Microsoft.RecoveryServices/vaults';

export function fabricJson({ id, region, containerId }: Fabric): JsonObject {
  return {
    id,
    name: resourceName(id),
    type: `${TYPE}/replicationFabrics`,
    properties: {
      friendlyName: region,
      bcdrState: 'Valid',
      health: 'Normal',
      healthErrorDetails: [],
      customDetails: { instanceType: 'Azure', location: region, containerIds: [containerId] },
    },
  };
}

export function containerJson(vault: Vault, { containerId, region }: Fabric): JsonObject {
  const items = [...vault.items.values()].filter((item) =>
    sameResource(item.containerId, containerId),
  );
  return {
    id: containerId,
    name: resourceName(containerId),
    type: `${TYPE}/replicationFabrics/replicationProtectionContainers`,
    properties: {
      fabricFriendlyName: region,
      friendlyName: resourceName(containerId),
      fabricType: 'AzureFabric',
      protectedItemCount: items.length,
      pairingStatus: 'Paired',
      role: items.length > 0 ? 'Primary' : '',
      fabricSpecificDetails: null,
    },
  };
}

export function mappingJson(
  vault: Vault,
  { name, containerId, targetContainerId, policyId }: Mapping,
): JsonObject {
  return {
    id: `${containerId}/replicationProtectionContainerMappings/${name}`,
    name,
    type: `${TYPE}/replicationFabrics/replicationProtectionContainers/replicationProtectionContainerMappings`,
    properties: {
      targetProtectionContainerId: targetContainerId,
      targetProtectionContainerFriendlyName: resourceName(targetContainerId),
      providerSpecificDetails: { instanceType: 'A2A', agentAutoUpdateStatus: 'Disabled' },
      health: 'Normal',
      healthErrorDetails: [],
      policyId,
      policyFriendlyName: resourceName(policyId),
      state: 'Paired',
      sourceProtectionContainerFriendlyName: resourceName(containerId),
      sourceFabricFriendlyName: fabricOf(vault, containerId).region,
      targetFabricFriendlyName: fabricOf(vault, targetContainerId).region,
    },
  };
}

export function policyJson(policyId: string): JsonObject {
  return {
    id: policyId,
    name: resourceName(policyId),
    type: `${TYPE}/replicationPolicies`,
    properties: {
      friendlyName: resourceName(policyId),
      providerSpecificDetails: {
        instanceType: 'A2A',
        recoveryPointHistory: 1440,
        crashConsistentFrequencyInMinutes: 5,
        appConsistentFrequencyInMinutes: 0,
        multiVmSyncStatus: 'Enabled',
      },
    },
  };
}

export function vaultHealthJson(vault: Vault): JsonObject {
  const untested = [...vault.items.values()].filter(
    ({ lastTestFailoverAt }) => lastTestFailoverAt === null,
  );
  return {
    id: `${vault.id}/replicationVaultHealth/default`,
    name: 'default',
    type: `${TYPE}/replicationVaultHealth`,
    properties: {
      vaultErrors: [],
      protectedItemsHealth: {
        resourceCount: vault.items.size,
        issues: untested.length === 0 ? [] : [untestedIssue(untested)],
      },
      fabricsHealth: { resourceCount: vault.fabrics.length, issues: [] },
      containersHealth: { resourceCount: vault.fabrics.length, issues: [] },
    },
  };
}

function untestedIssue(items: readonly ProtectedItem[]): Json {
  return {
    summaryCode: '161011',
    category: 'TestFailover',
    severity: 'Warning',
    summaryMessage: 'No successful test failover has been done.',
    affectedResourceType: 'ReplicationProtectedItem',
    affectedResourceSubtype: 'A2A',
    affectedResourceCorrelationIds: items.map(({ managementId }) => managementId),
  };
}
