import { describe, expect, it } from 'vitest';
import type { OperationStatus } from '../../../src/azure/access.ts';
import type { Operation } from '../../../src/core/step.ts';
import {
  ENDPOINT,
  errorOf,
  onScript,
  refusal,
  SUBSCRIPTION,
  type ScriptedAnswer,
} from './script.ts';

const ADDRESS = `${ENDPOINT}${SUBSCRIPTION}/providers/Microsoft.Sql/locations/eastus/failoverGroupAzureAsyncOperation/9a?api-version=2020-11-01-preview&t=638798345609&c=MII%2Bx%3D&s=a%2Bb&h=c`;
const ASYNC: Operation = {
  call: 'failover',
  name: '9a',
  pollUrl: ADDRESS,
  location: `${ADDRESS}&result`,
  startedAt: '2026-11-21T10:00:00.000Z',
};
const LOCATION: Operation = {
  call: 'failover',
  name: '9a',
  location: ADDRESS,
  startedAt: ASYNC.startedAt,
};

/** As the recordings have it. */
const siteRecovery = (
  status: string | null,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  error: null,
  id: null,
  name: '9a',
  properties: null,
  status,
  startTime: '2026-03-11T09:31:22.5219233Z',
  endTime: null,
  percentComplete: null,
  ...more,
});

describe('one look at an operation', () => {
  const looks: readonly [string, Operation, ScriptedAnswer, OperationStatus][] = [
    [
      'runs, and says when to look again',
      ASYNC,
      { status: 200, headers: { 'retry-after': '30' }, body: siteRecovery('InProgress') },
      { is: 'running', retryAfterSeconds: 30 },
    ],
    [
      'says when to look again as a date',
      ASYNC,
      {
        status: 200,
        headers: { 'retry-after': 'Sat, 21 Nov 2026 10:00:12 GMT' },
        body: { status: 'Running' },
      },
      { is: 'running', retryAfterSeconds: 12 },
    ],
    [
      'asks for no wait at all',
      ASYNC,
      { status: 200, headers: { 'retry-after': '0' }, body: { status: 'x' } },
      { is: 'running', retryAfterSeconds: 1 },
    ],
    [
      'asks for an hour',
      ASYNC,
      { status: 200, headers: { 'retry-after': '3600' }, body: { status: 'x' } },
      { is: 'running', retryAfterSeconds: 120 },
    ],
    [
      'does not say when',
      ASYNC,
      { status: 200, body: { status: 'Updating' } },
      { is: 'running', retryAfterSeconds: 5 },
    ],
    [
      'has a status of null',
      ASYNC,
      { status: 200, body: siteRecovery(null) },
      { is: 'running', retryAfterSeconds: 5 },
    ],
    [
      'tells its progress',
      ASYNC,
      { status: 200, body: { status: 'InProgress', percentComplete: 40 } },
      { is: 'running', retryAfterSeconds: 5, percent: 40 },
    ],
    ['runs without a body', ASYNC, { status: 202 }, { is: 'running', retryAfterSeconds: 5 }],
    ['is through, without a body', ASYNC, { status: 204 }, { is: 'succeeded' }],
    [
      'is through, without a status',
      ASYNC,
      { status: 200, body: { name: '9a' } },
      { is: 'succeeded' },
    ],
    [
      'is through, in capitals',
      ASYNC,
      { status: 200, body: { status: 'SUCCEEDED' } },
      { is: 'succeeded' },
    ],
    [
      'is through, and says since when',
      ASYNC,
      { status: 200, body: siteRecovery('Succeeded', { endTime: '2026-03-11T09:31:25.0000000Z' }) },
      { is: 'succeeded', endedAt: '2026-03-11T09:31:25.000Z' },
    ],
    [
      'failed with a number for a code',
      ASYNC,
      {
        status: 200,
        body: siteRecovery('Failed', {
          error: { code: '45005', message: "Protection couldn't be enabled.", details: null },
        }),
      },
      { is: 'failed', code: '45005', message: "Protection couldn't be enabled." },
    ],
    [
      'failed with a bare number',
      ASYNC,
      { status: 200, body: { status: 'failed', error: { code: 506, message: 'm' } } },
      { is: 'failed', code: '506', message: 'm' },
    ],
    [
      'failed without a reason',
      ASYNC,
      { status: 200, body: { status: 'Failed' } },
      { is: 'failed', code: 'OperationFailed', message: 'The service gives no reason.' },
    ],
    [
      'was canceled',
      ASYNC,
      { status: 200, body: { status: 'Canceled' } },
      { is: 'canceled', code: 'OperationCanceled', message: 'The service gives no reason.' },
    ],
    [
      'was cancelled',
      ASYNC,
      { status: 200, body: { status: 'Cancelled', ...refusal('C', 'm') } },
      { is: 'canceled', code: 'C', message: 'm' },
    ],
    [
      'has a Location that runs',
      LOCATION,
      { status: 202, headers: { 'retry-after': '15' } },
      { is: 'running', retryAfterSeconds: 15 },
    ],
    [
      'has a Location that is done',
      LOCATION,
      { status: 200, body: { id: 'the resource' } },
      { is: 'succeeded' },
    ],
    ['has a Location that is done, empty', LOCATION, { status: 204 }, { is: 'succeeded' }],
    [
      'has a Location that tells the failure',
      LOCATION,
      { status: 409, body: refusal('OperationCancelled', 'm') },
      { is: 'failed', code: 'OperationCancelled', message: 'm' },
    ],
  ];
  it.each(looks)('%s', (_name, operation, answer, status) =>
    onScript([answer], async ({ azure, sent }) => {
      expect(await azure.operations.poll(operation)).toEqual(status);
      expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([`GET ${ADDRESS}`]);
    })(),
  );
});

describe('trouble with the look itself says nothing about the operation', () => {
  const troubles: readonly [
    string,
    Operation,
    ScriptedAnswer | { breaks: string } | 'silence',
    Record<string, unknown>,
  ][] = [
    [
      'a broken server',
      ASYNC,
      { status: 500, body: refusal('InternalServerError') },
      { effect: 'lost' },
    ],
    [
      'throttling',
      ASYNC,
      {
        status: 429,
        headers: { 'retry-after': '20' },
        body: refusal('SubscriptionRequestsThrottled'),
      },
      { effect: 'throttled', retryAfterSeconds: 20 },
    ],
    [
      'throttling at a Location',
      LOCATION,
      { status: 429, body: refusal('TooManyRequests') },
      { effect: 'throttled' },
    ],
    [
      'an operation that is forgotten',
      ASYNC,
      { status: 404, body: refusal('OperationIdNotFound') },
      { effect: 'refused', isNotFound: true },
    ],
    [
      'a page',
      ASYNC,
      { status: 200, body: '<html>' },
      { effect: 'lost', code: 'UnreadableAnswer' },
    ],
    ['a list', ASYNC, { status: 200, body: [] }, { effect: 'lost', code: 'UnreadableAnswer' }],
    [
      "a proxy's refusal at a Location",
      LOCATION,
      { status: 400, body: '<html>' },
      { effect: 'refused' },
    ],
    ['a broken connection', ASYNC, { breaks: 'ECONNRESET' }, { effect: 'lost' }],
    ['silence', ASYNC, 'silence', { effect: 'lost' }],
  ];
  it.each(troubles)('%s', (_name, operation, step, meaning) =>
    onScript([step], async ({ azure, sent }) => {
      expect(await errorOf(azure.operations.poll(operation))).toMatchObject(meaning);
      expect(sent).toHaveLength(1);
    })(),
  );
});

describe('where an operation is followed', () => {
  it.each([
    'https://management.azure.com.evil.example/x',
    'http://management.azure.com/x',
    'https://management.azure.com:8443/x',
    '//evil.example/x',
    'not an address at all://',
  ])('not at %s: the token stays here', (pollUrl) =>
    onScript([], async ({ azure, sent, scopes }) => {
      const error = await errorOf(azure.operations.poll({ ...ASYNC, pollUrl }));
      expect(error).toMatchObject({ effect: 'refused', transient: false, code: 'ForeignAddress' });
      expect(sent).toEqual([]);
      expect(scopes).toEqual([]);
    })(),
  );

  it('at an address without a host, at the configured Resource Manager', () =>
    onScript([{ status: 204 }], async ({ azure, sent }) => {
      await azure.operations.poll({ ...ASYNC, pollUrl: `${SUBSCRIPTION}/x?api-version=1` });
      expect(sent[0]?.url).toBe(`${ENDPOINT}${SUBSCRIPTION}/x?api-version=1`);
    })());

  it('nowhere, when the service gave no address', () =>
    onScript([], async ({ azure }) => {
      const { call, name, startedAt } = ASYNC;
      const error = await errorOf(azure.operations.poll({ call, name, startedAt }));
      expect(error).toMatchObject({ effect: 'refused', code: 'OperationWithoutAddress' });
    })());
});
