import type { OnExpiry } from '../core/approval.ts';
import type { Mode } from '../core/execution.ts';
import type { JsonObject } from '../core/json.ts';
import type { DrillTime } from './drills.ts';
import type { Notification } from './notifications.ts';
import type { Watch } from './watch.ts';

/**
 * A plan after parsing: every default filled in, durations in seconds, `${from.…}` and `${to.…}` still open, because
 * the same stages serve both directions. `resolveSteps` closes them for one execution.
 */
export interface Plan {
  readonly name: string;
  readonly description: string;
  readonly home: string;
  readonly sites: Readonly<Record<string, Site>>;
  readonly objectives: { readonly rtoSeconds: number; readonly rpoSeconds: number };
  readonly dataLoss: DataLoss;
  readonly fencing: FencingRule;
  /** How a client reaches the application from outside, and how one site answers for itself. */
  readonly publicUrl: string;
  readonly detection: { readonly worstCaseSeconds: number };
  readonly dnsTtlSeconds: number;
  /** A plan without it is started by people only. */
  readonly watch?: Watch;
  readonly stages: readonly Stage[];
  readonly failbackStages?: readonly Stage[];
  /** A plan without it is drilled by people only. */
  readonly drills?: readonly DrillTime[];
  /** What a rehearsal does instead, towards the side that does not serve. */
  readonly rehearsalStages?: readonly Stage[];
  readonly approvals: {
    readonly count: number;
    readonly expiresSeconds: number;
    /** Absent in older snapshots: abort. */
    readonly onExpiry?: OnExpiry;
  };
  /** A paused execution says so again after this long. */
  readonly reminderSeconds: number;
  /** Who is told of what; nobody when absent. */
  readonly notifications?: readonly Notification[];
}

export interface Site {
  readonly name: string;
  /** An Azure region's programmatic name (`eastus`), or `on-premises:NAME`. */
  readonly region: string;
  readonly standby: 'cold' | 'warm' | 'hot';
  /** What the plan's author names here is what `${from.…}` and `${to.…}` find. */
  readonly resources: JsonObject;
}

/** Where the replication lag is read, and how much loss is accepted without asking. */
export interface DataLoss {
  readonly limitSeconds: number;
  /** Databases whose lag is sampled every minute; the worst one counts. */
  readonly databases: readonly LagSource[];
}

export interface LagSource {
  /** The primary database's resource id, per site name. */
  readonly database: Readonly<Record<string, string>>;
}

export interface FencingRule {
  /** Whether two observers' "down" is enough to make the other side writable, or a person must say so. */
  readonly presumed: 'accept' | 'ask';
  /** Machines whose being off is proof, templates allowed (`${from.machines}`). */
  readonly machines: JsonTemplate;
  /** The side's own endpoint, seen from outside Azure's control plane. */
  readonly probeUrl?: string;
  readonly trafficManager?: { readonly profile: string; readonly endpoint: string };
}

/** A settings value that may hold `${from.x}`, `${to.x}`. A string that is one template yields the value itself. */
export type JsonTemplate = string | readonly string[];

export interface Stage {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id: string;
  readonly uses: string;
  readonly with: JsonObject;
  /** The step is left out in the other mode. */
  readonly when: 'always' | Mode;
  readonly timeoutSeconds: number;
  readonly retry: {
    readonly attempts: number;
    readonly firstDelaySeconds: number;
    readonly factor: number;
  };
  /** By default planned executions compensate and unplanned ones pause. */
  readonly onFailure?: 'compensate' | 'pause' | 'continue';
}
