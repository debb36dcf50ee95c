import type { Json, JsonObject } from '../../../src/core/json.ts';
import { canonicalId, resourceName } from '../../../src/core/resource-id.ts';
import { MACHINE_SIZE } from '../compute/wire.ts';
import { allowedOperations, itemId } from './items.ts';
import type { ProtectedItem, RecoveryPoint, Stage } from './items.ts';
import { pointId } from './job-wire.ts';
import { fabricOf } from './vault.ts';
import type { Fabric, Vault } from './vault.ts';
import { NO_SCENARIO_SINCE, fine } from './wire-time.ts';

const TYPE =
  'Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems';

/** `abandoned` is a guess: that state was never recorded. */
const STATES: Readonly<Record<Stage, readonly [state: string, description: string]>> = {
  'initial-replication': ['InitialReplicationInProgress', 'Initial replication is in progress'],
  'first-point-pending': [
    'InitialReplicationRecoveryCompletionPending',
    'Waiting for first recovery point',
  ],
  protected: ['Protected', 'Protected'],
  'commit-pending': ['UnplannedFailoverCommitPendingStatesBegin', 'Failover completed'],
  committed: ['UnplannedFailoverCommitted', 'Failover committed'],
  abandoned: ['Protected', 'Failover cancelled'],
};

/** In the order that was recorded. */
export function itemJson(vault: Vault, item: ProtectedItem): JsonObject {
  const primary = fabricOf(vault, item.containerId);
  const recovery = fabricOf(vault, item.recoveryContainerId);
  const [state, description] = STATES[item.stage];
  const tested = item.testMachineId !== null;
  return {
    id: itemId(item),
    name: item.name,
    type: TYPE,
    properties: {
      friendlyName: item.friendlyName,
      protectedItemType: '',
      protectableItemId: null,
      recoveryServicesProviderId: null,
      primaryFabricFriendlyName: primary.region,
      primaryFabricProvider: 'AzureFabric',
      recoveryFabricFriendlyName: recovery.region,
      recoveryFabricId: recovery.id,
      primaryProtectionContainerFriendlyName: resourceName(item.containerId),
      recoveryProtectionContainerFriendlyName: resourceName(item.recoveryContainerId),
      protectionState: state,
      protectionStateDescription: tested ? 'Cleanup test failover pending' : description,
      activeLocation: ['commit-pending', 'committed'].includes(item.stage) ? 'Recovery' : 'Primary',
      testFailoverState: tested ? 'WaitingForCompletion' : 'None',
      testFailoverStateDescription: tested ? 'Waiting for user input' : 'None',
      switchProviderState: 'None',
      switchProviderStateDescription: null,
      allowedOperations: item.busy === null ? allowedOperations(item) : [],
      replicationHealth: replicationHealth(item),
      failoverHealth: item.lastTestFailoverAt === null ? 'Warning' : 'Normal',
      healthErrors: healthErrors(item),
      policyId: item.policyId,
      policyFriendlyName: resourceName(item.policyId),
      ...lastTimes(item),
      currentScenario: scenarioJson(vault, item.busy),
      failoverRecoveryPointId: failoverPointId(primary, item),
      providerSpecificDetails: a2aDetails(item),
      recoveryContainerId: item.recoveryContainerId,
      eventCorrelationId: item.managementId,
    },
  };
}

/** Absent until there is one. */
function lastTimes({ lastFailoverAt, lastTestFailoverAt }: ProtectedItem): JsonObject {
  return {
    ...(lastFailoverAt !== null && { lastSuccessfulFailoverTime: fine(lastFailoverAt) }),
    ...(lastTestFailoverAt !== null && {
      lastSuccessfulTestFailoverTime: fine(lastTestFailoverAt),
    }),
  };
}

/** As recorded: with a GUID where the container's name belongs, so that only its last segment is of use. */
function failoverPointId(
  { containerId, containerGuid }: Fabric,
  item: ProtectedItem,
): string | null {
  if (item.failoverPoint === null) return null;
  const container = containerId.slice(0, containerId.lastIndexOf('/'));
  return pointId(item, item.failoverPoint.name).replace(
    containerId,
    `${container}/${containerGuid}`,
  );
}

/** How to find an operation that somebody else began. */
export function scenarioJson(vault: Vault, busy: ProtectedItem['busy']): JsonObject {
  return {
    scenarioName: busy?.scenario ?? 'None',
    jobId: `${vault.id}/replicationJobs/${busy?.jobId ?? 'None'}`,
    startTime: busy === null ? NO_SCENARIO_SINCE : fine(busy.since),
  };
}

export function pointJson(item: ProtectedItem, point: RecoveryPoint): JsonObject {
  return {
    id: pointId(item, point.name),
    name: point.name,
    type: `${TYPE}/recoveryPoints`,
    properties: {
      recoveryPointTime: fine(point.at),
      recoveryPointType: 'CrashConsistent',
      providerSpecificDetails: { instanceType: 'A2A', recoveryPointSyncType: 'PerVmRecoveryPoint' },
    },
  };
}

/** Recordings show an RPO of 107 to 393 s as Normal; that more than half an hour is Critical is a guess. */
const CRITICAL_RPO_SECONDS = 1800;

function replicationHealth({ stage, rpo }: ProtectedItem): 'Normal' | 'Critical' {
  if (stage === 'abandoned') return 'Critical';
  return stage === 'protected' && rpo !== null && rpo.seconds > CRITICAL_RPO_SECONDS
    ? 'Critical'
    : 'Normal';
}

function healthErrors({ friendlyName, lastTestFailoverAt, managementId }: ProtectedItem): Json {
  if (lastTestFailoverAt !== null) return [];
  const text = `No successful test failover has been done on the virtual machine '${friendlyName}'.`;
  return [
    {
      innerHealthErrors: [],
      errorSource: 'Dra',
      errorType: 'TestFailover',
      errorLevel: 'Warning',
      errorCategory: 'TestFailover',
      errorCode: '161011',
      summaryMessage: text,
      errorMessage: text,
      possibleCauses: 'A test failover was never run, or none succeeded.',
      recommendedAction: 'Run a test failover.',
      entityId: managementId,
      errorId: '161011',
      customerResolvability: 'Allowed',
    },
  ];
}

function a2aDetails(item: ProtectedItem): JsonObject {
  return {
    instanceType: 'A2A',
    fabricObjectId: canonicalId(item.sourceMachineId),
    initialPrimaryFabricLocation: item.initialPrimaryRegion,
    initialRecoveryFabricLocation: item.initialRecoveryRegion,
    multiVmGroupId: null,
    multiVmGroupName: null,
    multiVmGroupCreateOption: 'AutoCreated',
    managementId: item.managementId,
    protectedDisks: null,
    protectedManagedDisks: [diskJson(item)],
    primaryFabricLocation: item.primaryRegion,
    recoveryFabricLocation: item.recoveryRegion,
    osType: 'Linux',
    recoveryAzureVMSize: MACHINE_SIZE,
    recoveryAzureVMName: item.friendlyName,
    recoveryAzureResourceGroupId: item.recoveryGroupId,
    selectedRecoveryAzureNetworkId: item.recoveryNetworkId,
    selectedTfoAzureNetworkId: item.recoveryNetworkId,
    testFailoverRecoveryFabricObjectId: item.testMachineId,
    recoveryFabricObjectId: item.recoveryMachineId,
    vmNics: [],
    monitoringPercentageCompletion: item.stage === 'initial-replication' ? item.percentComplete : 0,
    monitoringJobType: item.stage === 'initial-replication' ? 'InitialReplication' : null,
    lastHeartbeat: item.rpo === null ? null : fine(item.rpo.at),
    vmProtectionState: STATES[item.stage][0],
    vmProtectionStateDescription: STATES[item.stage][1],
    lifecycleId: item.managementId,
    rpoInSeconds: item.rpo?.seconds ?? null,
    lastRpoCalculatedTime: item.rpo === null ? null : fine(item.rpo.at),
    tfoAzureVMName: `${item.friendlyName}-test`,
    recoveryAzureGeneration: 'V2',
    vmEncryptionType: 'NotEncrypted',
    autoProtectionOfDataDisk: 'Disabled',
  };
}

function diskJson({
  sourceMachineId,
  recoveryGroupId,
  friendlyName,
  recoveryMachineId,
  percentComplete,
}: ProtectedItem): JsonObject {
  const disk = `${friendlyName}-os`;
  const inGroup = (group: string, name: string): string =>
    `${group}/providers/Microsoft.Compute/disks/${name}`;
  return {
    diskId: inGroup(sourceMachineId.split('/providers/')[0] ?? '', disk),
    recoveryResourceGroupId: recoveryGroupId,
    recoveryTargetDiskId: recoveryMachineId === null ? '' : inGroup(recoveryGroupId, disk),
    recoveryReplicaDiskId: inGroup(recoveryGroupId, `${disk}-ASRReplica`),
    // The service spells it so.
    recoveryOrignalTargetDiskId: inGroup(recoveryGroupId, disk),
    recoveryReplicaDiskAccountType: 'Premium_LRS',
    recoveryTargetDiskAccountType: 'Premium_LRS',
    diskName: disk,
    diskCapacityInBytes: 32 * 1024 ** 3,
    diskType: 'OS',
    resyncRequired: false,
    monitoringPercentageCompletion: percentComplete,
    dataPendingInStagingStorageAccountInMB: 0,
    dataPendingAtSourceAgentInMB: 0,
    diskState: 'Protected',
    failoverDiskName: `${disk}-failover`,
    tfoDiskName: `${disk}-test`,
  };
}
