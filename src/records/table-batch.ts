import type { StoredChange } from './table-limits.ts';

/**
 * One entity group transaction on the wire
 * (https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions). Composed here because
 * the SDK's own transaction drops the ETag of a delete, and takes a row key with braces for an error.
 */
export interface BatchRequest {
  readonly contentType: string;
  readonly body: string;
}

export interface BatchFailure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Which change failed; null when the batch as a whole did. */
  readonly index: number | null;
}

const LINE = '\r\n';

/** `boundary` must not occur in any row: an id that was made for this batch. */
export function composeBatch(
  tableUrl: string,
  partition: string,
  changes: readonly StoredChange[],
  boundary: string,
): BatchRequest {
  const parts = changes.map((change) =>
    [
      `--changeset_${boundary}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      ...operation(tableUrl, partition, change),
    ].join(LINE),
  );
  const body = [
    `--batch_${boundary}`,
    `Content-Type: multipart/mixed; boundary=changeset_${boundary}`,
    '',
    ...parts,
    `--changeset_${boundary}--`,
    `--batch_${boundary}--`,
    '',
  ].join(LINE);
  return { contentType: `multipart/mixed; boundary=batch_${boundary}`, body };
}

function operation(tableUrl: string, partition: string, change: StoredChange): readonly string[] {
  const headers = ['Accept: application/json', 'DataServiceVersion: 3.0'];
  const entityUrl = `${tableUrl}(PartitionKey='${literal(partition)}',RowKey='${literal(change.row)}')`;
  if (change.do === 'delete') {
    return [`DELETE ${entityUrl} HTTP/1.1`, ...headers, `If-Match: ${change.etag ?? '*'}`, '', ''];
  }
  const entity = { PartitionKey: partition, RowKey: change.row, ...change.properties };
  const content = ['Content-Type: application/json', '', oneLine(entity)];
  switch (change.do) {
    case 'insert':
      return [`POST ${tableUrl} HTTP/1.1`, ...headers, 'Prefer: return-no-content', ...content];
    case 'replace':
      return [`PUT ${entityUrl} HTTP/1.1`, ...headers, `If-Match: ${change.etag}`, ...content];
    case 'put':
      return [`PUT ${entityUrl} HTTP/1.1`, ...headers, ...content];
  }
}

/** A batch is read line by line, and some readers (Azurite) also end a line at Unicode's separators. */
function oneLine(entity: object): string {
  return JSON.stringify(entity).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** A key inside a URL's string literal. */
function literal(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"));
}

/** Null when every change was made. The service answers a failed batch with one part, that of the change that failed. */
export function batchFailure(status: number, body: string): BatchFailure | null {
  const part = /^HTTP\/1\.1 (\d{3})/m.exec(body);
  const worst = status >= 300 || part === null ? status : Number(part[1]);
  if (worst < 300) return null;
  const { code, message } = errorIn(body);
  const index = /^(\d+):/.exec(message);
  return { status: worst, code, message, index: index === null ? null : Number(index[1]) };
}

function errorIn(body: string): { code: string; message: string } {
  const code = /"code"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? 'Unknown';
  const message = /"value"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.slice(0, 200);
  return { code, message };
}
