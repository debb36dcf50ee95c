import { invoke } from '../../local/host/functions/invocation.ts';
import type { Registrations } from '../../local/host/functions/registrations.ts';
import { EVENT } from '../../local/host/durable/protocol.ts';
import type { HistoryEvent } from '../../local/host/durable/protocol.ts';
import { replay, triggerPayload } from '../../local/host/durable/replay.ts';
import type { Outcome } from '../../local/host/durable/replay.ts';
import { newWork } from '../../local/host/durable/turn-changes.ts';
import type { Work } from '../../local/host/durable/work.ts';
import type { Inputs, Recording, RecordedInstance } from './recording.ts';
import { toldLast, turnsOf } from './turns.ts';
import type { Turn } from './turns.ts';

/**
 * Feeds recorded histories to orchestrators, turn by turn through durable-functions as the host does, and tells where
 * they ask for something else than they did: one difference an instance, because all later ones follow from it.
 */
export async function differences(app: Registrations, recording: Recording): Promise<string[]> {
  const found: string[] = [];
  for (const instance of recording.instances) {
    const first = await firstDifference(app, instance);
    if (first !== null) found.push(first);
  }
  return found;
}

async function firstDifference(
  app: Registrations,
  instance: RecordedInstance,
): Promise<string | null> {
  for (const [generation, history] of instance.generations.entries()) {
    const next = instance.generations[generation + 1];
    const turns = turnsOf(history);
    for (const [index, turn] of turns.entries()) {
      const isLast = index === turns.length - 1;
      const inputs = instance.inputs[generation] ?? {};
      const recorded = [
        ...turn.asked.map((event) => asked(event, inputs)),
        ending(turn, isLast ? next : undefined),
      ];
      const outcome = await replayTurn(app, instance, turn);
      const now = outcomeLines(outcome, turn);
      if (recorded.join('\n') === now.join('\n')) continue;
      const place = `generation ${generation + 1}, turn ${index + 1} of ${turns.length}`;
      return [
        `${instance.name} ${instance.id}, ${place}, after ${toldLast(turn)}:`,
        ...whereTheyPart(recorded, now),
      ].join('\n');
    }
  }
  return null;
}

const LINES = 3;

function whereTheyPart(recorded: readonly string[], now: readonly string[]): string[] {
  const from = recorded.findIndex((line, index) => line !== now[index]);
  const shown = (lines: readonly string[]): readonly string[] =>
    from < 0 ? lines.slice(recorded.length) : lines.slice(from, from + LINES);
  return [
    ...shown(recorded).map((line) => `  recorded: ${line}`),
    ...shown(now).map((line) => `  now:      ${line}`),
  ];
}

async function replayTurn(
  app: Registrations,
  { id, name, parent }: RecordedInstance,
  { past, told }: Turn,
): Promise<Outcome> {
  const definition = app.functions.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (definition === undefined)
    return { kind: 'stuck', because: `no orchestrator is named ${name} any more` };
  const [pastTexts, toldTexts] = [past, told].map((events) =>
    events.map((event) => JSON.stringify(event)),
  );
  const input = [...past, ...told].find(({ EventType }) => EventType === EVENT.ExecutionStarted);
  const json = triggerPayload(
    { id, parent: parent === null ? null : { instance: parent } },
    typeof input?.['Input'] === 'string' ? input['Input'] : null,
    pastTexts ?? [],
    toldTexts ?? [],
  );
  return replay({
    name: definition.name,
    past,
    invoke: (prepare) =>
      invoke(app, {
        definition,
        trigger: { json },
        prepare,
        invocationId: id,
        log: () => undefined,
      }),
  });
}

function outcomeLines(outcome: Outcome, turn: Turn): string[] {
  if (outcome.kind === 'refused') return [outcome.message];
  if (outcome.kind === 'stuck') return [`is stuck: ${outcome.because}`];
  if (outcome.kind === 'continued') return [`continues as new with ${outcome.input ?? 'nothing'}`];
  const lines = newWork(turn.past, outcome.work).map(asks);
  if (outcome.kind === 'threw') return [...lines, `throws: ${outcome.message}`];
  if (outcome.kind === 'waiting') return [...lines, 'waits'];
  const open = openTimers(outcome.work, [...turn.past, ...turn.told]);
  const hanging =
    open.length === 0 ? '' : `, and runs on until timer ${open.join(', ')} fires: cancel it`;
  return [...lines, `returns ${outcome.output ?? 'nothing'}${hanging}`];
}

/** The platform keeps an instance running until its last timer has fired or was cancelled. */
function openTimers(work: readonly Work[], history: readonly HistoryEvent[]): number[] {
  const fired = new Set(history.map((event) => event['TimerId']));
  return work
    .filter((one) => one.kind === 'timer' && !one.cancelled && !fired.has(one.id))
    .map(({ id }) => id);
}

function ending({ end }: Turn, next: readonly HistoryEvent[] | undefined): string {
  if (next !== undefined) {
    const started = next.find(({ EventType }) => EventType === EVENT.ExecutionStarted);
    return `continues as new with ${textOf(started?.['Input'])}`;
  }
  if (end === undefined) return 'waits';
  const verb = end['OrchestrationStatus'] === 'Completed' ? 'returns' : 'throws:';
  return `${verb} ${textOf(end['Result'])}`;
}

function asks(work: Work): string {
  switch (work.kind) {
    case 'activity':
      return `calls activity ${work.name} as ${work.id} with ${textOf(work.input)}`;
    case 'sub-orchestration':
      return `starts ${work.name} ${work.instance ?? 'unnamed'} as ${work.id} with ${textOf(work.input)}`;
    case 'timer':
      return `sets timer ${work.id} for ${new Date(work.fireAt).toISOString()}`;
    case 'abandoned-retry':
      return `gives up ${work.name} without a word`;
  }
}

function asked(event: HistoryEvent, inputs: Inputs): string {
  const { EventType, EventId } = event;
  const given = textOf(inputs[EventId]);
  if (EventType === EVENT.TaskScheduled)
    return `calls activity ${textOf(event['Name'])} as ${EventId} with ${given}`;
  if (EventType === EVENT.TimerCreated)
    return `sets timer ${EventId} for ${textOf(event['FireAt'])}`;
  return `starts ${textOf(event['Name'])} ${textOf(event['InstanceId'])} as ${EventId} with ${given}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : 'nothing';
}
