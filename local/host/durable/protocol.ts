import { parseOwn } from '../json.ts';

/**
 * The out-of-process protocol (version 1, JSON) between the Durable Functions extension and durable-functions 3.x.
 * Numbers and names are the extension's.
 */
export const EVENT = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

export const ACTION = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const;

/** One line of an instance's history, as the orchestrator gets it: a number for its type, PascalCase for the rest. */
export interface HistoryEvent {
  readonly EventType: number;
  /** -1 unless the event schedules something. */
  readonly EventId: number;
  readonly IsPlayed: boolean;
  readonly Timestamp: string;
  readonly [property: string]: unknown;
}

export type RuntimeStatus =
  'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated';

export function hasEnded(status: RuntimeStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}

/** An event that has not been given its place and time in a history. */
export type Occurrence = Readonly<Record<string, unknown>> & { readonly EventType: number };

export function historyEvent(occurrence: Occurrence, timestamp: string): HistoryEvent {
  return { EventId: -1, IsPlayed: false, Timestamp: timestamp, ...occurrence };
}

export function parseHistory(texts: readonly string[]): HistoryEvent[] {
  return texts.map((text) => parseOwn<HistoryEvent>(text));
}
