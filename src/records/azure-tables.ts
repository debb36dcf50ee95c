import { createDefaultHttpClient, createHttpHeaders } from '@azure/core-rest-pipeline';
import { createPipelineRequest, isRestError } from '@azure/core-rest-pipeline';
import { TableClient, odata } from '@azure/data-tables';
import type { TableServiceClientOptions } from '@azure/data-tables';
import { SwitchoverError, messageOf } from '../core/errors.ts';
import type { StorageAccount } from './storage-account.ts';
import { fromProperties } from './stored-row.ts';
import { batchFailure, composeBatch } from './table-batch.ts';
import type { BatchFailure } from './table-batch.ts';
import { areKeys, withinLimits } from './table-limits.ts';
import type { StoredChange } from './table-limits.ts';
import { RowConflict } from './tables.ts';
import type { Row, RowRange, TableName, Tables } from './tables.ts';

/** A store that does not answer in this time is asked again, a few times, by the SDK's retry policy. */
const TIMEOUT_MS = 10_000;
/** The property that tells whose write a row is. */
const WRITE = 'write';

export interface AzureTablesOptions {
  readonly account: StorageAccount;
  /** Unique ids: one marks each write. */
  readonly newId: () => string;
  readonly retryDelayMs?: number;
}

/**
 * Tables in an Azure storage account. Tables are made on first use.
 *
 * A write whose answer was lost is repeated by the retry policy, and then meets its own rows: a conflict that is none.
 * Each write marks its rows with an id of its own; a conflict is reported only when the rows do not carry it. So a
 * reported conflict means that our rows do not stand there now; a batch of nothing but conditional deletes leaves no
 * mark, and reports a conflict when its rows are gone.
 */
export function createAzureTables(options: AzureTablesOptions): Tables {
  const http = createDefaultHttpClient();
  const opened = new Map<TableName, Promise<TableClient>>();

  function open(table: TableName): Promise<TableClient> {
    const known = opened.get(table);
    if (known !== undefined) return known;
    const client = connect(options, table);
    const opening = client.createTable().then(() => client);
    opened.set(table, opening);
    opening.catch(() => opened.delete(table));
    return opening;
  }

  async function send(
    client: TableClient,
    partition: string,
    changes: readonly StoredChange[],
  ): Promise<BatchFailure | null> {
    const { contentType, body } = composeBatch(
      address(client, client.tableName),
      partition,
      changes,
      options.newId(),
    );
    const request = createPipelineRequest({
      url: address(client, '$batch'),
      method: 'POST',
      body,
      timeout: TIMEOUT_MS,
      allowInsecureConnection: client.url.startsWith('http:'),
      headers: createHttpHeaders({
        Accept: 'application/json',
        'Content-Type': contentType,
        DataServiceVersion: '3.0',
        MaxDataServiceVersion: '3.0;NetFx',
        'x-ms-version': '2019-02-02',
      }),
    });
    const response = await client.pipeline.sendRequest(http, request);
    return batchFailure(response.status, response.bodyAsText ?? '');
  }

  async function writeAll(
    table: TableName,
    partition: string,
    changes: readonly StoredChange[],
  ): Promise<void> {
    if (changes.length === 0) return;
    const client = await open(table);
    const failure = await send(client, partition, changes);
    if (failure === null) return;
    const failed = failure.index === null ? undefined : changes[failure.index];
    if (failed === undefined || ![404, 409, 412].includes(failure.status)) {
      throw unavailable(`writing to ${table}/${partition}`, `${failure.code}: ${failure.message}`);
    }
    if (await isOurs(client, partition, changes)) return;
    if (failed.do === 'delete' && failed.etag === undefined && failure.status === 404) {
      await writeAll(
        table,
        partition,
        changes.filter((change) => change !== failed),
      );
      return;
    }
    throw new RowConflict(table, partition, failed.row);
  }

  return {
    get: (table, partition, row) =>
      asking(`reading ${table}/${partition}/${row}`, async () => {
        if (!areKeys(partition, row)) return null;
        const client = await open(table);
        return readRow(client, partition, row);
      }),

    query: (table, partition, range = {}) =>
      asking(`reading ${table}/${partition}`, async () => {
        if (!areKeys(partition)) return [];
        const client = await open(table);
        return readRange(client, partition, range);
      }),

    write: (table, partition, changes) =>
      asking(`writing to ${table}/${partition}`, async () => {
        const id = options.newId();
        const marked = withinLimits(table, partition, changes).map((change) =>
          change.do === 'delete'
            ? change
            : { ...change, properties: { ...change.properties, [WRITE]: id } },
        );
        await writeAll(table, partition, marked);
      }),
  };
}

function connect(options: AzureTablesOptions, table: TableName): TableClient {
  const { account, retryDelayMs } = options;
  const clientOptions: TableServiceClientOptions = {
    allowInsecureConnection: true,
    ...(retryDelayMs === undefined ? {} : { retryOptions: { retryDelayInMs: retryDelayMs } }),
  };
  return 'connection' in account
    ? TableClient.fromConnectionString(account.connection, table, clientOptions)
    : new TableClient(account.url, table, account.credential, clientOptions);
}

function address(client: TableClient, path: string): string {
  const url = new URL(client.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
  return url.href;
}

/** Whether the batch that failed stands there all the same: an earlier try of it succeeded. A batch is all or nothing. */
async function isOurs(
  client: TableClient,
  partition: string,
  changes: readonly StoredChange[],
): Promise<boolean> {
  const written = changes.find((change) => change.do !== 'delete');
  if (written === undefined) return false;
  const entity = await readEntity(client, partition, written.row);
  return entity !== null && entity[WRITE] === written.properties[WRITE];
}

async function readRow(client: TableClient, partition: string, row: string): Promise<Row | null> {
  const entity = await readEntity(client, partition, row);
  return entity === null ? null : toRow(entity);
}

async function readEntity(
  client: TableClient,
  partition: string,
  row: string,
): Promise<Entity | null> {
  try {
    return await client.getEntity(partition, row, { requestOptions: { timeout: TIMEOUT_MS } });
  } catch (error) {
    if (isRestError(error) && error.statusCode === 404) return null;
    throw error;
  }
}

async function readRange(
  client: TableClient,
  partition: string,
  range: RowRange,
): Promise<readonly Row[]> {
  const conditions = [
    odata`PartitionKey eq ${partition}`,
    ...(range.from === undefined ? [] : [odata`RowKey ge ${range.from}`]),
    ...(range.to === undefined ? [] : [odata`RowKey lt ${range.to}`]),
  ];
  const limit = range.limit ?? Number.POSITIVE_INFINITY;
  const pages = client
    .listEntities({
      queryOptions: { filter: conditions.join(' and ') },
      requestOptions: { timeout: TIMEOUT_MS },
    })
    .byPage({ maxPageSize: Math.min(limit, 1000) });
  const rows: Row[] = [];
  for await (const page of pages) {
    rows.push(...page.map(toRow));
    if (rows.length >= limit) break;
  }
  return rows.slice(0, limit);
}

type Entity = Readonly<Record<string, unknown>> & {
  readonly rowKey?: string;
  readonly etag: string;
};

function toRow(entity: Entity): Row {
  return { key: entity.rowKey ?? '', value: fromProperties(entity), etag: entity.etag };
}

async function asking<T>(what: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RowConflict || error instanceof SwitchoverError) throw error;
    throw unavailable(what, messageOf(error), error);
  }
}

function unavailable(what: string, why: string, cause?: unknown): SwitchoverError {
  return new SwitchoverError(
    'STORE_UNAVAILABLE',
    `The state store failed ${what}: ${why}. Check the storage account and the app's role on it. A write may have been made all the same: read before repeating it.`,
    cause === undefined ? {} : { cause },
  );
}
