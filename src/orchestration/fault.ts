import { SwitchoverError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isRowConflict } from '../records/tables.ts';

/** Something that breaks this often is not helped by trying again. */
export const MOST_FAULTS = 5;

/** 2, 8, 32 and 128 s: a person is called within three minutes. */
export function secondsAfterFault(faults: number): number {
  return 2 * 4 ** (faults - 1);
}

/** A store that is away, or a write that lost to a faster one: ridden out by whoever called. All else is a bug. */
export function isStoreTrouble(error: unknown): boolean {
  if (isRowConflict(error)) return true;
  return error instanceof SwitchoverError && error.code === 'STORE_UNAVAILABLE';
}

/** Records get the message; only the log has the place in the code. */
export function logFault(log: Log, what: string, error: unknown): void {
  const stack = error instanceof Error ? error.stack : undefined;
  log({
    level: 'error',
    message: `${what} broke: ${messageOf(error)}`,
    data: { stack: stack ?? String(error) },
  });
}
