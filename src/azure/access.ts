import type { Instant } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operation } from '../core/step.ts';
import type { ManagementLocks, Quotas, Rights } from './readiness.ts';
import type { Logs, Metrics, ResourceHealth } from './signals.ts';

export type * from './readiness.ts';
export type * from './signals.ts';

/**
 * Azure as the step kinds see it: narrow ports in our own words. Reads are repeated on transient trouble, with the
 * servers' Retry-After, and throw `AzureError` when they give up. Changes are sent once, without retries, and return
 * what the service answered; following the operation is `operations.poll`.
 */
export interface AzureAccess {
  readonly machines: Machines;
  readonly sql: FailoverGroups;
  readonly siteRecovery: SiteRecovery;
  readonly traffic: TrafficManager;
  readonly network: Network;
  readonly metrics: Metrics;
  readonly logs: Logs;
  readonly health: ResourceHealth;
  readonly rights: Rights;
  readonly managementLocks: ManagementLocks;
  readonly quotas: Quotas;
  readonly operations: Operations;
  readonly rest: Rest;
}

/** The answer to a change. `operation` is absent when the service was done with the answer. */
export interface Accepted {
  readonly status: number;
  readonly correlationId?: string;
  readonly operation?: Omit<Operation, 'call'>;
}

export interface Rest {
  /** Null when it does not exist. The path is that of a resource, without a query. */
  get(path: string, apiVersion: string): Promise<JsonObject | null>;
  change(
    change: {
      readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      readonly path: string;
      readonly apiVersion: string;
      readonly body?: JsonObject;
    },
    signal: AbortSignal,
  ): Promise<Accepted>;
}

export interface Operations {
  /** One GET of the operation's address. Trouble with the poll itself says nothing about the operation and throws. */
  poll(operation: Operation): Promise<OperationStatus>;
}

export type OperationStatus =
  | { readonly is: 'running'; readonly retryAfterSeconds: number; readonly percent?: number }
  | { readonly is: 'succeeded'; readonly endedAt?: Instant }
  | { readonly is: 'failed' | 'canceled'; readonly code: string; readonly message: string };

export type PowerState =
  'running' | 'starting' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated' | 'unknown';

export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  /** `Standard_D2s_v3`; null when Azure does not say. */
  readonly size: string | null;
  readonly power: PowerState;
}

export interface Machines {
  /** Null when the machine does not exist. */
  get(id: string): Promise<Machine | null>;
  deallocate(id: string, signal: AbortSignal): Promise<Accepted>;
  start(id: string, signal: AbortSignal): Promise<Accepted>;
}

/** A failover group as one of its two servers sees it: each has its own view. */
export interface FailoverGroupView {
  readonly id: string;
  readonly server: string;
  readonly location: string;
  readonly role: 'Primary' | 'Secondary';
  /** Free text: CATCH_UP is at rest, SUSPENDED is not. */
  readonly replicationState: string;
  readonly policy: 'Manual' | 'Automatic';
  readonly graceMinutes: number | null;
  readonly partners: readonly {
    readonly id: string;
    readonly location: string;
    readonly role: string;
  }[];
  readonly databases: readonly string[];
}

export interface FailoverGroups {
  /** Null when the group or the server does not exist. */
  get(serverId: string, group: string): Promise<FailoverGroupView | null>;
  /** Lossless. Sent to the server that is to become primary; Azure refuses it on a primary. */
  failover(serverId: string, group: string, signal: AbortSignal): Promise<Accepted>;
  /** Data that was not yet replicated is lost. Same address rule. */
  forceFailover(serverId: string, group: string, signal: AbortSignal): Promise<Accepted>;
  /** Replication state of the links of one database. */
  links(databaseId: string): Promise<readonly ReplicationLink[]>;
}

export interface ReplicationLink {
  readonly partnerServer: string;
  readonly role: string;
  readonly partnerRole: string;
  readonly state: string;
}

export interface ProtectedItem {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly provider: string;
  readonly protectionState: string;
  readonly activeLocation: string;
  readonly testFailoverState: string;
  readonly allowedOperations: readonly string[];
  readonly replicationHealth: string;
  readonly failoverHealth: string;
  readonly healthErrors: readonly HealthError[];
  /** Null when nothing runs. */
  readonly currentScenario: {
    readonly name: string;
    readonly jobId: string;
    readonly startedAt: Instant;
  } | null;
  readonly fabric: string;
  readonly container: string;
  readonly sourceMachineId: string;
  readonly recoveryMachineId: string | null;
  readonly recoveryResourceGroupId: string | null;
  readonly recoveryMachineName: string | null;
  readonly recoveryMachineSize: string | null;
  /** Into which a failover, not a test, makes the machine. */
  readonly recoveryNetworkId: string | null;
  /** The machine of a test failover, until that is cleaned up. */
  readonly testMachineId: string | null;
  readonly primaryLocation: string;
  readonly recoveryLocation: string;
  readonly rpoSeconds: number | null;
  readonly rpoAt: Instant | null;
  readonly failoverRecoveryPointId: string | null;
}

export interface HealthError {
  readonly code: string;
  /** Replication, TestFailover, Configuration, … */
  readonly category: string;
  /** Warning, Error. */
  readonly level: string;
  readonly message: string;
  readonly advice: string;
  readonly since: Instant | null;
}

export interface RecoveryPoint {
  readonly id: string;
  readonly name: string;
  readonly at: Instant;
  readonly type: string;
}

export interface RecoveryPlan {
  readonly id: string;
  readonly name: string;
  readonly allowedOperations: readonly string[];
  readonly currentScenario: { readonly name: string; readonly jobId: string } | null;
  readonly currentScenarioStatus: string | null;
  /** Protected item ids, group by group. */
  readonly groups: readonly (readonly string[])[];
}

export interface Job {
  readonly id: string;
  readonly scenario: string;
  readonly state: string;
  readonly stateDescription: string;
  readonly target: string;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly tasks: readonly { readonly name: string; readonly state: string }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export interface SiteRecovery {
  /** All protected items of a vault, every page. */
  items(vaultId: string): Promise<readonly ProtectedItem[]>;
  item(itemId: string): Promise<ProtectedItem | null>;
  recoveryPoints(itemId: string): Promise<readonly RecoveryPoint[]>;
  plan(vaultId: string, name: string): Promise<RecoveryPlan | null>;
  job(jobId: string): Promise<Job | null>;
  /** Direction is always from the item's present primary. */
  failoverItem(
    itemId: string,
    options: { readonly shutDownSource: boolean; readonly recoveryPointId?: string },
    signal: AbortSignal,
  ): Promise<Accepted>;
  failoverPlan(
    vaultId: string,
    name: string,
    options: {
      readonly shutDownSource: boolean;
      readonly recoveryPoint: 'Latest' | 'LatestProcessed';
    },
    signal: AbortSignal,
  ): Promise<Accepted>;
  commitItem(itemId: string, signal: AbortSignal): Promise<Accepted>;
  commitPlan(vaultId: string, name: string, signal: AbortSignal): Promise<Accepted>;
  /** Makes test machines in the network beside the protected ones, which go on. */
  testFailoverItem(itemId: string, networkId: string, signal: AbortSignal): Promise<Accepted>;
  testFailoverPlan(
    vaultId: string,
    name: string,
    networkId: string,
    signal: AbortSignal,
  ): Promise<Accepted>;
  cleanUpTestItem(itemId: string, signal: AbortSignal): Promise<Accepted>;
  cleanUpTestPlan(vaultId: string, name: string, signal: AbortSignal): Promise<Accepted>;
}

export interface TrafficEndpoint {
  /** AzureEndpoints, ExternalEndpoints, NestedEndpoints. */
  readonly type: string;
  readonly name: string;
  readonly enabled: boolean;
  /** CheckingEndpoint, Online, Degraded, Disabled, Inactive, Stopped, Unmonitored. */
  readonly monitor: string;
  readonly target: string;
  readonly targetResourceId: string | null;
  readonly priority: number | null;
}

export interface TrafficProfile {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly monitor: string;
  readonly fqdn: string;
  readonly ttlSeconds: number;
  readonly routing: string;
  readonly probe: {
    readonly protocol: string;
    readonly port: number;
    readonly path: string;
    readonly intervalSeconds: number;
    readonly toleratedFailures: number;
    readonly timeoutSeconds: number;
  };
  readonly endpoints: readonly TrafficEndpoint[];
}

export interface TrafficManager {
  profile(profileId: string): Promise<TrafficProfile | null>;
  /**
   * Every profile of a subscription or a resource group (by its id) with its endpoints, in one list. In lists
   * `monitor` of the profile itself is empty; those of the endpoints are there.
   */
  profiles(scope: string): Promise<readonly TrafficProfile[]>;
  /** Reads the endpoint, then writes it whole with the other status: Traffic Manager has no ETags. */
  setEndpoint(
    profileId: string,
    endpoint: { readonly type: string; readonly name: string },
    enabled: boolean,
    signal: AbortSignal,
  ): Promise<Accepted>;
}

export interface PublicAddress {
  readonly id: string;
  readonly address: string | null;
  readonly fqdn: string | null;
  /** The IP configuration it is attached to; null when free. */
  readonly attachedTo: string | null;
  readonly location: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly machineId: string | null;
  readonly configurations: readonly {
    readonly name: string;
    readonly publicAddressId: string | null;
    readonly subnetId: string | null;
  }[];
}

export interface VirtualNetwork {
  readonly id: string;
  readonly location: string;
  /** Ids of the networks that it is peered with. */
  readonly peers: readonly string[];
}

export interface Network {
  publicAddress(id: string): Promise<PublicAddress | null>;
  virtualNetwork(id: string): Promise<VirtualNetwork | null>;
  /** Interfaces of a resource group (its ARM id), every page: restored machines' interfaces get new names. */
  interfaces(resourceGroupId: string): Promise<readonly NetworkInterface[]>;
  /** Associates the address with the configuration, or dissociates with null. */
  setPublicAddress(
    interfaceId: string,
    configuration: string,
    publicAddressId: string | null,
    signal: AbortSignal,
  ): Promise<Accepted>;
}
