import type { Agreement, Approval } from './approval.ts';
import type { Instant } from './clock.ts';
import type { PlanVersion } from './plan-version.ts';
import type { Principal } from './principal.ts';

export type Kind = 'failover' | 'failback' | 'drill';
export type Mode = 'planned' | 'unplanned';

/** How deeply a plan is tried: each level does what the one before does not dare. */
export const DRILL_LEVELS = ['validate', 'dry-run', 'rehearsal', 'live'] as const;
export type DrillLevel = (typeof DRILL_LEVELS)[number];

export const EXECUTION_STATES = [
  'requested',
  'preflight',
  'refused',
  'awaiting-approval',
  'expired',
  'rejected',
  'running',
  'paused',
  'compensating',
  'succeeded',
  'failed',
  'compensated',
  'cancelled',
] as const;
export type ExecutionState = (typeof EXECUTION_STATES)[number];

export const TERMINAL_STATES = [
  'refused',
  'expired',
  'rejected',
  'succeeded',
  'failed',
  'compensated',
  'cancelled',
] as const satisfies readonly ExecutionState[];
export type TerminalState = (typeof TERMINAL_STATES)[number];

export function isTerminal(state: ExecutionState): state is TerminalState {
  return (TERMINAL_STATES as readonly ExecutionState[]).includes(state);
}

/** What an approver or operator may accept on the record (design: lossless first, fence or ask). */
export type Acceptance = 'data-loss' | 'presumed-fence';

/**
 * How well the side that is left is known to have stopped. `presumed` is what two observers in different failure
 * domains can say at most: a partition looks the same as a dead region.
 */
export type FencingState = 'fenced' | 'presumed' | 'unknown';

export interface Fencing {
  readonly state: FencingState;
  readonly at: Instant;
  /** One entry per observer: who looked, what it saw. */
  readonly observers: readonly {
    readonly observer: string;
    readonly sees: string;
    readonly down: boolean;
  }[];
}

/** Why an execution waits and what each choice does. Shown by every client, reminded until somebody chooses. */
export interface Pause {
  readonly since: Instant;
  readonly why: string;
  readonly step?: string;
  readonly needs?: Acceptance;
  readonly choices: readonly Choice[];
  /** The state to which `resume` returns. */
  readonly from: 'running' | 'compensating';
  readonly reminders: number;
}

export interface Choice {
  readonly command: Command;
  /** The one way in which it can be carried out, where the order could say more. */
  readonly then?: 'stay';
  readonly does: string;
}

export const COMMANDS = [
  'approve',
  'reject',
  'pause',
  'resume',
  'cancel',
  'retry',
  'skip',
  'accept',
  'go-unplanned',
] as const;
export type Command = (typeof COMMANDS)[number];

/** An operator's order: a row in the store. Durable events only wake the orchestration, which reads the rows. */
export interface CommandRecord {
  readonly sequence: number;
  readonly command: Command;
  readonly step?: string;
  readonly accept?: Acceptance;
  /** What follows a cancel: undo what was done, or leave it as it stands. */
  readonly then?: 'compensate' | 'stay';
  readonly reason: string;
  readonly by: Principal;
  readonly at: Instant;
}

/** One run of a plan. The header row of its partition; the plan's snapshot is a blob beside it. */
export interface ExecutionRecord {
  readonly id: string;
  readonly plan: string;
  readonly planHash: string;
  /** Absent where plans come with the package. */
  readonly planVersion?: PlanVersion;
  readonly kind: Kind;
  readonly mode: Mode;
  /** Of drills only. */
  readonly level?: DrillLevel;
  /** Of the way back of a live drill: the execution that was the way there. */
  readonly partOf?: string;
  /** What a drill has found wrong so far: with any of it the drill has failed, even if every call succeeded. */
  readonly problems?: readonly string[];
  /** Site names. */
  readonly from: string;
  readonly to: string;
  readonly state: ExecutionState;
  readonly direction: 'forward' | 'undo';
  /** An operator said to undo what can be undone, whatever it costs. */
  readonly undoOrdered?: boolean;
  readonly reason: string;
  readonly requestedBy: Principal;
  readonly requestedAt: Instant;
  /** The first bad observation, when an outage was seen before the request. RTO counts from it. */
  readonly firstBadAt?: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** The lock's fencing token; every mutating call checks it last. */
  readonly token: number;
  readonly orchestrationVersion: string;
  readonly stage: number;
  readonly pause?: Pause;
  readonly fencing?: Fencing;
  /** When the application was closed to its users on the side that is left. */
  readonly closedAt?: Instant;
  /** So many people must agree at least, whatever the plan says: nobody has asked for it yet. */
  readonly approvalsNeeded?: number;
  /** While it awaits approval: how many different people, and until when. */
  readonly approval?: Approval;
  readonly approvals: readonly Agreement[];
  readonly accepted: readonly Accepted[];
  /** Commands up to this sequence number have been carried out. */
  readonly commandsDone: number;
  /** The last time that a person looked and went on; with the steps' own times it tells how long nobody did. */
  readonly expectedAt?: Instant;
  /** How often deciding what comes next broke since it was last paused for that. */
  readonly faults?: number;
  readonly dataLossSeconds?: number | null;
  readonly servedAgainAt?: Instant;
  readonly outcome?: string;
  /** Head of the chain of the execution's own events. */
  readonly head: ChainHead;
}

interface Drilled {
  readonly level?: DrillLevel | undefined;
}

/** It changes nothing, so it takes no lock and nobody has to agree. */
export function isReadOnly({ level }: Drilled): boolean {
  return level === 'validate' || level === 'dry-run';
}

/** Whatever happens, what it made is cleaned up. */
export function isRehearsal({ level }: Drilled): boolean {
  return level === 'rehearsal';
}

/** Whether its success means that the other site serves. */
export function movesApplication({ level }: Drilled): boolean {
  return level === undefined || level === 'live';
}

/** What people call it: `planned failover`, `dry-run drill`. */
export function executionWords({
  kind,
  mode,
  level,
}: Pick<ExecutionRecord, 'kind' | 'mode'> & Drilled): string {
  if (level === undefined) return `${mode} ${kind}`;
  return mode === 'planned' ? `${level} ${kind}` : `${level} ${kind} (${mode})`;
}

/** A person's word. It counts for the step that asked for it, and while those who saw the old side down still do. */
export interface Accepted {
  readonly what: Acceptance;
  readonly by: Principal;
  readonly at: Instant;
  readonly step?: string;
  /** The loss that it takes on at most; null for a loss that nobody could tell. */
  readonly upToSeconds?: number | null;
  /** Observers that saw the old side down when it was asked. */
  readonly down?: readonly string[];
}

export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

export const GENESIS: ChainHead = { sequence: 0, hash: '0'.repeat(64) };

/** Of which nothing has been done, said or recorded yet. */
export const UNBEGUN = {
  direction: 'forward',
  stage: 0,
  approvals: [],
  accepted: [],
  commandsDone: 0,
  head: GENESIS,
} as const satisfies Partial<ExecutionRecord>;
