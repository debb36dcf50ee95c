import type {
  A2AReplicationDetails,
  CurrentScenarioDetails,
  HealthError as HealthErrorOnWire,
  InMageRcmReplicationDetails,
  Job as JobOnWire,
  JobErrorDetails,
  RecoveryPlan as PlanOnWire,
  RecoveryPoint as PointOnWire,
  ReplicationProtectedItem as ItemOnWire,
  ReplicationProviderSpecificSettingsUnion,
} from '@azure/arm-recoveryservices-siterecovery';
import type { HealthError, Job, ProtectedItem, RecoveryPlan, RecoveryPoint } from '../access.ts';
import { instantOrNull } from '../read.ts';
import { locate, nameOf } from '../resource.ts';

/** What the providers say each in its own words. */
type ProviderFacts = Pick<
  ProtectedItem,
  | 'sourceMachineId'
  | 'recoveryMachineId'
  | 'recoveryResourceGroupId'
  | 'recoveryMachineName'
  | 'recoveryMachineSize'
  | 'recoveryNetworkId'
  | 'testMachineId'
  | 'primaryLocation'
  | 'recoveryLocation'
  | 'rpoSeconds'
  | 'rpoAt'
>;

export function itemOf(item: ItemOnWire): ProtectedItem {
  const id = item.id ?? '';
  const located = locate(id);
  const properties = item.properties ?? {};
  const details = properties.providerSpecificDetails;
  return {
    id,
    name: item.name ?? located.name,
    friendlyName: properties.friendlyName ?? '',
    provider: details?.instanceType ?? '',
    protectionState: properties.protectionState ?? '',
    activeLocation: properties.activeLocation ?? '',
    testFailoverState: properties.testFailoverState ?? '',
    allowedOperations: properties.allowedOperations ?? [],
    replicationHealth: properties.replicationHealth ?? '',
    failoverHealth: properties.failoverHealth ?? '',
    healthErrors: (properties.healthErrors ?? []).map(healthErrorOf),
    currentScenario: scenarioOf(properties.currentScenario),
    fabric: nameOf(located, 'replicationFabrics'),
    container: nameOf(located, 'replicationProtectionContainers'),
    ...factsOf(details),
    failoverRecoveryPointId: orNullText(properties.failoverRecoveryPointId),
  };
}

function factsOf(details: ReplicationProviderSpecificSettingsUnion | undefined): ProviderFacts {
  if (isA2A(details)) {
    return {
      sourceMachineId: details.fabricObjectId ?? '',
      recoveryMachineId: orNullText(details.recoveryFabricObjectId),
      recoveryResourceGroupId: orNullText(details.recoveryAzureResourceGroupId),
      recoveryMachineName: orNullText(details.recoveryAzureVMName),
      recoveryMachineSize: orNullText(details.recoveryAzureVMSize),
      recoveryNetworkId: orNullText(details.selectedRecoveryAzureNetworkId),
      testMachineId: orNullText(details.testFailoverRecoveryFabricObjectId),
      primaryLocation: details.primaryFabricLocation ?? '',
      recoveryLocation: details.recoveryFabricLocation ?? '',
      rpoSeconds: details.rpoInSeconds ?? null,
      rpoAt: instantOrNull(details.lastRpoCalculatedTime),
    };
  }
  const rcm = isRcm(details) ? details : undefined;
  return {
    sourceMachineId: rcm?.fabricDiscoveryMachineId ?? '',
    recoveryMachineId: null,
    recoveryResourceGroupId: orNullText(rcm?.targetResourceGroupId),
    recoveryMachineName: orNullText(rcm?.targetVmName),
    recoveryMachineSize: orNullText(rcm?.targetVmSize),
    recoveryNetworkId: orNullText(rcm?.targetNetworkId),
    testMachineId: null,
    primaryLocation: '',
    recoveryLocation: rcm?.targetLocation ?? '',
    rpoSeconds: rcm?.lastRpoInSeconds ?? null,
    rpoAt: instantOrNull(rcm?.lastRpoCalculatedTime),
  };
}

function healthErrorOf(error: HealthErrorOnWire): HealthError {
  return {
    code: error.errorCode ?? '',
    category: error.errorCategory ?? '',
    level: error.errorLevel ?? '',
    message: error.errorMessage ?? error.summaryMessage ?? '',
    advice: error.recommendedAction ?? '',
    since: instantOrNull(error.creationTimeUtc),
  };
}

function isA2A(
  details?: ReplicationProviderSpecificSettingsUnion,
): details is A2AReplicationDetails {
  return details?.instanceType === 'A2A';
}

function isRcm(
  details?: ReplicationProviderSpecificSettingsUnion,
): details is InMageRcmReplicationDetails {
  return details?.instanceType === 'InMageRcm';
}

/** An idle item names a scenario "None", begun in 1753. */
function scenarioOf(
  scenario: CurrentScenarioDetails | undefined,
): ProtectedItem['currentScenario'] {
  const name = scenario?.scenarioName ?? 'None';
  if (scenario === undefined || name === 'None') return null;
  return { name, jobId: scenario.jobId ?? '', startedAt: instantOrNull(scenario.startTime) ?? '' };
}

/** A point without a time proves nothing about what it holds. */
export function recoveryPointOf(point: PointOnWire): RecoveryPoint[] {
  const at = instantOrNull(point.properties?.recoveryPointTime);
  if (at === null) return [];
  return [
    {
      id: point.id ?? '',
      name: point.name ?? '',
      at,
      type: point.properties?.recoveryPointType ?? '',
    },
  ];
}

export function planOf(plan: PlanOnWire, name: string): RecoveryPlan {
  const properties = plan.properties ?? {};
  const scenario = scenarioOf(properties.currentScenario);
  return {
    id: plan.id ?? '',
    name: plan.name ?? name,
    allowedOperations: properties.allowedOperations ?? [],
    currentScenario: scenario === null ? null : { name: scenario.name, jobId: scenario.jobId },
    currentScenarioStatus: properties.currentScenarioStatus ?? null,
    // Shutdown and failover groups come first and are empty.
    groups: (properties.groups ?? [])
      .map((group) => (group.replicationProtectedItems ?? []).flatMap((item) => item.id ?? []))
      .filter((group) => group.length > 0),
  };
}

export function jobOf(job: JobOnWire): Job {
  const properties = job.properties ?? {};
  const tasks = properties.tasks ?? [];
  return {
    id: job.id ?? '',
    scenario: properties.scenarioName ?? '',
    state: properties.state ?? '',
    stateDescription: properties.stateDescription ?? '',
    target: properties.targetObjectName ?? '',
    startedAt: instantOrNull(properties.startTime),
    endedAt: instantOrNull(properties.endTime),
    tasks: tasks.map((task) => ({
      name: task.friendlyName ?? task.name ?? '',
      state: task.state ?? '',
    })),
    errors: [...(properties.errors ?? []), ...tasks.flatMap((task) => task.errors ?? [])].map(
      jobError,
    ),
  };
}

function jobError({ serviceErrorDetails, providerErrorDetails }: JobErrorDetails): {
  code: string;
  message: string;
} {
  const code = serviceErrorDetails?.code ?? providerErrorDetails?.errorCode ?? 'Unknown';
  const message =
    serviceErrorDetails?.message ??
    providerErrorDetails?.errorMessage ??
    'Site Recovery gives no reason.';
  const advice =
    serviceErrorDetails?.recommendedAction ?? providerErrorDetails?.recommendedAction ?? '';
  return { code: String(code), message: advice === '' ? message : `${message} ${advice}` };
}

/** What is not set yet comes as an empty text. */
function orNullText(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' ? null : text;
}
