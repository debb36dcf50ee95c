import { parseOwn } from '../json.ts';
import type { Hub } from './hub.ts';
import { EVENT, historyEvent } from './protocol.ts';
import type { HistoryEvent, Occurrence } from './protocol.ts';
import type { Change, InstanceRow, Message } from './store.ts';

/** What an instance has been sent, by what becomes of it. */
export interface Inbox {
  readonly terminate: Message | undefined;
  /** Suspend and resume, in order. */
  readonly controls: readonly Message[];
  readonly events: readonly Message[];
}

export function sortInbox(messages: readonly Message[]): Inbox {
  return {
    terminate: messages.find((message) => message.kind === 'terminate'),
    controls: messages.filter((message) => message.kind === 'suspend' || message.kind === 'resume'),
    events: messages.filter((message) => message.kind === 'event'),
  };
}

/** The events meant for the current execution; answers to earlier ones are not. */
export function currentEvents(instance: InstanceRow, events: readonly Message[]): Message[] {
  return events.filter(
    (message) => message.execution === null || message.execution === instance.execution,
  );
}

export function isStart(message: Message): boolean {
  return occurrenceOf(message).EventType === EVENT.ExecutionStarted;
}

/** A turn's new part of the history. Even when something overtook it, the start comes first. */
export function freshEvents(messages: readonly Message[], timestamp: string): HistoryEvent[] {
  const inOrder = [...messages.filter(isStart), ...messages.filter((message) => !isStart(message))];
  return [
    historyEvent({ EventType: EVENT.OrchestratorStarted }, timestamp),
    ...inOrder.map((message) => historyEvent(occurrenceOf(message), timestamp)),
  ];
}

/** Suspends and resumes; the instance as it then is, or undefined when the host died. */
export function applyControls(
  hub: Hub,
  instance: InstanceRow,
  controls: readonly Message[],
): InstanceRow | undefined {
  if (controls.length === 0) return instance;
  const now = hub.clock.now();
  const row = controls.reduce((each, control) => controlled(each, control, now), instance);
  const changes: Change[] = [
    { type: 'taken', sequences: controls.map((control) => control.sequence) },
    {
      type: 'history',
      id: instance.id,
      events: controls.map((control) => controlEvent(control, now)),
    },
    { type: 'instance', row },
  ];
  return hub.commit({ by: 'turn', instance: instance.id }, changes) ? row : undefined;
}

/** While it is suspended, an instance shows the reason as its output. */
function controlled(row: InstanceRow, control: Message, now: number): InstanceRow {
  if (control.kind === 'suspend') {
    return {
      ...row,
      status: 'Suspended',
      output: JSON.stringify(reasonOf(control)),
      updatedAt: now,
    };
  }
  const status = row.status === 'Suspended' ? 'Running' : row.status;
  return { ...row, status, output: null, updatedAt: now };
}

function controlEvent(control: Message, now: number): string {
  const EventType = control.kind === 'suspend' ? EVENT.ExecutionSuspended : EVENT.ExecutionResumed;
  const occurrence = { EventType, Reason: reasonOf(control) };
  return JSON.stringify(historyEvent(occurrence, new Date(now).toISOString()));
}

function occurrenceOf(message: Message): Occurrence {
  return parseOwn<Occurrence>(message.body);
}

export function reasonOf(message: Message): string | null {
  return parseOwn<string | null>(message.body);
}
