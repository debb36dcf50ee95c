import type { Log } from '../../../src/core/log.ts';
import type { LocalClock } from '../../clock/local-clock.ts';
import type { FunctionDefinition } from '../functions/registrations.ts';
import type { Invocation, InvocationResult } from '../functions/invocation.ts';
import type { Occurrence } from './protocol.ts';
import type { Change, DurableStore, Message } from './store.ts';

/** Milliseconds that the platform adds to each hop (protocol notes: activity 20 to 25, sub-orchestration 30). */
export interface Latencies {
  readonly turnMs?: number;
  readonly activityMs?: number;
  readonly subOrchestrationMs?: number;
}

/** The platform fires timers up to a second early, and late by up to its queue polling interval. */
export interface TimerJitter {
  readonly earlyMs: number;
  readonly lateMs: number;
}

export interface DurableOptions {
  readonly defaultVersion: string | null;
  readonly maxActivities: number;
  readonly maxOrchestrators: number;
  readonly latencies: Latencies;
  readonly timerJitter: TimerJitter;
}

export type Hop = 'turn' | 'activity' | 'timer' | 'sub-orchestration' | 'schedule' | 'http';

/** Who is about to write. A simulation may kill the host here: the write then never happens. */
export interface CrashPoint {
  readonly by: 'turn' | 'activity' | 'timer' | 'client' | 'schedule';
  readonly instance: string;
}

/** What the parts of the durable engine share: the state, the time, and the only door to writing. */
export interface Hub {
  readonly store: DurableStore;
  readonly clock: LocalClock;
  readonly random: () => number;
  readonly log: Log;
  readonly options: DurableOptions;
  readonly life: AbortSignal;
  /** Commits all or nothing; false when the host has been killed, and then nothing may follow. */
  commit(point: CrashPoint, changes: readonly Change[]): boolean;
  message(to: Pick<Message, 'instance' | 'execution'>, occurrence: Occurrence): Message;
  control(to: string, kind: 'terminate' | 'suspend' | 'resume', reason: string | null): Message;
  newGuid(): string;
  onHop(hop: Hop): void;
  orchestrator(name: string): FunctionDefinition | undefined;
  activity(name: string): FunctionDefinition | undefined;
  orchestratorNames(): readonly string[];
  invoke(invocation: Omit<Invocation, 'invocationId' | 'log'>): Promise<InvocationResult>;
}
