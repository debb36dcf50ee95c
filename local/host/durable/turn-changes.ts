import { childFailed } from './failures.ts';
import { EVENT, historyEvent } from './protocol.ts';
import type { HistoryEvent, Occurrence } from './protocol.ts';
import type { Outcome } from './replay.ts';
import { taskKey } from './store.ts';
import type { ActivityRow, Change, InstanceRow, Message, TimerRow } from './store.ts';
import type { Work } from './work.ts';

/** What a turn is committed with; ids and sequence numbers come from the engine. */
export interface TurnContext {
  readonly instance: InstanceRow;
  readonly now: number;
  readonly timestamp: string;
  readonly past: readonly HistoryEvent[];
  readonly fresh: readonly HistoryEvent[];
  readonly taken: readonly number[];
  /** The instance's timers that have not fired. */
  readonly openTimers: readonly TimerRow[];
  readonly newExecution: () => string;
  readonly message: (
    to: Pick<Message, 'instance' | 'execution'>,
    occurrence: Occurrence,
  ) => Message;
  readonly startChild: (work: SubOrchestration, child: string) => readonly Change[];
}

export type SubOrchestration = Extract<Work, { kind: 'sub-orchestration' }>;

/** Everything that one turn changes, to be committed as a whole. */
export function turnChanges(turn: TurnContext, outcome: Outcome): Change[] {
  const taken: Change = { type: 'taken', sequences: turn.taken };
  switch (outcome.kind) {
    case 'continued':
      return [taken, ...continueAsNew(turn, outcome.input)];
    case 'stuck':
      return [taken, ...remember(turn, []), ...update(turn, { status: 'Running' })];
    case 'refused':
      return [
        taken,
        ...remember(turn, []),
        ...ended(turn, 'Failed', outcome.output, outcome.message),
      ];
    default:
      return [taken, ...progress(turn, outcome)];
  }
}

type Progress = Extract<Outcome, { work: readonly Work[] }>;

function progress(turn: TurnContext, outcome: Progress): Change[] {
  const scheduled = newWork(turn.past, outcome.work).map((work) => schedule(turn, work));
  const changes = [
    ...remember(
      turn,
      scheduled.map(({ event }) => event),
    ),
    ...scheduled.flatMap((each) => each.changes),
    ...cancelTimers(turn, outcome.work),
  ];
  const { customStatus } = outcome;
  if (outcome.kind === 'threw') {
    return [...changes, ...ended(turn, 'Failed', outcome.output, outcome.message, customStatus)];
  }
  // The platform keeps an instance Running until its last uncancelled timer has fired.
  if (outcome.kind === 'returned' && !waitsForTimer(turn, outcome.work)) {
    return [...changes, ...ended(turn, 'Completed', outcome.output, '', customStatus)];
  }
  return [...changes, ...update(turn, { status: 'Running', customStatus })];
}

function remember(turn: TurnContext, scheduled: readonly HistoryEvent[]): Change[] {
  const completed = historyEvent({ EventType: EVENT.OrchestratorCompleted }, turn.timestamp);
  const events = [...turn.fresh, ...scheduled, completed].map((event) => JSON.stringify(event));
  return [{ type: 'history', id: turn.instance.id, events }];
}

const SCHEDULING: readonly number[] = [
  EVENT.TaskScheduled,
  EVENT.SubOrchestrationInstanceCreated,
  EVENT.TimerCreated,
];

type NewWork = Exclude<Work, { kind: 'abandoned-retry' }>;

/** What no earlier turn has scheduled. */
export function newWork(past: readonly HistoryEvent[], work: readonly Work[]): NewWork[] {
  const known = new Set(
    past.filter((event) => SCHEDULING.includes(event.EventType)).map((event) => event.EventId),
  );
  return work
    .filter((each) => each.kind !== 'abandoned-retry')
    .filter((each) => !known.has(each.id));
}

interface Scheduled {
  readonly event: HistoryEvent;
  readonly changes: readonly Change[];
}

function schedule(turn: TurnContext, work: NewWork): Scheduled {
  const { instance, timestamp, now } = turn;
  const { execution } = instance;
  const key = taskKey(execution, work.id);
  const event = (occurrence: Occurrence): HistoryEvent =>
    historyEvent({ EventId: work.id, ...occurrence }, timestamp);
  const owner = { key, instance: instance.id, execution, task: work.id };
  switch (work.kind) {
    case 'activity': {
      const row: ActivityRow = { ...owner, name: work.name, input: work.input };
      return {
        event: event({
          EventType: EVENT.TaskScheduled,
          Name: work.name,
          Version: null,
          Input: null,
        }),
        changes: [{ type: 'activity', row }],
      };
    }
    case 'timer': {
      const row: TimerRow = { ...owner, fireAt: work.fireAt, createdAt: now };
      return {
        event: event({
          EventType: EVENT.TimerCreated,
          FireAt: new Date(work.fireAt).toISOString(),
        }),
        changes: work.cancelled ? [] : [{ type: 'timer', row }],
      };
    }
    case 'sub-orchestration': {
      const child = work.instance ?? `${execution}:${work.id.toString(16)}`;
      const made = {
        EventType: EVENT.SubOrchestrationInstanceCreated,
        InstanceId: child,
        Name: work.name,
      };
      return {
        event: event({ ...made, Version: work.version ?? null, Input: null }),
        changes: turn.startChild(work, child),
      };
    }
  }
}

function cancelTimers(turn: TurnContext, work: readonly Work[]): Change[] {
  return work
    .filter((each) => each.kind === 'timer' && each.cancelled)
    .map((each) => ({ type: 'timer-done', key: taskKey(turn.instance.execution, each.id) }));
}

function waitsForTimer(turn: TurnContext, work: readonly Work[]): boolean {
  const cancelled = new Set(
    cancelTimers(turn, work).map((change) => ('key' in change ? change.key : '')),
  );
  if (turn.openTimers.some((timer) => !cancelled.has(timer.key))) return true;
  return newWork(turn.past, work).some((each) => each.kind === 'timer' && !each.cancelled);
}

function dropTimers(turn: TurnContext): Change[] {
  return turn.openTimers.map((timer) => ({ type: 'timer-done', key: timer.key }));
}

function update(turn: TurnContext, fields: Partial<InstanceRow>): Change[] {
  return [
    { type: 'instance', row: { ...turn.instance, output: null, ...fields, updatedAt: turn.now } },
  ];
}

/** Events that were delivered to the ending execution are lost with it, as on the platform. */
function continueAsNew(turn: TurnContext, input: string | null): Change[] {
  const { instance } = turn;
  const execution = turn.newExecution();
  const started = executionStarted({ ...instance, execution }, input);
  return [
    { type: 'clear-history', id: instance.id },
    ...dropTimers(turn),
    // Without an input the status goes on showing the old one.
    ...update(turn, {
      execution,
      status: 'Running',
      input: input ?? instance.input,
      customStatus: null,
    }),
    { type: 'message', message: turn.message({ instance: instance.id, execution }, started) },
  ];
}

export function executionStarted(instance: InstanceRow, input: string | null): Occurrence {
  const { parent } = instance;
  return {
    EventType: EVENT.ExecutionStarted,
    Name: instance.name,
    Version: instance.version,
    Input: input,
    Tags: null,
    OrchestrationInstance: { InstanceId: instance.id, ExecutionId: instance.execution },
    ParentInstance: parent && {
      TaskScheduleId: parent.task,
      OrchestrationInstance: { InstanceId: parent.instance, ExecutionId: parent.execution },
    },
  };
}

/** The end of an instance, and the word of it to whoever waits. `output` is JSON only for a completed one. */
export function ended(
  turn: Pick<TurnContext, 'instance' | 'now' | 'timestamp' | 'message' | 'openTimers'>,
  status: 'Completed' | 'Failed' | 'Terminated',
  output: string | null,
  message: string,
  customStatus: string | null = turn.instance.customStatus,
): Change[] {
  const { instance, now, timestamp } = turn;
  const shown = status === 'Completed' || output === null ? output : JSON.stringify(output);
  const completed = {
    EventType: EVENT.ExecutionCompleted,
    OrchestrationStatus: status,
    Result: shown,
  };
  const { parent } = instance;
  return [
    {
      type: 'history',
      id: instance.id,
      events: [JSON.stringify(historyEvent(completed, timestamp))],
    },
    { type: 'instance', row: { ...instance, status, output: shown, customStatus, updatedAt: now } },
    ...turn.openTimers.map((timer): Change => ({ type: 'timer-done', key: timer.key })),
    ...(parent === null
      ? []
      : [
          {
            type: 'message',
            message: turn.message(parent, answer(parent.task, status, output, message)),
          } as const,
        ]),
  ];
}

function answer(task: number, status: string, output: string | null, message: string): Occurrence {
  if (status === 'Completed') {
    const Result = output ?? 'null';
    return { EventType: EVENT.SubOrchestrationInstanceCompleted, TaskScheduledId: task, Result };
  }
  if (status === 'Terminated')
    return childFailed(task, `The sub-orchestration was terminated: ${output ?? ''}`, '');
  return childFailed(task, output ?? '', message);
}
