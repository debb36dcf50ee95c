import type { ZodType } from 'zod';
import type { OnExpiry, StepApproval } from '../core/approval.ts';
import type { AzureAccess } from '../azure/access.ts';
import type { ForeseenChange } from '../core/change.ts';
import type { Clock, Instant } from '../core/clock.ts';
import type { Dns } from '../core/dns.ts';
import type { Acceptance, Fencing, Kind, Mode } from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operation, StepError, UndoSafety } from '../core/step.ts';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** How an application is closed: whoever comes is turned away, or nobody new is led to it. */
export type Closing = 'at once' | 'by name';

/**
 * One kind of step (`sql/failover-group`). One folder each under src/steps and one line in the registry; schema,
 * documentation, permissions and readiness checks all come from what is declared here.
 */
export interface StepKind<S> {
  readonly uses: string;
  /** One sentence for the documentation: what it does and to what. */
  readonly summary: string;
  readonly settings: ZodType<S>;
  /** Whether it changes anything. A kind without effect never stands in the way of an undo. */
  readonly effect: 'changes' | 'none';
  /** Makes the entered side writable: the old side must be fenced before (design: fence or ask). */
  readonly makesWritable: boolean;
  /** May stand in a rehearsal: what it changes lies beside what serves, and is cleaned up by its undo. */
  readonly rehearses?: true;
  /**
   * Closes the application to its users: recovery points newer than that hold everything (`closedAt` for the steps
   * after it). `by name`: only once clients have forgotten the old address are all of them gone; in a planned run the
   * step itself waits for that.
   */
  readonly closesApplication?: (settings: S) => Closing | false;
  /** How long an unanswered call may take to show its effect, seconds. Until then nothing is sent again. */
  readonly settleSeconds: number;
  /** Typical duration, seconds: for the time budget. */
  readonly typicalSeconds: (settings: S) => number;
  /** Ids of the resources that it changes: what the plan's lock covers. */
  readonly resources: (settings: S) => readonly string[];
  readonly permissions: (settings: S) => readonly Permission[];
  /** What will happen and what may be lost, for people. */
  readonly describe: (settings: S, execution: Direction) => string;
  /**
   * Its proof only reads, so that a drill may ask for it. Of kinds without effect; absent when it never does, or when
   * nothing can be learnt from it beforehand.
   */
  readonly onlyReads?: (settings: S) => boolean;
  /** Read only. What it would do to each resource; what stands already is left out. */
  readonly foresee?: (context: StepContext, settings: S) => Promise<readonly Foreseen[]>;
  /** Read only. */
  readonly check: (context: StepContext, settings: S) => Promise<readonly Finding[]>;
  readonly forward: Motion<S>;
  /** How safe undoing is once the step has got as far as `seen`. */
  readonly undoSafety: (settings: S, mode: Mode) => UndoSafety;
  /** Absent when undo is impossible, or when there is nothing to undo. */
  readonly undo?: Motion<S>;
}

export interface Foreseen extends ForeseenChange {
  /** A machine that would run where none runs now: it counts against the region's quota. */
  readonly machine?: NewMachine;
}

export interface NewMachine {
  readonly subscription: string;
  readonly region: string;
  /** `Standard_D2s_v3`; null when nobody knows. */
  readonly size: string | null;
}

interface Direction {
  readonly mode: Mode;
  readonly from: string;
  readonly to: string;
}

export interface Permission {
  /** `Microsoft.Sql/servers/failoverGroups/failover/action` */
  readonly action: string;
  /** The narrowest scope that works: a resource id, or a subscription's. */
  readonly scope: string;
  /** Used by unplanned executions only. */
  readonly losesData?: true;
}

/**
 * A way there or back. The orchestration runs the same loop over every motion: observe, act, poll, verify. All four
 * may run any number of times; only `send` of a call changes anything.
 */
export interface Motion<S> {
  observe(context: StepContext, settings: S): Promise<Observation>;
  /**
   * The calls to send now, given what was seen. Called again after all of them are through and the goal is still
   * unmet, so a kind that needs several rounds returns the next round's calls. An empty list means: only wait.
   */
  act(
    context: StepContext,
    settings: S,
    seen: Observation,
  ): Promise<readonly Call[] | Ask | AskPeople | Refusal>;
  /** One look at an operation that runs. */
  poll(context: StepContext, settings: S, operation: Operation): Promise<Progress>;
  /** Whether the goal holds, as evidence. `holds: false` is asked again until the step's timeout. */
  verify(context: StepContext, settings: S): Promise<Verification>;
}

export interface Observation {
  /**
   * met: the goal stands, nothing is to be done. unmet: act. moving: an operation of the same direction and kind runs
   * (begun by us before a crash, or by somebody else): follow `operation`, or look again after `retryAfterSeconds`.
   * blocked: something stands in the way (another operation): wait and look again until the step's timeout.
   */
  readonly goal: 'met' | 'unmet' | 'moving' | 'blocked';
  readonly sentence: string;
  /** Facts for the evidence, and for undo: the first observation of an execution is kept as `before`. */
  readonly facts: JsonObject;
  readonly operation?: Operation;
  readonly retryAfterSeconds?: number;
  /** The wait is for Azure's own work, its probes or a TTL; any other that a kind chooses counts as what we add. */
  readonly ofAzure?: boolean;
  /** The goal is taken to be met but cannot be proven (fencing of a dead side). */
  readonly presumed?: boolean;
  /** It cannot be seen whether calls that were not answered had their effect; sending them again does no harm. */
  readonly blind?: boolean;
}

export interface Call {
  /** Unique within one `act`: `failover`, `deallocate:vm-ihs`. Attempt rows are keyed by it. */
  readonly name: string;
  /** For people: "POST failover to sql-west/failovergroup". */
  readonly sentence: string;
  /** Of one that may lose data: how much at most, as far as is known when it is sent. */
  readonly mayLose?: LagBound | null;
  /** Names of calls of the same list that must be through (their operations ended) first. */
  readonly after?: readonly string[];
  /** Sends once, no retries, short time-out. Throws `AzureError`; see src/azure/errors.ts for what each means. */
  send(signal: AbortSignal): Promise<Sent>;
}

/** What a service answered: done already, or an operation to follow. */
export interface Sent {
  readonly operation?: Operation;
  readonly status: number;
  readonly correlationId?: string;
}

/** Needs a person's word first: the execution pauses with this as the question. */
export interface Ask {
  readonly ask: Acceptance;
  readonly sentence: string;
  /** For a loss: how much an answer takes on at most, null when nobody can say. Asked again when it grows beyond that. */
  readonly upToSeconds?: number | null;
}

/** So many people must agree first, none of them the one who asked for the execution. */
export interface AskPeople {
  readonly people: {
    readonly needed: number;
    readonly expiresSeconds: number;
    readonly onExpiry: OnExpiry;
  };
  /** What they are asked; what follows and what may be lost is added. */
  readonly sentence: string;
}

/** Cannot be done at all from here; no retry would help. */
export interface Refusal {
  readonly refuse: StepError;
}

export type Progress =
  | {
      readonly is: 'running';
      readonly percent?: number;
      readonly retryAfterSeconds: number;
      readonly sentence: string;
    }
  | { readonly is: 'done'; readonly sentence: string; readonly endedAt?: Instant }
  | { readonly is: 'failed'; readonly error: StepError; readonly transient: boolean };

export type Verification =
  | {
      readonly holds: true;
      readonly proof: JsonObject;
      readonly sentence: string;
      /** For kinds that move data: seconds of data that may be lost, 0 when lossless, null when it cannot be known. */
      readonly lossSeconds?: number | null;
    }
  | {
      readonly holds: false;
      readonly sentence: string;
      readonly retryAfterSeconds: number;
      /** As in an observation. */
      readonly ofAzure?: boolean;
    };

/** What a step kind may use. Built anew for every activity by the orchestration. */
export interface StepContext {
  readonly azure: AzureAccess;
  readonly clock: Clock;
  readonly random: () => number;
  /** For probes of the application itself. */
  readonly http: HttpClient;
  readonly dns: Dns;
  readonly publicResolvers: readonly string[];
  /** The value of an app setting that holds a key; null when it is not set. */
  readonly secret: (name: string) => string | null;
  /** The step's id in its plan. */
  readonly step: string;
  readonly execution: {
    readonly id: string;
    readonly kind: Kind;
    readonly mode: Mode;
    readonly from: SiteFacts;
    readonly to: SiteFacts;
    readonly startedAt: Instant;
  };
  /** When this run of the step began. */
  readonly stepStartedAt: Instant;
  /** What was seen before this execution first acted; null on the first observation. */
  readonly before: JsonObject | null;
  /** The calls that this execution has sent for this step in this direction, answered or not, oldest first. */
  readonly sent: readonly SentCall[];
  /** On the way back: what was sent on the way there. Empty on the way there. */
  readonly sentThere: readonly SentCall[];
  /** Why the step's previous attempt did not work; null when there was none. */
  readonly lastFailure: StepError | null;
  /** The loss that a person has accepted for this step, seconds: Infinity for an unknown one, null for none at all. */
  readonly acceptedLossSeconds: number | null;
  /** What became of the approval that the step asked for; null when it asked for none. */
  readonly approval: StepApproval | null;
  /** Milestones of other steps, for example when the application was closed. */
  readonly closedAt: Instant | null;
  /** The plan's limit without asking, seconds. */
  readonly dataLossLimitSeconds: number;
  /** The newest lag sample of the plan's databases; null when there is none. */
  readonly lag: () => Promise<LagBound | null>;
  /** How well the left side is known to have stopped; looks again when the last look is older than a minute. */
  readonly fencing: () => Promise<Fencing>;
}

export interface SentCall {
  readonly call: string;
  readonly sentAt: Instant;
  /** `succeeded` when the service said so: with its answer, or at its operation's end. Absent while nobody knows. */
  readonly ended?: 'succeeded' | 'failed';
  /** The service said no at once: it had no effect. */
  readonly refused?: true;
}

export interface SiteFacts {
  readonly name: string;
  readonly region: string;
  readonly standby: 'cold' | 'warm' | 'hot';
  readonly resources: JsonObject;
}

/** Data written in the last `seconds` before `asOf` may be missing on the other side. */
export interface LagBound {
  /** The sample plus its age: never less than the true loss. */
  readonly seconds: number;
  readonly sampledAt: Instant;
  readonly sampledSeconds: number;
}
