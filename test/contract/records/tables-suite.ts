import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { RowConflict, spanOf, withPrefix } from '../../../src/records/tables.ts';
import type { Change, Tables } from '../../../src/records/tables.ts';

let partitions = 0;
const freshPartition = (): string => `partition-${(partitions += 1)}`;

/** What every implementation of `Tables` does alike. */
export function tablesContract(tablesOf: () => Tables): void {
  const write = (partition: string, ...changes: readonly Change[]): Promise<void> =>
    tablesOf().write('executions', partition, changes);
  const keys = async (partition: string): Promise<string[]> =>
    (await tablesOf().query('executions', partition)).map((row) => row.key);
  const etagOf = async (partition: string, row: string): Promise<string> => {
    const found = await tablesOf().get('executions', partition, row);
    return found?.etag ?? 'no such row';
  };

  test('a row that was never written is null', async () => {
    expect(await tablesOf().get('executions', freshPartition(), 'nothing')).toBeNull();
  });

  test.each<[string, JsonObject]>([
    ['nothing', {}],
    ['nesting, null and empty text', { a: { b: [1, null, { c: '' }] }, d: null }],
    ['numbers', { big: Number.MAX_SAFE_INTEGER, tiny: 5e-324, fraction: 0.1, whole: 2 ** 53 }],
    ['names that Tables keep for themselves', { PartitionKey: 1, RowKey: 2, etag: 3, json0: 4 }],
    ['text of every plane', { text: 'ä 漢 🎉 \u0000 \ud800 </>&"\' \r\n' }],
    ['whatever may end a line', { text: 'a\r\n--batch\u0085b\u2028c\u2029d\ufeffe\uffff' }],
    ['more than one property holds', { long: 'ü'.repeat(100_000) }],
    ['emoji across a cut', { odd: `x${'🎉'.repeat(40_000)}`, even: '🎉'.repeat(40_000) }],
  ])('a row comes back as it was written: %s', async (_what, value) => {
    const partition = freshPartition();
    await write(partition, { do: 'insert', row: 'row', value });
    expect((await tablesOf().get('executions', partition, 'row'))?.value).toEqual(value);
    expect((await tablesOf().query('executions', partition)).map((row) => row.value)).toEqual([
      value,
    ]);
  });

  test('any JSON object comes back as it was written', { timeout: 60_000 }, async () => {
    const partition = freshPartition();
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }));
    await fc.assert(
      fc.asyncProperty(objects, async (object) => {
        const value = JSON.parse(JSON.stringify(object)) as JsonObject;
        await write(partition, { do: 'put', row: 'row', value });
        expect((await tablesOf().get('executions', partition, 'row'))?.value).toEqual(value);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    "it's",
    'a b',
    '100%25',
    'step~machines~attempt~forward~0001~deallocate=3Avm',
    '{"code":"x"}',
    'ü',
    'event~step:a~0001',
    'a&b=c+d',
    "x' or RowKey ge '",
  ])('a key may hold %s', async (key) => {
    const partition = `${freshPartition()} ${key}`;
    await write(partition, { do: 'insert', row: key, value: { key } });
    await write(partition, {
      do: 'replace',
      row: key,
      value: { key: 'new' },
      etag: await etagOf(partition, key),
    });
    expect(await keys(partition)).toEqual([key]);
    await write(partition, { do: 'delete', row: key, etag: await etagOf(partition, key) });
    expect(await keys(partition)).toEqual([]);
  });

  test.each(['a/b', 'a\\b', 'a#b', 'a?b', 'a\u0000b', 'a'.repeat(600)])(
    'nothing is found under a key that cannot be: %j',
    async (key) => {
      expect(await tablesOf().get('executions', key, 'row')).toBeNull();
      expect(await tablesOf().get('executions', freshPartition(), key)).toBeNull();
      expect(await tablesOf().query('executions', key)).toEqual([]);
      await expect(write(key, { do: 'insert', row: 'row', value: {} })).rejects.toThrow('key');
    },
  );

  test('a query gives the rows of one partition, in order of their keys', async () => {
    const [partition, other] = [freshPartition(), freshPartition()];
    const value = {};
    await write(other, { do: 'insert', row: 'b', value });
    for (const row of ['c', 'B', 'a~2', 'a', 'a~10']) {
      await write(partition, { do: 'insert', row, value });
    }
    expect(await keys(partition)).toEqual(['B', 'a', 'a~10', 'a~2', 'c']);
  });

  test('a range begins at its first key, ends before its last, and stops at its limit', async () => {
    const partition = freshPartition();
    await write(
      partition,
      ...['a', 'b', 'b~1', 'b~2', 'c'].map((row) => ({ do: 'insert', row, value: {} }) as const),
    );
    const keysIn = async (range: Parameters<Tables['query']>[2]): Promise<string[]> =>
      (await tablesOf().query('executions', partition, range)).map((row) => row.key);
    expect(await keysIn({ from: 'b', to: 'c' })).toEqual(['b', 'b~1', 'b~2']);
    expect(await keysIn({ from: 'b~1' })).toEqual(['b~1', 'b~2', 'c']);
    expect(await keysIn({ limit: 2 })).toEqual(['a', 'b']);
    expect(await keysIn(withPrefix('b~'))).toEqual(['b~1', 'b~2']);
  });

  test.each([
    [
      ['step~a', 'step~ab'],
      ['step~a', 'step~a-b', 'step~ab'],
    ],
    [
      ['step~b', 'step~a-b'],
      ['step~a-b', 'step~ab', 'step~a~attempt', 'step~b'],
    ],
    [['step~a'], ['step~a']],
  ])('the span of %j holds both ends and what lies between', async (ends, found) => {
    const partition = freshPartition();
    const there = ['a', 'a-b', 'ab', 'a~attempt', 'b', 'b0', 'b~attempt'];
    await write(
      partition,
      ...there.map((id) => ({ do: 'insert', row: `step~${id}`, value: {} }) as const),
    );
    const rows = await tablesOf().query('executions', partition, spanOf(ends));
    expect(rows.map(({ key }) => key)).toEqual(found);
  });

  test('more rows than a page of the service are all there', { timeout: 60_000 }, async () => {
    const partition = freshPartition();
    for (let batch = 0; batch < 11; batch += 1) {
      const rows = Array.from({ length: 100 }, (_, index) => `${batch * 100 + index + 10_000}`);
      await write(partition, ...rows.map((row) => ({ do: 'put', row, value: {} }) as const));
    }
    const found = await keys(partition);
    expect(found).toHaveLength(1100);
    expect(found).toEqual([...found].sort());
  });

  test('an insert of a row that exists is a conflict and changes nothing', async () => {
    const partition = freshPartition();
    await write(partition, { do: 'insert', row: 'row', value: { by: 'first' } });
    const second = write(partition, { do: 'insert', row: 'row', value: { by: 'second' } });
    await expect(second).rejects.toThrow(RowConflict);
    await expect(second).rejects.toMatchObject({ row: 'row' });
    expect((await tablesOf().get('executions', partition, 'row'))?.value).toEqual({ by: 'first' });
  });

  test('an insert of the very same content by somebody else is a conflict all the same', async () => {
    const partition = freshPartition();
    await write(partition, { do: 'insert', row: 'row', value: { same: true } });
    await expect(
      write(partition, { do: 'insert', row: 'row', value: { same: true } }),
    ).rejects.toThrow(RowConflict);
  });

  test.each<['replace' | 'delete', 'changed' | 'gone']>([
    ['replace', 'changed'],
    ['replace', 'gone'],
    ['delete', 'changed'],
    ['delete', 'gone'],
  ])('a %s with the ETag of a row that is %s is a conflict', async (what, fate) => {
    const partition = freshPartition();
    await write(partition, { do: 'insert', row: 'row', value: { n: 1 } });
    const etag = await etagOf(partition, 'row');
    await write(
      partition,
      fate === 'gone' ? { do: 'delete', row: 'row' } : { do: 'put', row: 'row', value: { n: 2 } },
    );
    const late: Change =
      what === 'delete'
        ? { do: 'delete', row: 'row', etag }
        : { do: 'replace', row: 'row', value: { n: 3 }, etag };
    await expect(write(partition, late)).rejects.toMatchObject({ name: 'RowConflict', row: 'row' });
    expect((await tablesOf().get('executions', partition, 'row'))?.value ?? 'gone').toEqual(
      fate === 'gone' ? 'gone' : { n: 2 },
    );
  });

  test('a replace leaves nothing of the value before', async () => {
    const partition = freshPartition();
    await write(partition, { do: 'insert', row: 'row', value: { long: 'x'.repeat(100_000) } });
    const etag = await etagOf(partition, 'row');
    await write(partition, { do: 'replace', row: 'row', value: { short: true }, etag });
    expect((await tablesOf().get('executions', partition, 'row'))?.value).toEqual({ short: true });
    expect(await etagOf(partition, 'row')).not.toBe(etag);
  });

  test('deleting what is not there is no conflict, also among other changes', async () => {
    const partition = freshPartition();
    await write(partition, { do: 'delete', row: 'nothing' });
    await write(
      partition,
      { do: 'delete', row: 'nothing' },
      { do: 'insert', row: 'row', value: {} },
      { do: 'delete', row: 'nothing either' },
    );
    expect(await keys(partition)).toEqual(['row']);
  });

  test('a batch is all or nothing, and the conflict names its row', async () => {
    const partition = freshPartition();
    await write(
      partition,
      { do: 'insert', row: 'kept', value: { n: 1 } },
      { do: 'insert', row: 'taken', value: {} },
    );
    const etag = await etagOf(partition, 'kept');
    await expect(
      write(
        partition,
        { do: 'insert', row: 'new', value: {} },
        { do: 'replace', row: 'kept', value: { n: 2 }, etag },
        { do: 'insert', row: 'taken', value: {} },
        { do: 'put', row: 'put', value: {} },
      ),
    ).rejects.toMatchObject({ name: 'RowConflict', row: 'taken' });
    expect(await keys(partition)).toEqual(['kept', 'taken']);
    expect(await etagOf(partition, 'kept')).toBe(etag);
  });

  test('a batch does everything at once: insert, replace, put and both deletes', async () => {
    const partition = freshPartition();
    const value = { n: 1 };
    await write(
      partition,
      ...['a', 'b', 'c', 'd'].map((row) => ({ do: 'insert', row, value }) as const),
    );
    await write(
      partition,
      { do: 'replace', row: 'a', value: { n: 2 }, etag: await etagOf(partition, 'a') },
      { do: 'put', row: 'b', value: { n: 2 } },
      { do: 'delete', row: 'c', etag: await etagOf(partition, 'c') },
      { do: 'delete', row: 'd' },
      { do: 'insert', row: 'e', value: { n: 2 } },
    );
    const rows = await tablesOf().query('executions', partition);
    expect(rows.map((row) => [row.key, row.value])).toEqual(
      ['a', 'b', 'e'].map((key) => [key, { n: 2 }]),
    );
  });

  test('of many who insert the same row at once, one succeeds', async () => {
    const partition = freshPartition();
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, racer) =>
        write(partition, { do: 'insert', row: 'lock', value: { racer } }),
      ),
    );
    const won = results.flatMap((result, racer) => (result.status === 'fulfilled' ? [racer] : []));
    expect(won).toHaveLength(1);
    expect((await tablesOf().get('executions', partition, 'lock'))?.value).toEqual({
      racer: won[0],
    });
  });

  test('no change at all is no write', async () => {
    await expect(write(freshPartition())).resolves.toBeUndefined();
  });

  test.each<[string, string, readonly Change[]]>([
    ['101 rows', 'p', Array.from({ length: 101 }, (_, n) => put(`row${n}`))],
    ['one row twice', 'p', [put('row'), put('row')]],
    ['a row above 1 MiB', 'p', [put('row', 'x'.repeat(524_288))]],
    [
      'a batch above 4 MiB',
      'p',
      Array.from({ length: 11 }, (_, n) => put(`r${n}`, 'x'.repeat(400_000))),
    ],
    ['a slash in a row key', 'p', [put('a/b')]],
    ['a backslash in a row key', 'p', [put('a\\b')]],
    ['a hash in a partition key', 'a#b', [put('row')]],
    ['a question mark in a row key', 'p', [put('a?')]],
    ['a control character in a row key', 'p', [put('a\tb')]],
    ['a key above 1 KiB', 'p', [put('k'.repeat(513))]],
  ])('is refused before it is sent: %s', async (_what, partition, changes) => {
    await expect(write(partition, ...changes)).rejects.toMatchObject({
      name: 'SwitchoverError',
      code: 'INTERNAL',
    });
  });

  test('a row just below 1 MiB is taken', async () => {
    const partition = freshPartition();
    const long = 'x'.repeat(523_000);
    await write(partition, { do: 'insert', row: 'row', value: { long } });
    expect((await tablesOf().get('executions', partition, 'row'))?.value).toEqual({ long });
  });
}

function put(row: string, text = ''): Change {
  return { do: 'put', row, value: { text } };
}
