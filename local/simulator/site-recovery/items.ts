import type { JobScenario } from './jobs.ts';

/**
 * Azure-to-Azure, from first replication to failover and, after protecting the other way, around again. `abandoned`:
 * a failover was cancelled in flight, and the machine is not replicated any more.
 */
export type Stage =
  | 'initial-replication'
  | 'first-point-pending'
  | 'protected'
  | 'commit-pending'
  | 'committed'
  | 'abandoned';

export type ItemOperation =
  | 'UnplannedFailover'
  | 'TestFailover'
  | 'TestFailoverCleanup'
  | 'Commit'
  | 'ChangePit'
  | 'SwitchProtection'
  | 'DisableProtection'
  | 'CompleteMigration'
  | 'PlannedFailover';

export interface RecoveryPoint {
  readonly name: string;
  readonly at: number;
}

/** A protected machine. Its state is changed by replication and by jobs only. */
export interface ProtectedItem {
  /** Stays when the item moves to the other container; its ARM id does not. */
  readonly managementId: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly containerId: string;
  readonly recoveryContainerId: string;
  readonly policyId: string;
  readonly sourceMachineId: string;
  readonly primaryRegion: string;
  readonly recoveryRegion: string;
  readonly initialPrimaryRegion: string;
  readonly initialRecoveryRegion: string;
  readonly recoveryGroupId: string;
  readonly recoveryNetworkId: string;
  stage: Stage;
  /** Of the first replication. */
  percentComplete: number;
  busy: { readonly scenario: JobScenario; readonly jobId: string; readonly since: number } | null;
  points: readonly RecoveryPoint[];
  /** What the machine wrote up to then has reached the other region. */
  replicatedUpTo: number;
  /** As the service last reckoned it; it is not reckoned while nothing replicates. */
  rpo: { readonly seconds: number; readonly at: number } | null;
  failoverPoint: RecoveryPoint | null;
  recoveryMachineId: string | null;
  testMachineId: string | null;
  lastFailoverAt: number | null;
  lastTestFailoverAt: number | null;
}

export function itemId({ containerId, name }: Pick<ProtectedItem, 'containerId' | 'name'>): string {
  return `${containerId}/replicationProtectedItems/${name}`;
}

const ALLOWED: Readonly<Record<Stage, readonly ItemOperation[]>> = {
  'initial-replication': ['DisableProtection'],
  'first-point-pending': ['DisableProtection'],
  protected: ['UnplannedFailover', 'DisableProtection', 'TestFailover'],
  'commit-pending': ['CompleteMigration', 'Commit', 'DisableProtection', 'ChangePit'],
  committed: ['CompleteMigration', 'DisableProtection', 'SwitchProtection'],
  abandoned: ['DisableProtection'],
};

/** What the item itself would allow, whether a job holds it or not. */
export function allowedOperations({
  stage,
  testMachineId,
}: ProtectedItem): readonly ItemOperation[] {
  return testMachineId === null ? ALLOWED[stage] : ['TestFailoverCleanup'];
}

export function isReady(item: ProtectedItem, operation: ItemOperation): boolean {
  return item.busy === null && allowedOperations(item).includes(operation);
}

export function isReplicating({ stage, busy }: ProtectedItem): boolean {
  return stage === 'protected' && busy?.scenario !== 'UnplannedFailover';
}
