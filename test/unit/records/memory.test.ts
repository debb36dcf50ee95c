import { expect, test } from 'vitest';
import { createMemoryBlobs } from '../../../src/records/memory-blobs.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { RowConflict } from '../../../src/records/tables.ts';

const insert = (row: string) => [{ do: 'insert', row, value: { row } }] as const;

test('restoring a snapshot brings back rows and ETags, and the snapshot stays as it was', async () => {
  const tables = createMemoryTables();
  await tables.write('locks', 'p', insert('kept'));
  const snapshot = tables.snapshot();
  const before = await tables.get('locks', 'p', 'kept');
  for (let round = 0; round < 2; round += 1) {
    await tables.write('locks', 'p', [{ do: 'delete', row: 'kept' }, ...insert('new')]);
    tables.restore(snapshot);
    expect(await tables.query('locks', 'p')).toEqual([before]);
  }
});

test('a snapshot survives JSON', async () => {
  const tables = createMemoryTables();
  await tables.write('locks', 'p', insert('kept'));
  const copy = createMemoryTables();
  copy.restore(JSON.parse(JSON.stringify(tables.snapshot())) as ReturnType<typeof tables.snapshot>);
  expect(await copy.query('locks', 'p')).toEqual(await tables.query('locks', 'p'));
});

test('a write that fails before it arrives changes nothing', async () => {
  const tables = createMemoryTables();
  tables.onWrite({
    before() {
      throw new Error('connection refused');
    },
  });
  await expect(tables.write('locks', 'p', insert('row'))).rejects.toThrow('connection refused');
  expect(await tables.get('locks', 'p', 'row')).toBeNull();
});

test('a write whose answer is lost was made', async () => {
  const tables = createMemoryTables();
  const unwatch = tables.onWrite({
    after() {
      throw new Error('connection reset');
    },
  });
  await expect(tables.write('locks', 'p', insert('row'))).rejects.toThrow('connection reset');
  expect(await tables.get('locks', 'p', 'row')).not.toBeNull();
  unwatch();
  await expect(tables.write('locks', 'p', insert('row'))).rejects.toThrow(RowConflict);
});

test('a hook sees what is written, and may delay it behind somebody else', async () => {
  const tables = createMemoryTables();
  const gate = Promise.withResolvers<undefined>();
  tables.onWrite({
    before: async ({ changes }) => {
      if (changes[0]?.row === 'slow') await gate.promise;
    },
  });
  const slow = tables.write('locks', 'p', insert('slow'));
  await tables.write('locks', 'p', insert('quick'));
  expect((await tables.query('locks', 'p')).map((row) => row.key)).toEqual(['quick']);
  gate.resolve(undefined);
  await slow;
  expect(await tables.query('locks', 'p')).toHaveLength(2);
});

test('others come in between a call and its answer', async () => {
  const tables = createMemoryTables();
  const order: string[] = [];
  await Promise.all([
    tables.write('locks', 'p', insert('a')).then(() => order.push('written')),
    Promise.resolve().then(() => order.push('somebody else')),
  ]);
  expect(order).toEqual(['somebody else', 'written']);
});

test('a value that is changed by its reader or writer stays as it was stored', async () => {
  const tables = createMemoryTables();
  const value = { list: [1] };
  await tables.write('locks', 'p', [{ do: 'insert', row: 'row', value }]);
  value.list.push(2);
  const read = await tables.get('locks', 'p', 'row');
  Object.assign(read?.value ?? {}, { list: 'spoilt' });
  expect((await tables.get('locks', 'p', 'row'))?.value).toEqual({ list: [1] });
});

test('documents can be lost, refused and restored like rows', async () => {
  const blobs = createMemoryBlobs();
  const create = (): Promise<boolean> => blobs.create('evidence', 'a.json', '{}', 'text/plain');
  const empty = blobs.snapshot();
  const unwatch = blobs.onWrite({
    after() {
      throw new Error('connection reset');
    },
  });
  await expect(create()).rejects.toThrow('connection reset');
  unwatch();
  expect(await create()).toBe(false);
  blobs.restore(empty);
  expect(await create()).toBe(true);
});
