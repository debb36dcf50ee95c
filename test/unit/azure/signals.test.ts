import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/azure/access.ts';
import {
  ENDPOINT,
  errorOf,
  GROUP,
  onScript,
  refusal,
  SUBSCRIPTION,
  type ScriptedAnswer,
} from './script.ts';

const PROFILE = `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/cafe`;
const OTHER = `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/tea`;
const METRIC: Metric = {
  namespace: 'Microsoft.Network/trafficManagerProfiles',
  name: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
  aggregation: 'Maximum',
  filter: "EndpointName eq 'east'",
  windowSeconds: 300,
};

type Point = Readonly<Record<string, unknown>>;

function metrics(...series: readonly (readonly Point[])[]): ScriptedAnswer {
  return {
    status: 200,
    body: {
      timespan: '2026-11-21T09:55:00Z/2026-11-21T10:00:00Z',
      interval: 'PT1M',
      namespace: METRIC.namespace,
      resourceregion: 'global',
      value: [
        {
          id: 'x',
          type: 'Microsoft.Insights/metrics',
          name: { value: METRIC.name, localizedValue: 'Endpoint status' },
          unit: 'Count',
          timeseries: series.map((data) => ({ metadatavalues: [], data })),
          errorCode: 'Success',
        },
      ],
    },
  };
}

describe('a metric', () => {
  it('is asked by name, aggregation, filter and window; its newest value counts', () =>
    onScript(
      [
        metrics([
          { timeStamp: '2026-11-21T09:56:00Z', maximum: 1 },
          { timeStamp: '2026-11-21T09:58:00Z', maximum: 0 },
          { timeStamp: '2026-11-21T09:57:00Z', maximum: 1 },
          { timeStamp: '2026-11-21T09:59:00Z' },
        ]),
      ],
      async ({ azure, sent }) => {
        const readings = await azure.metrics.readings([PROFILE], METRIC);
        expect([...readings]).toEqual([
          [PROFILE, { is: 'sample', value: 0, at: '2026-11-21T09:58:00.000Z' }],
        ]);
        const { searchParams } = new URL(sent[0]!.url);
        expect(Object.fromEntries(searchParams)).toMatchObject({
          metricnames: METRIC.name,
          metricnamespace: METRIC.namespace,
          aggregation: 'Maximum',
          $filter: "EndpointName eq 'east'",
          timespan: '2026-11-21T09:55:00.000Z/2026-11-21T10:00:00.000Z',
        });
      },
    )());

  it.each([
    ['average', 'Average'],
    ['minimum', 'Minimum'],
    ['total', 'Total'],
    ['count', 'Count'],
  ] as const)('is read as its %s', (field, aggregation) =>
    onScript(
      [metrics([{ timeStamp: '2026-11-21T09:58:00Z', [field]: 7, maximum: 99 }])],
      async ({ azure }) => {
        const readings = await azure.metrics.readings([PROFILE], { ...METRIC, aggregation });
        expect(readings.get(PROFILE)).toMatchObject({ value: 7 });
      },
    )(),
  );

  it('without a value in the window is silent, and missing among the latest', () =>
    onScript([metrics(), metrics()], async ({ azure }) => {
      const readings = await azure.metrics.readings([PROFILE], METRIC);
      expect(readings.get(PROFILE)).toEqual({ is: 'silent' });
      expect(await azure.metrics.latest([PROFILE], METRIC)).toEqual(new Map());
    })());

  it('with several series is not guessed', () =>
    onScript(
      [
        metrics(
          [{ timeStamp: '2026-11-21T09:58:00Z', maximum: 1 }],
          [{ timeStamp: '2026-11-21T09:58:00Z', maximum: 0 }],
        ),
      ],
      async ({ azure }) => {
        const error = await errorOf(azure.metrics.latest([PROFILE], METRIC));
        expect(error).toMatchObject({ code: 'AmbiguousMetric', transient: false });
      },
    )());

  it('that may not be read of one resource is read of the others', () =>
    onScript(
      [
        { status: 403, body: refusal('AuthorizationFailed') },
        metrics([{ timeStamp: '2026-11-21T09:58:00Z', maximum: 1 }]),
      ],
      async ({ azure }) => {
        const readings = await azure.metrics.readings([PROFILE, OTHER], METRIC);
        expect(readings.get(PROFILE)).toMatchObject({ is: 'unread', error: { status: 403 } });
        expect(readings.get(OTHER)).toMatchObject({ is: 'sample', value: 1 });
      },
    )());

  it('that may not be read in a batch is asked one resource after the other', () => {
    const one = metrics([{ timeStamp: '2026-11-21T09:58:00Z', maximum: 1 }]);
    const forbidden = { status: 403, body: refusal('AuthorizationFailed') };
    return onScript(
      [one, one, forbidden, forbidden, one],
      async ({ azure, sent }) => {
        await azure.metrics.readings([PROFILE, OTHER], METRIC);
        const readings = await azure.metrics.readings([PROFILE, OTHER], METRIC);
        expect(new URL(sent[2]!.url).host).toBe('global.metrics.example');
        expect([...readings.values()].map(({ is }) => is)).toEqual(['unread', 'sample']);
      },
      {
        settings: {
          AZURE_RESOURCE_MANAGER: ENDPOINT,
          AZURE_METRICS_ENDPOINT: 'https://metrics.example',
        },
      },
    )();
  });
});

const TABLE = {
  name: 'PrimaryResult',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'failed', type: 'long' },
    { name: 'detail', type: 'dynamic' },
  ],
  rows: [['2026-11-21T09:58:00Z', 3, '{"code":503}']],
};
const QUERY = { workspaceId: 'w-1', query: 'AppRequests | count', timespanSeconds: 300 };
const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'failed', type: 'long' },
  { name: 'detail', type: 'dynamic' },
];
const ROWS = [['2026-11-21T09:58:00.000Z', 3, { code: 503 }]];

describe('a log query', () => {
  it('answers columns and rows', () =>
    onScript([{ status: 200, body: { tables: [TABLE] } }], async ({ azure, sent, scopes }) => {
      expect(await azure.logs.query(QUERY)).toEqual({
        columns: COLUMNS,
        rows: ROWS,
        incomplete: null,
      });
      expect(sent[0]).toMatchObject({
        method: 'POST',
        url: 'https://api.loganalytics.io/v1/workspaces/w-1/query',
      });
      expect(sent[0]!.body).toBe(
        JSON.stringify({ query: 'AppRequests | count', timespan: 'PT300S' }),
      );
      expect(scopes).toContain('https://api.loganalytics.io/.default');
    })());

  it('may be of a resource, by its ARM id', () =>
    onScript([{ status: 200, body: { tables: [TABLE] } }], async ({ azure, sent }) => {
      await azure.logs.query({ ...QUERY, workspaceId: `${GROUP}/providers/a.b/c/d` });
      expect(new URL(sent[0]!.url).pathname).toBe(`/v1${GROUP}/providers/a.b/c/d/query`);
    })());

  it('says when rows may be missing', () =>
    onScript(
      [
        {
          status: 200,
          body: {
            tables: [TABLE],
            error: {
              code: 'PartialError',
              message: 'There were some errors when processing your query.',
              innererror: { code: '-2133196797', message: 'The results are too large.' },
            },
          },
        },
      ],
      async ({ azure }) => {
        const answer = await azure.logs.query(QUERY);
        expect(answer).toMatchObject({ rows: ROWS, incomplete: { code: 'PartialError' } });
      },
    )());

  it('that is wrong is refused, with what is wrong', () =>
    onScript(
      [
        {
          status: 400,
          body: {
            error: {
              code: 'BadArgumentError',
              message: 'The request had some invalid properties',
              innererror: { code: 'SemanticError', message: "'AppRequest' is no table." },
            },
          },
        },
      ],
      async ({ azure }) => {
        const error = await errorOf(azure.logs.query(QUERY));
        expect(error).toMatchObject({ effect: 'refused', code: 'BadArgumentError' });
        expect(error.message).toContain("'AppRequest' is no table.");
      },
    )());

  it('is asked again when the service is busy, although it is a POST', () =>
    onScript([{ status: 503 }, { status: 200, body: { tables: [TABLE] } }], async ({ azure }) => {
      expect((await azure.logs.query(QUERY)).rows).toEqual(ROWS);
    })());

  it('does not go to the public cloud from another one', () =>
    onScript(
      [],
      async ({ azure }) => {
        expect(await errorOf(azure.logs.query(QUERY))).toMatchObject({
          code: 'LogsEndpointUnknown',
        });
      },
      { settings: { AZURE_RESOURCE_MANAGER: 'https://management.usgovcloudapi.net' } },
    )());
});

describe("Resource Health's list", () => {
  const status = (id: string, properties: object): unknown => ({
    id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    name: 'current',
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location: 'eastus',
    properties,
  });
  const list = `${ENDPOINT}${SUBSCRIPTION}/providers/Microsoft.ResourceHealth/availabilityStatuses`;

  it('is read page by page, and known by canonical ids', () =>
    onScript(
      [
        {
          status: 200,
          body: {
            value: [
              status(PROFILE, {
                availabilityState: 'Unavailable',
                title: 'Unavailable',
                summary: 'It is down.',
                reasonType: 'Unplanned',
                occuredTime: '2026-11-21T09:50:00Z',
                reasonChronicity: 'Transient',
                reportedTime: '2026-11-21T09:59:00.1234567Z',
              }),
            ],
            nextLink: `${list}?api-version=2025-05-01&$skiptoken=2`,
          },
        },
        {
          status: 200,
          body: { value: [status(OTHER, { availabilityState: 'available', occurredTime: null })] },
        },
      ],
      async ({ azure, sent }) => {
        const found = await azure.health.ofSubscription(SUBSCRIPTION.split('/')[2]!);
        expect(sent.map(({ url }) => url.split('?')[0])).toEqual([list, list]);
        expect(found.get(PROFILE.toLowerCase())).toEqual({
          resourceId: PROFILE,
          state: 'Unavailable',
          reasonType: 'Unplanned',
          summary: 'It is down.',
          occurredAt: '2026-11-21T09:50:00.000Z',
          reportedAt: '2026-11-21T09:59:00.123Z',
        });
        expect(found.get(OTHER.toLowerCase())).toMatchObject({
          state: 'Available',
          occurredAt: null,
        });
      },
    )());

  it('is not followed to another host', () =>
    onScript(
      [{ status: 200, body: { value: [], nextLink: 'https://elsewhere.example/?page=2' } }],
      async ({ azure }) => {
        expect(await errorOf(azure.health.ofSubscription('s'))).toMatchObject({
          code: 'ForeignAddress',
        });
      },
    )());

  it('in another shape is no answer', () =>
    onScript([{ status: 200, body: { value: [{ id: 7 }] } }], async ({ azure }) => {
      expect(await errorOf(azure.health.ofSubscription('s'))).toMatchObject({
        effect: 'lost',
        code: 'UnexpectedAnswer',
      });
    })());
});
