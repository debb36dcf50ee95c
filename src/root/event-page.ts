import type { RecordedEvent } from '../core/events.ts';

/** Parallel streams share moments, so a cursor names the last event whole: `at~stream~sequence`. */
export function eventCursor(events: readonly RecordedEvent[]): string | null {
  const last = events.at(-1);
  return last === undefined ? null : keyOf(last);
}

/** Events in their recorded order, those after the cursor. */
export function eventsAfter(
  events: readonly RecordedEvent[],
  cursor: string | null,
): readonly RecordedEvent[] {
  return cursor === null ? events : events.filter((event) => keyOf(event) > cursor);
}

function keyOf(event: RecordedEvent): string {
  return `${event.at}~${event.stream}~${String(event.sequence).padStart(10, '0')}`;
}
