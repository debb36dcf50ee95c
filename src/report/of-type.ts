import type { EventType, RecordedEvent } from '../core/events.ts';

export function ofType<T extends EventType>(
  events: readonly RecordedEvent[],
  type: T,
): readonly Extract<RecordedEvent, { type: T }>[] {
  return events.filter(
    (event): event is Extract<RecordedEvent, { type: T }> => event.type === type,
  );
}
