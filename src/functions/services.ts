import type { Instant } from '../core/clock.ts';
import type { RecordedEvent } from '../core/events.ts';
import type {
  Acceptance,
  Command,
  DrillLevel,
  ExecutionRecord,
  ExecutionState,
  Kind,
  Mode,
  TerminalState,
} from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import type { PlanVersion } from '../core/plan-version.ts';
import type { Principal } from '../core/principal.ts';
import type { StepRecord } from '../core/step.ts';
import type { Standing, Verdict } from '../core/watching.ts';
import type { Restraint } from '../health/restraint.ts';
import type { DurableDoor } from '../orchestration/door.ts';
import type { PushOrder, Pushed } from '../orchestration/plans/push.ts';
import type { RetireOrder } from '../orchestration/plans/retire.ts';
import type { ReadinessAnswer } from '../orchestration/readiness/ask.ts';
import type { AlertAnswer, AlertMessage } from '../orchestration/receive-alert.ts';
import type { TimeBudget } from '../plan/budget.ts';
import type { AlertRecord } from '../records/alerts.ts';
import type { Watch } from '../plan/watch.ts';
import type { RestraintChange } from '../records/restraints.ts';
import type { Explanation } from '../records/watch-states.ts';
import type { Evidence } from '../report/evidence.ts';
import type { PlanRoles } from '../steps/roles.ts';
import type { Access } from './access/trust.ts';
import type { Limits } from './http/limits.ts';

/** What the doors hand over to. The composition root satisfies it; a refusal is a thrown `SwitchoverError`. */
export interface Services {
  readonly access: Access;
  readonly limits: Limits;
  readonly plans: Plans;
  readonly executions: Executions;
  readonly alerts: Alerts;
  readonly watching: Watching;
  /** Of the latest check; of one that is made now when it is to be fresh. Takes up to half a minute then. */
  readiness(plan: string, how: { readonly fresh: boolean }): Promise<PlanReadiness>;
  readonly drills: DrillDoors;
  health(): Promise<Health>;
}

export interface Watching {
  /** Null when no plan has that name. */
  report(plan: string): Promise<WatchReport | null>;
  hold(): Promise<HoldReport>;
  /** Keeps everything from starting by itself, or lifts that. */
  setHold(order: {
    readonly lift: boolean;
    readonly reason: string;
    readonly by: Principal;
  }): Promise<HoldReport>;
  /** Null when no plan has that name. */
  liftCooldown(order: {
    readonly plan: string;
    readonly reason: string;
    readonly by: Principal;
  }): Promise<WatchReport | null>;
}

export interface WatchReport {
  readonly plan: string;
  /** The site that serves now. */
  readonly active: string;
  /** none: nothing is watched. */
  readonly action: 'none' | Watch['action'];
  /** Null until the first look. */
  readonly verdict: Verdict | null;
  /** Since when the verdict is what it is; when a look was last written down: equal ones are only now and then. */
  readonly since: Instant | null;
  readonly lookedAt: Instant | null;
  readonly standings: readonly Standing[];
  /** What keeps a failover from starting by itself now, whether it is needed or not. */
  readonly restraints: readonly Restraint[];
  /** What the looks came to, newest first, also when nothing was done. */
  readonly explanations: readonly Explanation[];
}

export interface HoldReport {
  /** Null when nothing is held. */
  readonly hold: RestraintChange | null;
  /** Every hold, every lift of one and of a cool-down, newest first. */
  readonly history: readonly RestraintChange[];
}

export interface Plans {
  list(): Promise<readonly PlanSummary[]>;
  /** Null when no plan has that name. */
  get(name: string): Promise<PlanDetail | null>;
  /** What the app's identities must be allowed to do for it; null when no plan has that name. */
  roles(name: string): Promise<PlanRoles | null>;
  /** Makes a text the plan's newest version, or says why not: nothing is changed then. */
  push(order: PushOrder): Promise<Pushed>;
  /** Ends a plan; its versions stay. */
  retire(order: RetireOrder): Promise<PlanVersion>;
  /** Newest first; none when no plan of that name was ever pushed. */
  versions(name: string): Promise<readonly PlanVersion[]>;
  /** One version with its text; null when there is none. */
  version(name: string, number: number | 'newest'): Promise<VersionWithText | null>;
}

export type { PushOrder, Pushed, RetireOrder };

export interface VersionWithText extends PlanVersion {
  readonly text: string;
}

export interface Executions {
  /** LOCKED names the execution that runs in `details.execution`. */
  start(order: StartOrder, door: DurableDoor): Promise<Started>;
  /** Newest first. */
  list(filter: ExecutionFilter): Promise<readonly ExecutionSummary[]>;
  get(id: string): Promise<ExecutionDetail | null>;
  /** Oldest first, those after the cursor only; null when there is no such execution. */
  events(id: string, after: string | null): Promise<EventPage | null>;
  command(order: CommandOrder, door: DurableDoor): Promise<CommandAccepted>;
  /** Of an execution that still runs: the evidence so far. Null when there is no such execution. */
  evidence(id: string): Promise<Evidence | null>;
}

export interface Alerts {
  receive(message: AlertMessage, by: Principal, door: DurableDoor): Promise<AlertAnswer>;
  /** Newest first. */
  list(limit: number): Promise<readonly AlertSummary[]>;
}

export interface DrillDoors {
  /** What stands and what was, of one plan or of all; null when there is no such plan. */
  report(filter: DrillFilter): Promise<DrillReport | null>;
}

export interface DrillFilter {
  readonly plan?: string | undefined;
  readonly limit: number;
}

export interface DrillReport {
  /** Every line of every calendar. */
  readonly calendar: readonly DrillLine[];
  /** Newest first. */
  readonly history: readonly DrillNote[];
}

export interface DrillLine {
  readonly plan: string;
  readonly level: DrillLevel;
  readonly cron: string;
  readonly timeZone: string;
  /** When its next window begins; null when the pattern names no more moments. */
  readonly next: Instant | null;
  /** The last one of that level that came to a result, good or bad. */
  readonly last: DrillNote | null;
  /** Why it does not begin although its window is open. */
  readonly waits: string | null;
  /** How long there was none, seconds, when that is too long. */
  readonly overdueSeconds: number | null;
}

/** How one drill ended, or why it was not held. */
export interface DrillNote {
  readonly plan: string;
  readonly level: DrillLevel;
  readonly at: Instant;
  readonly execution: string | null;
  readonly is: TerminalState | 'skipped';
  readonly sentence: string;
}

export interface StartOrder {
  readonly plan: string;
  readonly request: StartRequest;
  readonly by: Principal;
  /** The same key with the same request within a day gives the same execution; with another request, a refusal. */
  readonly idempotencyKey: string | null;
}

export interface StartRequest {
  readonly kind: Kind;
  readonly mode: Mode;
  /** Of a drill. */
  readonly level?: DrillLevel | undefined;
  /** Site name; the site that does not serve now when absent. */
  readonly to?: string | undefined;
  readonly reason: string;
}

export interface Started {
  readonly id: string;
  /** The same request was seen before; nothing was started by this one. */
  readonly repeated: boolean;
}

export interface CommandOrder {
  readonly execution: string;
  readonly request: CommandRequest;
  readonly by: Principal;
}

export interface CommandRequest {
  readonly command: Command;
  readonly step?: string | undefined;
  readonly accept?: Acceptance | undefined;
  readonly then?: 'compensate' | 'stay' | undefined;
  readonly reason: string;
}

export interface CommandAccepted {
  readonly sequence: number;
}

export interface ExecutionFilter {
  readonly plan?: string | undefined;
  readonly state?: ExecutionState | undefined;
  readonly limit: number;
}

/** Events of all streams in the order in which they were recorded. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** Pass it as `after` to get what comes next. Opaque; empty while there are no events. */
  readonly next: string;
}

export interface PlanSummary {
  readonly name: string;
  readonly file: string;
  readonly description: string;
  readonly home: string;
  readonly sites: readonly {
    readonly name: string;
    readonly region: string;
    readonly standby: string;
  }[];
  /** The site that serves now; null when it is not known yet. */
  readonly active: string | null;
  /** The execution that holds the plan's lock. */
  readonly running: string | null;
  /** Who pushed it and when; null where plans come with the package. */
  readonly version: PlanVersion | null;
  /** Why the file is no valid plan (`file:line:column: …`); such a plan cannot be run. */
  readonly problems: readonly string[];
}

export interface PlanDetail extends PlanSummary {
  readonly hash: string;
  readonly objectives: { readonly rtoSeconds: number; readonly rpoSeconds: number };
  readonly publicUrl: string;
  readonly stages: readonly PlanStage[];
  readonly budget: TimeBudget;
  /** What the linter has to say. */
  readonly findings: readonly Finding[];
}

export interface PlanStage {
  readonly name: string;
  readonly steps: readonly {
    readonly id: string;
    readonly uses: string;
    readonly when: 'always' | Mode;
    readonly timeoutSeconds: number;
    readonly sentence: string;
  }[];
}

export type ExecutionSummary = Pick<
  ExecutionRecord,
  | 'id'
  | 'plan'
  | 'kind'
  | 'mode'
  | 'level'
  | 'partOf'
  | 'from'
  | 'to'
  | 'state'
  | 'reason'
  | 'requestedBy'
  | 'requestedAt'
  | 'startedAt'
  | 'endedAt'
  | 'outcome'
>;

/** Everything a client needs to draw an execution. It depends on the records only, so that its ETag stands still. */
export interface ExecutionDetail extends ExecutionRecord {
  /** What it does, or why it waits or ended, in one sentence. */
  readonly sentence: string;
  /** From the plan as it was when the execution started. */
  readonly objectives: { readonly rtoSeconds: number; readonly rpoSeconds: number };
  readonly stages: readonly { readonly name: string; readonly steps: readonly string[] }[];
  readonly steps: readonly StepRecord[];
  /** As in the evidence: what Azure's own operations took, against what the whole took. */
  readonly criticalPath: Evidence['criticalPath'];
}

/** Whether a plan could be run: everything that stands in the way, and how to mend it. */
export type PlanReadiness = ReadinessAnswer;

/** One message about an alert, what it matched, and what came of it. */
export interface AlertSummary extends AlertRecord {
  /** For each plan that it matched: what the watch made of all that it saw then. */
  readonly decided: readonly AlertDecision[];
}

export interface AlertDecision {
  readonly plan: string;
  readonly sentence: string;
  /** What was done; null when nothing was. */
  readonly did: string | null;
  /** What kept Switchover from doing anything. */
  readonly restraints: readonly string[];
}

export interface Health {
  readonly status: 'up' | 'down';
  readonly version: string;
}
