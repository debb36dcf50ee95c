import type { Instant } from '../core/clock.ts';
import type { Json } from '../core/json.ts';
import type { AzureError } from './errors.ts';

/** What Azure itself can tell about health: metrics, logs, the state of its platform. */

export interface Metric {
  /** `Microsoft.Sql/servers/databases`. */
  readonly namespace: string;
  readonly name: string;
  readonly aggregation: 'Average' | 'Minimum' | 'Maximum' | 'Total' | 'Count';
  /** An OData filter on the metric's dimensions, such as `EndpointName eq 'east'`. It must leave one series. */
  readonly filter?: string;
  /** How far back an answer is still news; a quarter of an hour unless said. */
  readonly windowSeconds?: number;
}

/** `at` is the start of the minute that the value is about. */
export interface Sample {
  readonly value: number;
  readonly at: Instant;
}

/**
 * silent: Azure Monitor answered, and has no value in the window (its region is down, or nothing was measured).
 * unread: it could not be asked, which says nothing about the resource.
 */
export type Reading =
  | ({ readonly is: 'sample' } & Sample)
  | { readonly is: 'silent' }
  | { readonly is: 'unread'; readonly error: AzureError };

export interface Metrics {
  /** The newest value for each resource, in as few calls as the service allows. One that fails leaves the others alone. */
  readings(resourceIds: readonly string[], metric: Metric): Promise<ReadonlyMap<string, Reading>>;
  /**
   * The same without reasons: a resource without data is missing from the answer. A mistake of ours (no right, no such
   * metric) throws.
   */
  latest(resourceIds: readonly string[], metric: Metric): Promise<ReadonlyMap<string, Sample>>;
}

export interface LogQuery {
  /** A Log Analytics workspace by its GUID, or any resource whose logs are asked (a workspace too) by its ARM id. */
  readonly workspaceId: string;
  /** KQL. */
  readonly query: string;
  readonly timespanSeconds: number;
}

export interface LogAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
  /** Why rows may be missing; null when the answer is whole. */
  readonly incomplete: { readonly code: string; readonly message: string } | null;
}

export interface Logs {
  /** The query's first table. Throws `AzureError` when there is no answer, and when the query itself is refused. */
  query(query: LogQuery): Promise<LogAnswer>;
}

export type Availability = 'Available' | 'Unavailable' | 'Degraded' | 'Unknown';

export interface ResourceAvailability {
  readonly resourceId: string;
  readonly state: Availability;
  /** Unplanned, Planned, UserInitiated; empty while available. Free text: services differ. */
  readonly reasonType: string;
  readonly summary: string;
  /** Since when it is so; null when Azure does not say. */
  readonly occurredAt: Instant | null;
  readonly reportedAt: Instant | null;
}

export interface ResourceHealth {
  /**
   * Every resource of a subscription (its GUID) that Resource Health knows and this app may read, by canonical id. A
   * resource that is missing is of a kind that it does not know.
   */
  ofSubscription(subscription: string): Promise<ReadonlyMap<string, ResourceAvailability>>;
}
