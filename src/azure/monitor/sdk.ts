/* eslint-disable @typescript-eslint/no-deprecated -- the package has successors that are not installed; only this file knows it. */
import type {
  LogsQueryClient,
  LogsTable,
  MetricsClient,
  MetricsQueryClient,
  MetricsQueryResult,
  MetricValue,
} from '@azure/monitor-query';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Json } from '../../core/json.ts';
import { canonicalId } from '../../core/resource-id.ts';
import { PIPELINE, type Connection } from '../connection.ts';
import type { LogAnswer, LogQuery, Metric, Sample } from '../signals.ts';

export interface Span {
  readonly startTime: Date;
  readonly endTime: Date;
}

/** Resources of one subscription and one region, and where that region's metrics are asked. */
export interface Batch {
  readonly endpoint: string;
  readonly audience: string;
  readonly ids: readonly string[];
}

/** The values of each series that the metric has; without dimensions it is one. */
export type Series = readonly (readonly Sample[])[];

/** Azure Monitor's clients, loaded and built on first use. */
export interface MonitorSdk {
  /** From Resource Manager, which also tells the resource's region. */
  one(id: string, metric: Metric, span: Span): Promise<{ region: string | null; series: Series }>;
  /** From the region's own endpoint, by canonical id. */
  many(batch: Batch, metric: Metric, span: Span): Promise<ReadonlyMap<string, Series>>;
  logs(endpoint: string, query: LogQuery): Promise<LogAnswer>;
}

export function createMonitorSdk(connection: Connection, httpClient: HttpClient): MonitorSdk {
  const { credential, endpoint, scope } = connection;
  const options = { ...PIPELINE, httpClient };
  const ofResource = once(async () => {
    const { MetricsQueryClient: Client } = await import('@azure/monitor-query');
    return new Client(credential, {
      ...options,
      endpoint,
      audience: scope.replace(/\/\.default$/, ''),
    });
  });
  const ofRegion = once(async (regional, audience) => {
    const { MetricsClient: Client } = await import('@azure/monitor-query');
    return new Client(regional, credential, { ...options, audience });
  });
  const ofLogs = once(async (logs) => {
    const { LogsQueryClient: Client } = await import('@azure/monitor-query');
    return new Client(credential, { ...options, endpoint: logs, audience: new URL(logs).origin });
  });
  return {
    one: async (id, metric, span) => queryOne(await ofResource(endpoint, ''), id, metric, span),
    many: async (batch, metric, span) =>
      queryMany(await ofRegion(batch.endpoint, batch.audience), batch.ids, metric, span),
    logs: async (logs, query) => queryLogs(await ofLogs(logs, ''), query),
  };
}

/** Builds a client for each address when it is first asked for. */
function once<T>(
  build: (address: string, audience: string) => Promise<T>,
): (address: string, audience: string) => Promise<T> {
  const built = new Map<string, Promise<T>>();
  return (address, audience) => {
    const client = built.get(address) ?? build(address, audience);
    built.set(address, client);
    return client;
  };
}

async function queryOne(
  client: MetricsQueryClient,
  id: string,
  metric: Metric,
  timespan: Span,
): Promise<{ region: string | null; series: Series }> {
  // The SDK puts a slash of its own in front.
  const result = await client.queryResource(id.replace(/^\/+/, ''), [metric.name], {
    metricNamespace: metric.namespace,
    aggregations: [metric.aggregation],
    granularity: 'PT1M',
    timespan,
    ...(metric.filter !== undefined && { filter: metric.filter }),
  });
  return { region: result.resourceRegion ?? null, series: seriesOf(result, metric) };
}

async function queryMany(
  client: MetricsClient,
  ids: readonly string[],
  metric: Metric,
  span: Span,
): Promise<ReadonlyMap<string, Series>> {
  const results = await client.queryResources([...ids], [metric.name], metric.namespace, {
    ...span,
    aggregation: metric.aggregation.toLowerCase(),
    interval: 'PT1M',
    ...(metric.filter !== undefined && { filter: metric.filter }),
  });
  return new Map(
    results.map((result) => [canonicalId(result.resourceId ?? ''), seriesOf(result, metric)]),
  );
}

const FIELDS = {
  Average: 'average',
  Minimum: 'minimum',
  Maximum: 'maximum',
  Total: 'total',
  Count: 'count',
} as const satisfies Record<Metric['aggregation'], keyof MetricValue>;

/** A minute without data has a time but no value. */
function seriesOf(result: MetricsQueryResult, metric: Metric): Series {
  return result.metrics
    .flatMap(({ timeseries }) => timeseries)
    .map(({ data = [] }) =>
      data.flatMap((point) => {
        const value = point[FIELDS[metric.aggregation]];
        return value === undefined ? [] : [{ value, at: new Date(point.timeStamp).toISOString() }];
      }),
    );
}

async function queryLogs(
  client: LogsQueryClient,
  { workspaceId, query, timespanSeconds }: LogQuery,
): Promise<LogAnswer> {
  const timespan = { duration: `PT${timespanSeconds}S` };
  const result = workspaceId.startsWith('/')
    ? await client.queryResource(workspaceId, query, timespan)
    : await client.queryWorkspace(workspaceId, query, timespan);
  if ('tables' in result) return { ...tableOf(result.tables), incomplete: null };
  const { code, message } = result.partialError;
  return { ...tableOf(result.partialTables), incomplete: { code, message } };
}

/** The first table is the query's result. */
function tableOf([table]: readonly LogsTable[]): Pick<LogAnswer, 'columns' | 'rows'> {
  return {
    columns: (table?.columnDescriptors ?? []).map(({ name, type }) => ({
      name: name ?? '',
      type: type ?? '',
    })),
    rows: (table?.rows ?? []).map((row) => row.map(jsonOf)),
  };
}

/** The SDK makes dates of instants and objects of dynamic columns; all of it was JSON. */
function jsonOf(cell: LogsTable['rows'][number][number]): Json {
  return JSON.parse(JSON.stringify(cell)) as Json;
}
