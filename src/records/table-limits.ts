import { SwitchoverError } from '../core/errors.ts';
import { toProperties } from './stored-row.ts';
import type { Properties } from './stored-row.ts';
import type { Change } from './tables.ts';

/**
 * https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model and
 * …/performing-entity-group-transactions. The limits of 64 KiB a property and 255 properties cannot be reached: rows
 * are cut to the first, and reach 1 MiB long before the second.
 */
const ROW_BYTES = 1024 * 1024;
/** A store marks each row with the write that made it. */
const MARK_BYTES = 128;
const KEY_BYTES = 1024;
const BATCH_ROWS = 100;
const BATCH_BYTES = 4 * 1024 * 1024;
/** Request line, headers and boundaries of one row in a batch, generously. */
const ENVELOPE_BYTES = 4 * 1024;

const FORBIDDEN = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

/** A change as it is sent: rows already in the form in which the Tables keep them. */
export type StoredChange =
  | { readonly do: 'insert' | 'put'; readonly row: string; readonly properties: Properties }
  | {
      readonly do: 'replace';
      readonly row: string;
      readonly properties: Properties;
      readonly etag: string;
    }
  | { readonly do: 'delete'; readonly row: string; readonly etag?: string };

/** Converts a batch and refuses whatever Azure would refuse, so that every store refuses the same. */
export function withinLimits(
  table: string,
  partition: string,
  changes: readonly Change[],
): readonly StoredChange[] {
  const place = `${table}/${partition}`;
  if (changes.length > BATCH_ROWS) {
    throw tooMuch(place, `a batch of ${changes.length} rows; ${BATCH_ROWS} is the limit`);
  }
  const rows = new Set<string>();
  let bytes = 0;
  const stored = changes.map((change) => {
    assertKeys(table, partition, change.row);
    if (rows.has(change.row)) throw tooMuch(place, `row ${change.row} twice in one batch`);
    rows.add(change.row);
    const converted = convert(change);
    bytes += ENVELOPE_BYTES + weigh(place, partition, converted);
    return converted;
  });
  if (bytes > BATCH_BYTES) throw tooMuch(place, 'a batch of more than 4 MiB');
  return stored;
}

/** Nothing can be kept under other keys, so whoever looks for one finds nothing. Addresses may name anything. */
export function areKeys(...keys: readonly string[]): boolean {
  return keys.every((key) => !FORBIDDEN.test(key) && key.length * 2 <= KEY_BYTES);
}

function assertKeys(table: string, ...keys: readonly string[]): void {
  for (const key of keys) {
    if (!areKeys(key)) {
      const limits = `none of / \\ # ? and control characters, and at most ${KEY_BYTES / 2} in all`;
      throw tooMuch(table, `the key ${JSON.stringify(key)} (${limits})`);
    }
  }
}

function convert(change: Change): StoredChange {
  if (change.do === 'delete') return change;
  const { value, ...rest } = change;
  return { ...rest, properties: toProperties(value) };
}

/** Bytes on the wire; refuses a row that is too large by the service's own formula. */
function weigh(place: string, partition: string, change: StoredChange): number {
  if (change.do === 'delete') return 0;
  const kept = Object.entries(change.properties).reduce(
    (sum, [name, text]) => sum + 12 + 2 * (name.length + text.length),
    4 + MARK_BYTES + 2 * (partition.length + change.row.length),
  );
  if (kept > ROW_BYTES) {
    throw tooMuch(`${place}/${change.row}`, `a row of ${kept} bytes; ${ROW_BYTES} is the limit`);
  }
  return Buffer.byteLength(JSON.stringify(change.properties));
}

function tooMuch(place: string, what: string): SwitchoverError {
  return new SwitchoverError('INTERNAL', `${place}: the Tables do not take ${what}.`);
}
