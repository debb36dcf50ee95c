import { isRowConflict } from './tables.ts';
import type { Change, Row } from './tables.ts';
import type { JsonObject } from '../core/json.ts';

/** A row with the tag that a conditional write needs. */
export interface Loaded<T> {
  readonly value: T;
  readonly etag: string;
}

/**
 * Rows are written by this application only and were checked by the type system on their way in, so reading them
 * back is a change of type, not a parse.
 */
export function loaded<T>(row: Row): Loaded<T> {
  return { value: row.value as unknown as T, etag: row.etag };
}

export function asRow(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

export function replaced<T extends object>(row: string, before: Loaded<T>, value: T): Change {
  return { do: 'replace', row, value: asRow(value), etag: before.etag };
}

/** Runs `attempt` again while it loses conditional writes; somebody else was faster, so it must read anew. */
export async function whileContended<T>(tries: number, attempt: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRowConflict(error) || left <= 1) throw error;
    }
  }
}

/** Numbers in row keys sort as text. */
export function padded(number: number): string {
  return String(number).padStart(10, '0');
}
