import { expect, test } from 'vitest';
import { batchFailure, composeBatch } from '../../../src/records/table-batch.ts';

const part = (status: string, body = ''): string =>
  [
    '--batchresponse_1',
    'Content-Type: multipart/mixed; boundary=changesetresponse_2',
    '',
    '--changesetresponse_2',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `HTTP/1.1 ${status}`,
    'DataServiceVersion: 3.0;',
    '',
    body,
    '--changesetresponse_2--',
    '--batchresponse_1--',
  ].join('\r\n');

const odataError = (code: string, message: string): string =>
  JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: message } } });

test('a batch whose parts all succeeded has no failure', () => {
  expect(batchFailure(202, part('204 No Content'))).toBeNull();
});

test.each([
  ['409 Conflict', 'EntityAlreadyExists', '2:The specified entity already exists.\nRequestId:1', 2],
  ['412 Precondition Failed', 'UpdateConditionNotSatisfied', '0:The update condition…', 0],
  ['404 Not Found', 'ResourceNotFound', '13:The specified resource does not exist.', 13],
  ['400 Bad Request', 'InvalidInput', 'One of the request inputs is not valid.', null],
])('a batch fails with the part that failed: %s', (status, code, message, index) => {
  expect(batchFailure(202, part(status, odataError(code, message)))).toMatchObject({
    status: Number(status.slice(0, 3)),
    code,
    index,
  });
});

test.each([
  [403, odataError('AuthorizationPermissionMismatch', 'This request is not authorized.')],
  [503, '<html>Service Unavailable</html>'],
])('a batch that was refused as a whole names no row: %i', (status, body) => {
  expect(batchFailure(status, body)).toMatchObject({ status, index: null });
});

test('each change becomes one operation with its condition', () => {
  const { contentType, body } = composeBatch(
    'https://account.table.core.windows.net/locks',
    "o'hara",
    [
      { do: 'insert', row: 'a', properties: { json0: '{}' } },
      { do: 'replace', row: 'b', properties: { json0: '{}' }, etag: 'W/"1"' },
      { do: 'put', row: 'c', properties: { json0: '{}' } },
      { do: 'delete', row: 'd', etag: 'W/"2"' },
      { do: 'delete', row: 'é' },
    ],
    'id',
  );
  expect(contentType).toBe('multipart/mixed; boundary=batch_id');
  const lines = body.split('\r\n');
  expect(lines.filter((line) => / HTTP\/1\.1$|^If-Match/.test(line))).toEqual([
    'POST https://account.table.core.windows.net/locks HTTP/1.1',
    "PUT https://account.table.core.windows.net/locks(PartitionKey='o''hara',RowKey='b') HTTP/1.1",
    'If-Match: W/"1"',
    "PUT https://account.table.core.windows.net/locks(PartitionKey='o''hara',RowKey='c') HTTP/1.1",
    "DELETE https://account.table.core.windows.net/locks(PartitionKey='o''hara',RowKey='d') HTTP/1.1",
    'If-Match: W/"2"',
    "DELETE https://account.table.core.windows.net/locks(PartitionKey='o''hara',RowKey='%C3%A9') HTTP/1.1",
    'If-Match: *',
  ]);
});
