import type { RuntimeStatus } from './protocol.ts';

/**
 * What survives the host. A change of state is a list of changes, committed as a whole or not at all: that list is the
 * only place where a crash can fall between.
 */
export interface DurableStore {
  instance(id: string): InstanceRow | undefined;
  /** Oldest first. */
  instances(): readonly InstanceRow[];
  /** JSON texts of the events, in order. */
  history(id: string): readonly string[];
  /** What has been sent to the instance and not yet been taken, in order. */
  inbox(id: string): readonly Message[];
  /** Ids of instances with something in their inbox. */
  addressees(): readonly string[];
  activities(): readonly ActivityRow[];
  activity(key: string): ActivityRow | undefined;
  timers(): readonly TimerRow[];
  timer(key: string): TimerRow | undefined;
  schedule(name: string): ScheduleRow | undefined;
  /** The greatest sequence number ever given to a message; 0 when there was none. */
  lastSequence(): number;
  commit(changes: readonly Change[]): void;
  close(): void;
}

export interface InstanceRow {
  readonly id: string;
  /** New with every start and every continue-as-new: results of earlier executions are recognised and dropped. */
  readonly execution: string;
  readonly name: string;
  readonly version: string | null;
  readonly status: RuntimeStatus;
  /** JSON texts, as the status shows them. */
  readonly input: string | null;
  readonly output: string | null;
  readonly customStatus: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly parent: Parent | null;
}

/** Who waits for a sub-orchestration. */
export interface Parent {
  readonly instance: string;
  readonly execution: string;
  readonly task: number;
}

export interface Message {
  readonly sequence: number;
  readonly instance: string;
  /** Null reaches whichever execution is current. */
  readonly execution: string | null;
  readonly kind: 'event' | 'terminate' | 'suspend' | 'resume';
  /** The occurrence, or the reason, as JSON. */
  readonly body: string;
}

export interface ActivityRow {
  /** `execution/task`: one for ever, so that an answer that comes twice is taken once. */
  readonly key: string;
  readonly instance: string;
  readonly execution: string;
  readonly task: number;
  readonly name: string;
  /** JSON text, or bare text for a boolean; null when there is none. */
  readonly input: string | null;
}

export interface TimerRow {
  readonly key: string;
  readonly instance: string;
  readonly execution: string;
  readonly task: number;
  readonly fireAt: number;
  readonly createdAt: number;
}

/** Where a timer trigger stands, so that a run missed while the host was down is made up for. */
export interface ScheduleRow {
  readonly name: string;
  readonly last: number;
  readonly next: number;
}

export type Change =
  | { readonly type: 'instance'; readonly row: InstanceRow }
  /** The instance with its history, inbox and timers; activities on their way run on, as on the platform. */
  | { readonly type: 'forget'; readonly id: string }
  | { readonly type: 'history'; readonly id: string; readonly events: readonly string[] }
  | { readonly type: 'clear-history'; readonly id: string }
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'taken'; readonly sequences: readonly number[] }
  | { readonly type: 'activity'; readonly row: ActivityRow }
  | { readonly type: 'activity-done'; readonly key: string }
  | { readonly type: 'timer'; readonly row: TimerRow }
  | { readonly type: 'timer-done'; readonly key: string }
  | { readonly type: 'schedule'; readonly row: ScheduleRow };

export function taskKey(execution: string, task: number): string {
  return `${execution}/${task}`;
}
