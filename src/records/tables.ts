import type { JsonObject } from '../core/json.ts';

/**
 * The little of Azure Tables that the records need. Rows are JSON objects; an implementation keeps them in the
 * Tables' limits and refuses what would not fit: 64 KiB a property, 1 MiB a row, 100 rows a batch, one partition a
 * batch, keys without / \ # ? and control characters.
 */
export interface Tables {
  get(table: TableName, partition: string, row: string): Promise<Row | null>;
  /** Rows of one partition in row-key order, from `from` (inclusive) up to `to` (exclusive). */
  query(table: TableName, partition: string, range?: RowRange): Promise<readonly Row[]>;
  /** All or nothing. Throws `RowConflict` naming the first row whose condition does not hold. */
  write(table: TableName, partition: string, changes: readonly Change[]): Promise<void>;
}

export type TableName =
  'executions' | 'locks' | 'plans' | 'index' | 'idempotency' | 'alerts' | 'outbox';

export interface RowRange {
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

export interface Row {
  readonly key: string;
  readonly value: JsonObject;
  readonly etag: string;
}

export type Change =
  /** Fails when the row exists. */
  | { readonly do: 'insert'; readonly row: string; readonly value: JsonObject }
  /** Fails when the row is gone or was changed since it was read. */
  | {
      readonly do: 'replace';
      readonly row: string;
      readonly value: JsonObject;
      readonly etag: string;
    }
  | { readonly do: 'put'; readonly row: string; readonly value: JsonObject }
  | { readonly do: 'delete'; readonly row: string; readonly etag?: string };

/** A conditional write lost: the row exists, is gone, or was changed by somebody else. Read again and decide anew. */
export class RowConflict extends Error {
  readonly row: string;
  constructor(table: string, partition: string, row: string) {
    super(`${table}/${partition}/${row} was changed by somebody else.`);
    this.name = 'RowConflict';
    this.row = row;
  }
}

/** Told by its name: tables that a platform brings along throw their own copy of the class, not this bundle's. */
export function isRowConflict(error: unknown): error is RowConflict {
  return error instanceof Error && error.name === 'RowConflict';
}

/** Every row key that begins with `prefix`. */
export function withPrefix(prefix: string): RowRange {
  return { from: prefix, to: `${prefix}\uffff` };
}

/** From the first of these row keys to the last, and whatever lies between them: one read, however many they are. */
export function spanOf(keys: readonly string[]): RowRange {
  const sorted = keys.toSorted();
  const [first = '', last = first] = [sorted[0], sorted.at(-1)];
  // The next key that there could be is the last one with the least character that keys may hold.
  return { from: first, to: `${last} ` };
}
