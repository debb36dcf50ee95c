import { EVENT } from '../../local/host/durable/protocol.ts';
import type { HistoryEvent } from '../../local/host/durable/protocol.ts';

/** One turn of a generation: the orchestrator is told something, and asks for something. */
export interface Turn {
  readonly past: readonly HistoryEvent[];
  readonly told: readonly HistoryEvent[];
  readonly asked: readonly HistoryEvent[];
  /** The instance's end, when this turn brought it. */
  readonly end: HistoryEvent | undefined;
}

const ASKING: readonly number[] = [
  EVENT.TaskScheduled,
  EVENT.SubOrchestrationInstanceCreated,
  EVENT.TimerCreated,
];

/** Takes a history apart into the turns that made it. */
export function turnsOf(history: readonly HistoryEvent[]): Turn[] {
  const starts = history.flatMap(({ EventType }, index) =>
    EventType === EVENT.OrchestratorStarted ? [index] : [],
  );
  return starts.map((start, turn) => {
    const events = history.slice(start, starts[turn + 1]);
    return {
      past: history.slice(0, start),
      told: events.filter(
        ({ EventType }) =>
          !ASKING.includes(EventType) &&
          EventType !== EVENT.OrchestratorCompleted &&
          EventType !== EVENT.ExecutionCompleted,
      ),
      asked: events.filter(({ EventType }) => ASKING.includes(EventType)),
      end: events.find(({ EventType }) => EventType === EVENT.ExecutionCompleted),
    };
  });
}

const NAMES = new Map<number, string>(Object.entries(EVENT).map(([name, type]) => [type, name]));

/** What a turn was told, for messages: the last event is what set it going. */
export function toldLast({ told }: Turn): string {
  const last = told.at(-1);
  if (last === undefined) return 'nothing';
  const subject = last['TaskScheduledId'] ?? last['TimerId'] ?? last['Name'];
  const name = NAMES.get(last.EventType) ?? `event ${last.EventType}`;
  return typeof subject === 'string' || typeof subject === 'number' ? `${name} ${subject}` : name;
}
