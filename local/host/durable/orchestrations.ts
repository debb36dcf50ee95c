import { unknownOrchestrator } from './failures.ts';
import type { Hub } from './hub.ts';
import { EVENT, hasEnded, historyEvent, parseHistory } from './protocol.ts';
import type { HistoryEvent, Occurrence } from './protocol.ts';
import { replay, triggerPayload } from './replay.ts';
import type { Outcome } from './replay.ts';
import { createChild, timersOf } from './instances.ts';
import type { Change, InstanceRow, Message } from './store.ts';
import { ended, newWork, turnChanges } from './turn-changes.ts';
import type { TurnContext } from './turn-changes.ts';
import { mayRun } from './versions.ts';
import type { FunctionDefinition } from '../functions/registrations.ts';

/** One turn of one instance: takes what is in its inbox, replays, commits. */
export async function runTurn(hub: Hub, id: string): Promise<void> {
  const messages = hub.store.inbox(id);
  const instance = hub.store.instance(id);
  if (messages.length === 0) return;
  if (instance === undefined || hasEnded(instance.status)) return take(hub, id, messages);
  const terminate = messages.find((message) => message.kind === 'terminate');
  if (terminate !== undefined)
    return finish(hub, instance, messages, 'Terminated', reasonOf(terminate));
  const current = applyControl(
    hub,
    instance,
    messages.filter((message) => message.kind !== 'event'),
  );
  if (current === undefined || current.status === 'Suspended') return;
  const events = messages.filter((message) => message.kind === 'event');
  const mine = events.filter(
    (message) => message.execution === null || message.execution === current.execution,
  );
  const past = parseHistory(hub.store.history(id));
  const started =
    past.length > 0 ||
    mine.some((message) => occurrenceOf(message).EventType === EVENT.ExecutionStarted);
  if (!started || mine.length === 0)
    return take(hub, id, started ? events : subtract(events, mine));
  if (past.length === 0 && !mayRun(current.version, hub.options.defaultVersion))
    return leavePending(hub, current);
  const definition = hub.orchestrator(current.name);
  if (definition === undefined) {
    return finish(
      hub,
      current,
      events,
      'Failed',
      unknownOrchestrator(current.name, hub.orchestratorNames()),
    );
  }
  await replayTurn(hub, current, definition, past, mine, events);
}

async function replayTurn(
  hub: Hub,
  instance: InstanceRow,
  definition: FunctionDefinition,
  past: readonly HistoryEvent[],
  mine: readonly Message[],
  taken: readonly Message[],
): Promise<void> {
  hub.onHop('turn');
  const delay =
    past.length === 0 && instance.parent !== null
      ? hub.options.latencies.subOrchestrationMs
      : hub.options.latencies.turnMs;
  if (delay !== undefined && delay > 0) await hub.clock.sleep(delay);
  const now = hub.clock.now();
  const timestamp = new Date(now).toISOString();
  const fresh = freshEvents(mine, timestamp);
  const input = inputOf([...past, ...fresh]);
  const texts = fresh.map((event) => JSON.stringify(event));
  const json = triggerPayload(instance, input, hub.store.history(instance.id), texts);
  const outcome = await replay({
    instance,
    name: definition.name,
    past,
    invoke: (prepare) => hub.invoke({ definition, trigger: { json }, prepare }),
  });
  if (hub.life.aborted) return;
  const turn = turnContext(hub, instance, past, fresh, taken, now);
  const settled = unregistered(hub, past, outcome) ?? outcome;
  report(hub, instance, settled);
  hub.commit({ by: 'turn', instance: instance.id }, turnChanges(turn, settled));
}

function turnContext(
  hub: Hub,
  instance: InstanceRow,
  past: readonly HistoryEvent[],
  fresh: readonly HistoryEvent[],
  taken: readonly Message[],
  now: number,
): TurnContext {
  return {
    instance,
    now,
    timestamp: new Date(now).toISOString(),
    past,
    fresh,
    taken: taken.map((message) => message.sequence),
    openTimers: timersOf(hub, instance),
    newExecution: () => hub.newGuid(),
    message: (to, occurrence) => hub.message(to, occurrence),
    startChild: (work, child) => createChild(hub, instance, work, child),
  };
}

/** Even when something overtook it, the start comes first. */
function freshEvents(messages: readonly Message[], timestamp: string): HistoryEvent[] {
  const events = messages.map((message) => historyEvent(occurrenceOf(message), timestamp));
  const isStart = (event: HistoryEvent): boolean => event.EventType === EVENT.ExecutionStarted;
  return [
    historyEvent({ EventType: EVENT.OrchestratorStarted }, timestamp),
    ...events.filter(isStart),
    ...events.filter((event) => !isStart(event)),
  ];
}

function inputOf(history: readonly HistoryEvent[]): string | null {
  const input = history.find((event) => event.EventType === EVENT.ExecutionStarted)?.['Input'];
  return typeof input === 'string' ? input : null;
}

/** Calling a name that nobody registered: the platform schedules nothing of the turn and leaves the instance Running. */
function unregistered(
  hub: Hub,
  past: readonly HistoryEvent[],
  outcome: Outcome,
): Outcome | undefined {
  if (!('work' in outcome)) return undefined;
  for (const work of newWork(past, outcome.work)) {
    if (work.kind === 'activity' && hub.activity(work.name) === undefined) {
      return {
        kind: 'stuck',
        because: `it calls the activity '${work.name}', which is not registered`,
      };
    }
    if (work.kind === 'sub-orchestration' && hub.orchestrator(work.name) === undefined) {
      return {
        kind: 'stuck',
        because: `it calls the sub-orchestration '${work.name}', which is not registered`,
      };
    }
  }
  return undefined;
}

function report(hub: Hub, instance: InstanceRow, outcome: Outcome): void {
  const who = `Instance ${instance.id} of '${instance.name}'`;
  if (outcome.kind === 'refused')
    hub.log({ level: 'error', message: `${who} failed: ${outcome.message}` });
  const stuck =
    outcome.kind === 'stuck'
      ? outcome.because
      : 'work' in outcome && outcome.work.some((work) => work.kind === 'abandoned-retry')
        ? 'the time-out of a retry has passed, and the host then schedules nothing more for it'
        : undefined;
  if (stuck === undefined) return;
  hub.log({
    level: 'error',
    message: `${who} stays Running for ever: ${stuck}. The real host behaves the same, without a word. Terminate and purge it.`,
  });
}

function take(hub: Hub, id: string, messages: readonly Message[]): void {
  if (messages.length === 0) return;
  const sequences = messages.map((message) => message.sequence);
  hub.commit({ by: 'turn', instance: id }, [{ type: 'taken', sequences }]);
}

function finish(
  hub: Hub,
  instance: InstanceRow,
  messages: readonly Message[],
  status: 'Failed' | 'Terminated',
  output: string | null,
): void {
  const turn = turnContext(hub, instance, [], [], messages, hub.clock.now());
  if (status === 'Failed')
    hub.log({ level: 'error', message: `Instance ${instance.id} failed: ${output ?? ''}` });
  hub.commit({ by: 'turn', instance: instance.id }, [
    { type: 'taken', sequences: turn.taken },
    ...ended(turn, status, output, output ?? ''),
  ]);
}

/** Suspends and resumes; the instance as it then is, or undefined when the host died. */
function applyControl(
  hub: Hub,
  instance: InstanceRow,
  controls: readonly Message[],
): InstanceRow | undefined {
  if (controls.length === 0) return instance;
  const now = hub.clock.now();
  let row = instance;
  const events = controls.map((control) => {
    const suspend = control.kind === 'suspend';
    const resumed = row.status === 'Suspended' ? 'Running' : row.status;
    row = {
      ...row,
      status: suspend ? 'Suspended' : resumed,
      output: suspend ? JSON.stringify(reasonOf(control)) : null,
      updatedAt: now,
    };
    const EventType = suspend ? EVENT.ExecutionSuspended : EVENT.ExecutionResumed;
    return JSON.stringify(
      historyEvent({ EventType, Reason: reasonOf(control) }, new Date(now).toISOString()),
    );
  });
  const changes: Change[] = [
    { type: 'taken', sequences: controls.map((control) => control.sequence) },
    {
      type: 'history',
      id: instance.id,
      events: hub.store.history(instance.id).length === 0 ? [] : events,
    },
    { type: 'instance', row },
  ];
  return hub.commit({ by: 'turn', instance: instance.id }, changes) ? row : undefined;
}

function leavePending(hub: Hub, instance: InstanceRow): void {
  hub.log({
    level: 'warning',
    message:
      `Instance ${instance.id} of '${instance.name}' stays Pending: its version ${instance.version ?? ''} is newer than ` +
      `the app's defaultVersion (${hub.options.defaultVersion ?? 'none'}).`,
  });
}

function occurrenceOf(message: Message): Occurrence {
  const occurrence: Occurrence = JSON.parse(message.body);
  return occurrence;
}

function reasonOf(message: Message): string | null {
  const reason: string | null = JSON.parse(message.body);
  return reason;
}

function subtract(messages: readonly Message[], others: readonly Message[]): Message[] {
  return messages.filter((message) => !others.includes(message));
}
