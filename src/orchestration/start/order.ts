import type { Instant } from '../../core/clock.ts';
import type { EventData } from '../../core/events.ts';
import type { DrillLevel, Kind, Mode } from '../../core/execution.ts';
import type { PlanVersion } from '../../core/plan-version.ts';
import type { Principal } from '../../core/principal.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Idempotency } from '../../records/idempotency.ts';
import type { Deps } from '../deps.ts';

/** Pinned at the start; the host's `defaultVersion` in host.json is the same number. */
export const ORCHESTRATION_VERSION = '1';

export interface StartOrder {
  readonly plan: Plan;
  /** Canonical ids of everything that the plan changes: what its lock covers. */
  readonly resources: readonly string[];
  readonly kind: Kind;
  readonly mode: Mode;
  /** Of a drill. */
  readonly level?: DrillLevel | undefined;
  /** Of the way back of a live drill: the execution that was the way there. */
  readonly partOf?: string;
  readonly to?: string | undefined;
  readonly reason: string;
  readonly by: Principal;
  readonly idempotencyKey: string | null;
  /** What the watch saw, when it is the one who asks. */
  readonly detected?: EventData<'detected'>;
  /** So many people must agree at least, whatever the plan says. */
  readonly approvalsNeeded?: number;
}

/** What starting needs beyond what the activities work with. */
export interface StartDeps extends Deps {
  readonly idempotency: Idempotency;
  readonly newId: () => string;
  /** Null of a plan that comes with the package. Refuses a plan that is not the newest version of itself any more. */
  readonly newestVersion: (plan: Plan) => Promise<PlanVersion | null>;
}

/** What an execution is given before anything is decided of it. */
export interface Given {
  readonly id: string;
  readonly at: Instant;
}

export interface Started {
  readonly id: string;
  readonly repeated: boolean;
}
