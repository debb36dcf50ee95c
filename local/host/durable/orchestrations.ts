import type { FunctionDefinition } from '../functions/registrations.ts';
import { unknownOrchestrator } from './failures.ts';
import type { Hub } from './hub.ts';
import {
  applyControls,
  currentEvents,
  freshEvents,
  isStart,
  reasonOf,
  sortInbox,
} from './inbox.ts';
import { createChild, timersOf } from './instances.ts';
import { EVENT, hasEnded, parseHistory } from './protocol.ts';
import type { HistoryEvent } from './protocol.ts';
import { replay, triggerPayload } from './replay.ts';
import type { Outcome } from './replay.ts';
import type { InstanceRow, Message } from './store.ts';
import { ended, newWork, turnChanges } from './turn-changes.ts';
import type { TurnContext } from './turn-changes.ts';
import { mayRun } from './versions.ts';

/** One turn of one instance: takes what is in its inbox, replays, commits. */
export async function runTurn(hub: Hub, id: string): Promise<void> {
  const messages = hub.store.inbox(id);
  const instance = hub.store.instance(id);
  if (messages.length === 0) return;
  if (instance === undefined || hasEnded(instance.status)) {
    hub.commit({ by: 'turn', instance: id }, [{ type: 'taken', sequences: sequences(messages) }]);
    return;
  }
  const { terminate, controls, events } = sortInbox(messages);
  if (terminate !== undefined) {
    end(hub, beginTurn(hub, instance, messages, []), 'Terminated', reasonOf(terminate));
    return;
  }
  const current = applyControls(hub, instance, controls);
  if (current === undefined || current.status === 'Suspended') return;
  await takeEvents(hub, current, events);
}

async function takeEvents(
  hub: Hub,
  instance: InstanceRow,
  events: readonly Message[],
): Promise<void> {
  const mine = currentEvents(instance, events);
  const turn = beginTurn(hub, instance, events, mine);
  if (mine.length === 0) {
    if (events.length > 0) commit(hub, turn, [{ type: 'taken', sequences: turn.taken }]);
    return;
  }
  if (turn.past.length === 0) {
    // An event may be there before the start is.
    if (!mine.some(isStart)) return;
    if (!mayRun(instance.version, hub.options.defaultVersion)) {
      reportPending(hub, instance);
      return;
    }
  }
  const definition = hub.orchestrator(instance.name);
  if (definition === undefined) {
    end(hub, turn, 'Failed', unknownOrchestrator(instance.name, hub.orchestratorNames()));
    return;
  }
  hub.onHop('turn');
  await delay(hub, turn);
  if (hub.life.aborted) return;
  await replayTurn(hub, beginTurn(hub, instance, events, mine), definition);
}

async function delay(hub: Hub, { past, instance }: TurnContext): Promise<void> {
  const { turnMs = 0, subOrchestrationMs = 0 } = hub.options.latencies;
  const startsChild = past.length === 0 && instance.parent !== null;
  const ms = startsChild ? subOrchestrationMs : turnMs;
  if (ms > 0) await hub.clock.sleep(ms);
}

async function replayTurn(
  hub: Hub,
  turn: TurnContext,
  definition: FunctionDefinition,
): Promise<void> {
  const { instance, past, fresh } = turn;
  const texts = fresh.map((event) => JSON.stringify(event));
  const json = triggerPayload(
    instance,
    inputOf(past, fresh),
    hub.store.history(instance.id),
    texts,
  );
  const outcome = await replay({
    name: definition.name,
    past,
    invoke: (prepare) => hub.invoke({ definition, trigger: { json }, prepare }),
  });
  if (hub.life.aborted) return;
  const settled = unregistered(hub, past, outcome) ?? outcome;
  report(hub, instance, settled);
  commit(hub, turn, turnChanges(turn, settled));
}

function beginTurn(
  hub: Hub,
  instance: InstanceRow,
  taken: readonly Message[],
  events: readonly Message[],
): TurnContext {
  const now = hub.clock.now();
  const timestamp = new Date(now).toISOString();
  return {
    instance,
    now,
    timestamp,
    past: parseHistory(hub.store.history(instance.id)),
    fresh: freshEvents(events, timestamp),
    taken: sequences(taken),
    openTimers: timersOf(hub, instance),
    newExecution: () => hub.newGuid(),
    message: (to, occurrence) => hub.message(to, occurrence),
    startChild: (work, child) => createChild(hub, instance, work, child),
  };
}

function inputOf(past: readonly HistoryEvent[], fresh: readonly HistoryEvent[]): string | null {
  const started = [...past, ...fresh].find((event) => event.EventType === EVENT.ExecutionStarted);
  const input = started?.['Input'];
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
  const because = whyStuck(outcome);
  if (because === undefined) return;
  hub.log({
    level: 'error',
    message: `${who} stays Running for ever: ${because}. The real host behaves the same, without a word. Terminate and purge it.`,
  });
}

function whyStuck(outcome: Outcome): string | undefined {
  if (outcome.kind === 'stuck') return outcome.because;
  const abandoned =
    'work' in outcome && outcome.work.some((work) => work.kind === 'abandoned-retry');
  return abandoned
    ? 'the time-out of a retry has passed, and nothing more is scheduled for it'
    : undefined;
}

function reportPending(hub: Hub, { id, name, version }: InstanceRow): void {
  hub.log({
    level: 'warning',
    message:
      `Instance ${id} of '${name}' stays Pending: its version ${version ?? ''} is newer than ` +
      `the app's defaultVersion (${hub.options.defaultVersion ?? 'none'}).`,
  });
}

function end(
  hub: Hub,
  turn: TurnContext,
  status: 'Failed' | 'Terminated',
  output: string | null,
): void {
  const { id } = turn.instance;
  if (status === 'Failed')
    hub.log({ level: 'error', message: `Instance ${id} failed: ${output ?? ''}` });
  commit(hub, turn, [
    { type: 'taken', sequences: turn.taken },
    ...ended(turn, status, output, output ?? ''),
  ]);
}

function commit(hub: Hub, turn: TurnContext, changes: Parameters<Hub['commit']>[1]): void {
  hub.commit({ by: 'turn', instance: turn.instance.id }, changes);
}

function sequences(messages: readonly Message[]): number[] {
  return messages.map((message) => message.sequence);
}
