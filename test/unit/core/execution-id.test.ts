import { describe, expect, it } from 'vitest';
import { newExecutionId } from '../../../src/core/execution-id.ts';

const NOON = Date.parse('2026-11-21T12:00:00.999Z');

/** Draws these numbers, over and over. */
function drawing(...numbers: readonly number[]): () => number {
  let drawn = 0;
  return () => numbers[drawn++ % numbers.length]!;
}

describe('the id of an execution', () => {
  it('says when it was asked for, in UTC', () => {
    expect(newExecutionId(NOON, drawing(0))).toBe('20261121-120000-aaaaaa');
  });

  it('sorts by time', () => {
    const times = [NOON, NOON + 1000, NOON + 86_400_000, Date.parse('2027-01-01T00:00:00Z')];
    const ids = times.map((time) => newExecutionId(time, drawing(0.5)));
    expect([...ids].sort()).toEqual(ids);
  });

  it('is told from others of the same second by letters that nobody mistakes on the phone', () => {
    const letters = Array.from({ length: 1000 }, (_, index) =>
      newExecutionId(NOON, drawing(index / 1000)).at(-1),
    );
    expect([...new Set(letters)].sort().join('')).toBe('23456789abcdefghjkmnpqrstuvwxyz');
  });

  it('fits keys, file names, addresses and the ids of Durable Functions', () => {
    expect(newExecutionId(NOON, drawing(0, 0.3, 0.6, 0.999_999))).toMatch(/^[a-z0-9-]{22}$/);
  });
});
