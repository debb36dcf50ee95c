import type { Clock } from '../../src/core/clock.ts';
import type { Json } from '../../src/core/json.ts';

/**
 * Where a service answers. Resource Manager wants tokens, api-versions and permissions and throttles; the metrics
 * endpoint wants tokens and api-versions, Log Analytics tokens; the two that give out tokens want nothing.
 */
export type Door = 'resource-manager' | 'metrics' | 'logs' | 'sign-in' | 'identity';

/** One simulated service: a folder under local/simulator, its routes, its state machine. */
export interface Service {
  readonly name: string;
  /** Resource Manager unless said. */
  readonly door?: Door;
  readonly routes: readonly Route[];
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /**
   * Path template below the host, matched without case; `{name}` matches one segment and keeps the caller's spelling,
   * `{scope+}` at the beginning any number: the id of whatever the rest is about.
   * `/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Sql/servers/{server}`
   */
  readonly path: string;
  /** What faults call it: `sql/failover`. Defaults to the service's name and the method: `sql/get`. */
  readonly operation?: string;
  /** The RBAC action that the caller needs, for example `Microsoft.Sql/servers/read`; absent on poll addresses. */
  readonly action?: string;
  /** The region whose control plane answers; its outage (size `control`) makes the route fail. Absent: global. */
  readonly region?: (request: WireRequest) => string | undefined;
  /** Whether it changes anything: journalled as such, and subject to lost replies. Defaults to every method but GET. */
  readonly mutating?: boolean;
  handle(request: WireRequest): WireResponse | Promise<WireResponse>;
}

export interface WireRequest {
  readonly method: string;
  /** Scheme and host as the caller used them: long-running-operation addresses must point back at it. */
  readonly origin: string;
  readonly url: URL;
  /** Values of the template's `{name}` segments. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
}

export interface WireResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless a string, which is sent as it is. */
  readonly body?: Json | string;
  /** For the journal, never sent: what the request changed. A mutating answer without it changed nothing. */
  readonly effect?: string;
}

/** What every service may use. State is private to each service and reached through its own typed functions. */
export interface World {
  /** While an effect runs, `now` is the time for which it was planned, however late anybody looks. */
  readonly clock: Clock;
  /** Seeded: two runs with one seed draw the same. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly outages: Outages;
  /**
   * Runs `effect` once `seconds` have passed on the world's clock (never before); survives nothing. Nothing waits for
   * it: what is due runs, in order, when somebody next looks (`catchUp`), which every request does. So a quiet world
   * costs nothing and virtual time may jump over it. Effects are synchronous and tell time by `world.clock.now()`.
   */
  readonly after: (seconds: number, effect: () => void) => void;
  /** Runs what is due. To be called by every way of looking that is not a request: DNS queries, control functions. */
  readonly catchUp: () => void;
  /** How many times faster than the clock the world runs; `after` and Retry-After are divided by it. */
  readonly speed: number;
  /** Uniform between two bounds, from the seed. */
  readonly between: (low: number, high: number) => number;
  /**
   * A fault that was injected for this operation of this resource, consumed when `times` runs out. Faults of the
   * operation (fail, stuck, slow) unless other kinds are asked for: those of the request are the gateway's.
   */
  readonly takeFault: (
    operation: string,
    resource: string,
    kinds?: readonly FaultKind[],
  ) => Fault | null;
}

export interface Outages {
  /**
   * application: the site's application does not answer. database: only the region's databases are dead. data: machines, addresses and databases of the region are
   * dead too, and no metrics come from it. control: Resource Manager calls for the region's resources fail as well.
   */
  of(region: string): OutageSize;
  /** Whether machines, addresses and databases of the region are dead: size data or control. */
  dead(region: string): boolean;
  /** Whether its databases are: these sizes, and database. */
  databasesDead(region: string): boolean;
  /** Called after each change, with the region. */
  onChange(listener: (region: string) => void): void;
}

export const OUTAGE_SIZES = ['none', 'application', 'database', 'data', 'control'] as const;
export type OutageSize = (typeof OUTAGE_SIZES)[number];

/** Injected through the control API or a scenario file. */
export interface Fault {
  /** Route operation as `service/verb`, for example `sql/failover`, `site-recovery/failover`, `compute/start`. */
  readonly operation: string;
  /** Part of the resource's id, without case; empty matches all. */
  readonly resource: string;
  readonly kind: FaultKind;
  readonly times: number;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly factor?: number;
  readonly retryAfterSeconds?: number;
  /** Of a request that arrives late, or an answer that comes late. */
  readonly delaySeconds?: number;
}

export type FaultKind =
  | 'fail-operation' // accepted, then the operation fails with `code`
  | 'stuck-operation' // accepted, never ends
  | 'slow-operation' // takes `factor` times as long
  | 'lose-reply' // the change is made, the answer never comes
  | 'arrive-late' // connection broken, and the change is made `delaySeconds` later all the same
  | 'slow-reply' // the change is made at once, the answer comes `delaySeconds` later, if anybody still waits
  | 'fail-before' // connection broken before the change
  | 'respond'; // answers `status` and `code` without a change: 403, 409, 429, 5xx

/** How clients in the simulated world find an address: what their resolver gives, null when there is none. */
export type Lookup = (name: string) => string | null;
