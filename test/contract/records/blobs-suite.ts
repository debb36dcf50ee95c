import { expect, test } from 'vitest';
import type { Blobs } from '../../../src/records/blobs.ts';

const JSON_TYPE = 'application/json';

/** What every implementation of `Blobs` does alike. */
export function blobsContract(blobsOf: () => Blobs): void {
  test('a document that was never written is null', async () => {
    expect(await blobsOf().get('plans', 'nothing.json')).toBeNull();
  });

  test.each([
    ['nothing', ''],
    ['every plane', 'ä 漢 🎉 \r\n'],
    ['a megabyte', 'x'.repeat(1024 * 1024)],
  ])('a document comes back as it was written: %s', async (what, text) => {
    await blobsOf().put('executions', `text/${what}.txt`, text, 'text/plain');
    expect(await blobsOf().get('executions', `text/${what}.txt`)).toBe(text);
  });

  test('the last put stands', async () => {
    await blobsOf().put('plans', 'put.json', '1', JSON_TYPE);
    await blobsOf().put('plans', 'put.json', '2', JSON_TYPE);
    expect(await blobsOf().get('plans', 'put.json')).toBe('2');
  });

  test('the first create stands, whatever comes after', async () => {
    const create = (text: string): Promise<boolean> =>
      blobsOf().create('evidence', 'anchors/one/1.json', text, JSON_TYPE);
    expect([await create('1'), await create('2'), await create('1')]).toEqual([true, false, false]);
    expect(await blobsOf().get('evidence', 'anchors/one/1.json')).toBe('1');
  });

  test('of many who create the same document at once, one succeeds', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, racer) =>
        blobsOf().create('evidence', 'race.json', String(racer), JSON_TYPE),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await blobsOf().get('evidence', 'race.json')).toBe(String(results.indexOf(true)));
  });

  test('a list gives the names of one container that begin with the prefix, in order', async () => {
    for (const name of ['list/b.json', 'list/a.json', 'list/sub/c.json', 'listing.json']) {
      await blobsOf().put('plans', name, '{}', JSON_TYPE);
    }
    await blobsOf().put('executions', 'list/d.json', '{}', JSON_TYPE);
    expect(await blobsOf().list('plans', 'list/')).toEqual([
      'list/a.json',
      'list/b.json',
      'list/sub/c.json',
    ]);
    expect(await blobsOf().list('plans', 'none/')).toEqual([]);
  });
}
