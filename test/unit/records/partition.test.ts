import { expect, test } from 'vitest';
import { whileContended } from '../../../src/records/partition.ts';
import { RowConflict } from '../../../src/records/tables.ts';

/** What tables from another bundle throw: the same words, another class. */
class ForeignConflict extends Error {
  constructor() {
    super('locks/locks/counter was changed by somebody else.');
    this.name = 'RowConflict';
  }
}

test.each([
  ['of this bundle', (): Error => new RowConflict('locks', 'locks', 'counter')],
  ['of the platform that the app was given', (): Error => new ForeignConflict()],
])('a lost conditional write is tried again when the conflict is one %s', async (_, conflict) => {
  let tries = 0;
  const won = whileContended(3, async () => {
    tries += 1;
    if (tries < 3) throw conflict();
    return tries;
  });
  await expect(won).resolves.toBe(3);
});

test('a write that loses every time gives up with the conflict', async () => {
  const conflict = new RowConflict('locks', 'locks', 'counter');
  await expect(whileContended(2, () => Promise.reject(conflict))).rejects.toBe(conflict);
});

test('any other error is not tried again', async () => {
  let tries = 0;
  const failed = whileContended(3, async () => {
    tries += 1;
    throw new Error('the store is away');
  });
  await expect(failed).rejects.toThrow('the store is away');
  expect(tries).toBe(1);
});
