import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAzurite } from '../../../local/azurite.ts';
import type { Azurite } from '../../../local/azurite.ts';
import { startAside } from '../../support/aside.ts';
import type { Aside } from '../../support/aside.ts';
import { createAzureBlobs } from '../../../src/records/azure-blobs.ts';
import { createAzureTables } from '../../../src/records/azure-tables.ts';
import { createMemoryBlobs } from '../../../src/records/memory-blobs.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import type { Blobs } from '../../../src/records/blobs.ts';
import type { Tables } from '../../../src/records/tables.ts';
import { blobsContract } from './blobs-suite.ts';
import { deployedContract } from './deployed-suite.ts';
import { startLossyProxy } from './lossy-proxy.ts';
import type { LossyProxy } from './lossy-proxy.ts';
import { tablesContract } from './tables-suite.ts';

describe('in memory', () => {
  const tables = createMemoryTables();
  const blobs = createMemoryBlobs();
  describe('tables', () => tablesContract(() => tables));
  describe('blobs', () => blobsContract(() => blobs));
  describe('plans that were pushed', () => deployedContract(() => ({ tables, blobs })));
});

describe('in Azurite', () => {
  let folder: string;
  let keeper: Aside<Pick<Azurite, 'pid' | 'connection'>>;
  let azurite: typeof keeper.said;
  let tables: Tables;
  let blobs: Blobs;
  const proxies: LossyProxy[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'azurite-'));
    keeper = await startAside(new URL('../../support/azurite.ts', import.meta.url), [
      ...['--folder', folder, '--data', folder],
    ]);
    azurite = keeper.said;
    const account = { connection: azurite.connection };
    tables = createAzureTables({ account, newId: randomUUID });
    blobs = createAzureBlobs({ account, newId: randomUUID });
  }, 90_000);

  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await keeper.end();
  }, 60_000);

  /** The same account through a proxy that can lose answers. */
  async function lossy(
    service: 'Blob' | 'Table',
  ): Promise<{ proxy: LossyProxy; connection: string }> {
    const address = new RegExp(`${service}Endpoint=http://127\\.0\\.0\\.1:(\\d+)`);
    const port = address.exec(azurite.connection)?.[1];
    const proxy = await startLossyProxy(Number(port));
    proxies.push(proxy);
    const connection = azurite.connection.replace(
      address,
      `${service}Endpoint=http://127.0.0.1:${proxy.port}`,
    );
    return { proxy, connection };
  }

  describe('tables', () => {
    tablesContract(() => tables);

    async function losing(): Promise<{ proxy: LossyProxy; through: Tables }> {
      const { proxy, connection } = await lossy('Table');
      const through = createAzureTables({
        account: { connection },
        newId: randomUUID,
        retryDelayMs: 1,
      });
      return { proxy, through };
    }

    test('an insert whose answer was lost is repeated, recognised as its own, and succeeds', async () => {
      const { proxy, through } = await losing();
      proxy.loseAnswer('POST', '$batch');
      await through.write('executions', 'lost-insert', [
        { do: 'insert', row: 'row', value: { n: 1 } },
        { do: 'insert', row: 'other', value: { n: 1 } },
      ]);
      expect(proxy.lost()).toBe(1);
      expect(await tables.query('executions', 'lost-insert')).toHaveLength(2);
    });

    test('a replace whose answer was lost is repeated, recognised as its own, and succeeds', async () => {
      const { proxy, through } = await losing();
      await tables.write('executions', 'lost-replace', [{ do: 'put', row: 'row', value: {} }]);
      const before = await tables.get('executions', 'lost-replace', 'row');
      proxy.loseAnswer('POST', '$batch');
      await through.write('executions', 'lost-replace', [
        { do: 'replace', row: 'row', value: { n: 2 }, etag: before?.etag ?? '' },
      ]);
      expect(proxy.lost()).toBe(1);
      expect((await tables.get('executions', 'lost-replace', 'row'))?.value).toEqual({ n: 2 });
    });

    test('a real conflict is one, also when its answer was lost at first', async () => {
      const { proxy, through } = await losing();
      const insert = { do: 'insert', row: 'row', value: { n: 1 } } as const;
      await tables.write('executions', 'lost-conflict', [insert]);
      proxy.loseAnswer('POST', '$batch');
      await expect(through.write('executions', 'lost-conflict', [insert])).rejects.toMatchObject({
        name: 'RowConflict',
        row: 'row',
      });
      expect(proxy.lost()).toBe(1);
    });

    test('an unreachable account is reported with what failed and what to do', async () => {
      const gone = createAzureTables({
        account: {
          connection: azurite.connection.replace(/:\d+\/devstoreaccount1$/, ':1/devstoreaccount1'),
        },
        newId: randomUUID,
        retryDelayMs: 1,
      });
      await expect(gone.get('locks', 'p', 'r')).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(
          /reading locks\/p\/r: .*Check the storage account/,
        ) as string,
      });
    });
  });

  describe('blobs', () => {
    blobsContract(() => blobs);

    test('a create whose answer was lost is repeated, recognised as its own, and true', async () => {
      const { proxy, connection } = await lossy('Blob');
      const through = createAzureBlobs({
        account: { connection },
        newId: randomUUID,
        retryDelayMs: 1,
      });
      proxy.loseAnswer('PUT', 'lost.json');
      const create = (): Promise<boolean> =>
        through.create('evidence', 'lost.json', '1', 'application/json');
      expect([await create(), await create()]).toEqual([true, false]);
      expect(proxy.lost()).toBe(1);
    });
  });

  describe('plans that were pushed', () => deployedContract(() => ({ tables, blobs })));

  test('a second start on the same folder finds the Azurite that runs', async () => {
    const again = await startAzurite(folder);
    expect([again.pid, again.connection]).toEqual([azurite.pid, azurite.connection]);
  });
});
