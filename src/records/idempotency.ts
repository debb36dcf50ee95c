import { createHash } from 'node:crypto';
import type { Instant } from '../core/clock.ts';
import { isRowConflict } from './tables.ts';
import { asRow, loaded } from './partition.ts';
import type { Tables } from './tables.ts';

interface Remembered {
  readonly executionId: string;
  readonly request: string;
  readonly at: Instant;
}

export interface Idempotency {
  /**
   * Remembers that `key` of this principal stands for `executionId`, or tells for which execution it stood already.
   * `different` when the same key came with another request.
   */
  claim(claim: {
    principal: string;
    key: string;
    request: string;
    executionId: string;
    at: Instant;
  }): Promise<{ is: 'new' } | { is: 'repeated'; executionId: string } | { is: 'different' }>;
  /** The request was refused and left nothing: its key stands for nothing again. */
  forget(claim: { principal: string; key: string; executionId: string }): Promise<void>;
}

const DAY_MILLISECONDS = 86_400_000;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function rowOf(principal: string, key: string): string {
  return digest(`${principal}\n${key}`);
}

export function createIdempotency(tables: Tables): Idempotency {
  return {
    async claim({ principal, key, request, executionId, at }) {
      const row = rowOf(principal, key);
      const value: Remembered = { executionId, request: digest(request), at };
      for (;;) {
        const found = await tables.get('idempotency', 'keys', row);
        const before = found === null ? null : loaded<Remembered>(found);
        const expired =
          before !== null && Date.parse(at) - Date.parse(before.value.at) > DAY_MILLISECONDS;
        if (before !== null && !expired) {
          return before.value.request === value.request
            ? { is: 'repeated', executionId: before.value.executionId }
            : { is: 'different' };
        }
        try {
          await tables.write('idempotency', 'keys', [
            before === null
              ? { do: 'insert', row, value: asRow(value) }
              : { do: 'replace', row, value: asRow(value), etag: before.etag },
          ]);
          return { is: 'new' };
        } catch (error) {
          if (!isRowConflict(error)) throw error;
        }
      }
    },

    async forget({ principal, key, executionId }) {
      const row = rowOf(principal, key);
      const found = await tables.get('idempotency', 'keys', row);
      if (found === null || loaded<Remembered>(found).value.executionId !== executionId) return;
      try {
        await tables.write('idempotency', 'keys', [{ do: 'delete', row, etag: found.etag }]);
      } catch (error) {
        // Somebody else has claimed or forgotten it meanwhile.
        if (!isRowConflict(error)) throw error;
      }
    },
  };
}
