import type { RecordedEvent } from '../core/events.ts';
import type { EventPage } from '../functions/services.ts';

/**
 * The events that a reader has not seen. A cursor says how far it came in each stream, `execution.12~step:database.5`:
 * only within a stream are events recorded in the order of their times. One that was decided earlier may be recorded
 * later than another stream's, and would be missed by a reader that remembers a moment.
 */
export function pageAfter(events: readonly RecordedEvent[], cursor: string | null): EventPage {
  const seen = positions(cursor ?? '');
  const fresh = events.filter(({ stream, sequence }) => sequence > (seen.get(stream) ?? 0));
  for (const { stream, sequence } of fresh)
    seen.set(stream, Math.max(sequence, seen.get(stream) ?? 0));
  return {
    events: fresh,
    next: [...seen].map(([stream, sequence]) => `${stream}.${sequence}`).join('~'),
  };
}

function positions(cursor: string): Map<string, number> {
  return new Map(
    cursor.split('~').flatMap((part): [string, number][] => {
      const [, stream, sequence] = /^(.+)\.(\d+)$/.exec(part) ?? [];
      return stream === undefined ? [] : [[stream, Number(sequence)]];
    }),
  );
}
