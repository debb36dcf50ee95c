import type { StepApproval } from './approval.ts';
import type { Instant } from './clock.ts';
import type { Acceptance, ChainHead, Fencing, Mode } from './execution.ts';
import type { JsonObject } from './json.ts';

export const STEP_STATES = [
  'pending',
  'running',
  'waiting',
  'satisfied',
  'presumed',
  'done',
  'skipped',
  'failed',
  'undoing',
  'undone',
  'undo-failed',
] as const;
export type StepState = (typeof STEP_STATES)[number];

export type Direction = 'forward' | 'undo';

/** What undoing a completed step costs. Only `safe` and `degrading` undos happen without being asked for. */
export type UndoSafety = 'safe' | 'degrading' | 'lossy' | 'impossible';

/** A long-running operation of a service, as kept in the records. The addresses are opaque and kept whole. */
export interface Operation {
  /** The call of the step that began it, for example `failover`, and on which way. */
  readonly call: string;
  readonly direction?: Direction;
  /** What a person would look for in the portal: a Site Recovery job, a SQL operation. */
  readonly name: string;
  /** Azure-AsyncOperation, to be polled; absent when the service answers at once or is polled by observing. */
  readonly pollUrl?: string;
  readonly location?: string;
  readonly startedAt: Instant;
  readonly correlationId?: string;
  /** Whatever the kind needs to recognise its operation again. */
  readonly handle?: JsonObject;
}

/** The last word on one call: sent, and what became of it. */
export interface AttemptRecord {
  readonly step: string;
  readonly direction: Direction;
  readonly attempt: number;
  readonly call: string;
  readonly token: number;
  readonly sentAt: Instant;
  readonly outcome: 'unanswered' | 'accepted' | 'completed' | 'refused' | 'resolved';
  readonly answeredAt?: Instant;
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly correlationId?: string;
  readonly operation?: Operation;
  /** How an unanswered call was resolved by looking. */
  readonly resolution?: string;
  /** Whether trying the same again could help, of a refused one. */
  readonly transient?: boolean;
  /** How its operation ended, and when that was seen. */
  readonly ended?: 'succeeded' | 'failed';
  readonly endedAt?: Instant;
}

export type Hold =
  /** An operator's command waits to be carried out. */
  | { readonly why: 'command' }
  /** A person's word is needed first. */
  | {
      readonly why: 'ask';
      readonly needs: Acceptance;
      readonly sentence: string;
      /** How much loss an answer would take on; null when nobody can say, absent when it is no question of loss. */
      readonly upToSeconds?: number | null;
    }
  /** People must agree first; who and until when is the step's `approval`. */
  | { readonly why: 'approval'; readonly sentence: string; readonly next: string }
  /** Nobody looked after this step since `since`: what was decided then may be stale. */
  | { readonly why: 'silence'; readonly since: Instant }
  /** Its operation runs longer than the step may take. It is not cancelled, and nothing else is begun beside it. */
  | { readonly why: 'overdue' }
  /** Switchover itself broke on it, more often than trying again could help. */
  | { readonly why: 'fault'; readonly message: string }
  /** Another step of its stage has failed, so that all of it will be undone. */
  | { readonly why: 'doomed' }
  /** Somebody else holds the plan's lock. */
  | { readonly why: 'lock-lost' };

export interface StepError {
  readonly code: string;
  readonly message: string;
}

/** One step of one execution: its row. */
export interface StepRecord {
  readonly id: string;
  readonly uses: string;
  readonly stage: number;
  readonly state: StepState;
  readonly direction: Direction;
  /** Grows each time that the step is started anew (first start, operator's retry, undo): one sub-orchestration each. */
  readonly run: number;
  /** How often in a row it was started and came to nothing, neither to an end nor to a stand, without a person's word. */
  readonly starts?: number;
  /** Counts every attempt of the step's life, retries and undo included, so that no attempt row is used twice. */
  readonly attempt: number;
  /** Attempts that the present run may still make before it fails. */
  readonly triesLeft: number;
  readonly startedAt?: Instant;
  /** When the present run began: its timeout counts from here. */
  readonly runStartedAt?: Instant;
  readonly endedAt?: Instant;
  readonly expectedAt?: Instant;
  /** What stood there before this execution touched it; an undo restores this, and nothing else. */
  readonly before?: JsonObject;
  /** Found done by somebody else: nothing was called, so nothing is undone. */
  readonly adopted: boolean;
  /** Whether any mutating call of this step was sent, answered or not. */
  readonly touched: boolean;
  readonly operations: readonly Operation[];
  /** 0 to 100, when the service says so. */
  readonly progress?: number;
  readonly sentence: string;
  readonly undo: UndoSafety;
  readonly proof?: JsonObject;
  readonly error?: StepError;
  readonly approval?: StepApproval;
  /** Why the step stands still although it has not ended; the execution decides what follows. */
  readonly held?: Hold;
  /** How often Switchover itself broke on it since it was last held. */
  readonly faults?: number;
  /** The operator chose to leave a failed undo as it stands. */
  readonly waived?: boolean;
  /** Data that this step may have lost, seconds; null when it cannot be known, absent when it moves no data. */
  readonly lossSeconds?: number | null;
  /** How well the side that is left was known to have stopped when this step acted. */
  readonly fencing?: Fencing;
  /** The execution's mode when the step was last begun. */
  readonly mode?: Mode;
  /** Azure's own part of the present run: its answers, and the waits that it told us to make. The rest is ours. */
  readonly azureSeconds?: number;
  /** How long the last run forward took, and Azure's part of it: an undo does not change them. */
  readonly forwardSeconds?: number;
  readonly forwardAzureSeconds?: number;
  readonly head: ChainHead;
}

const ENDED: readonly StepState[] = [
  'satisfied',
  'presumed',
  'done',
  'skipped',
  'failed',
  'undone',
  'undo-failed',
];

/** Azure's part of the way forward, also of a step that is on its way or undone since. */
export function azurePartForward(
  step: Pick<StepRecord, 'direction' | 'azureSeconds' | 'forwardAzureSeconds'>,
): number | undefined {
  return step.direction === 'forward' ? step.azureSeconds : step.forwardAzureSeconds;
}

export function stepEnded(state: StepState): boolean {
  return ENDED.includes(state);
}
