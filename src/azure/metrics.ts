/* eslint-disable @typescript-eslint/no-deprecated -- the package has successors that are not installed; only this file knows it. */
import type {
  MetricsClient,
  MetricsQueryClient,
  MetricsQueryResult,
  MetricValue,
} from '@azure/monitor-query';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { canonicalId } from '../core/resource-id.ts';
import type { Metrics } from './access.ts';
import { PIPELINE, type Connection } from './connection.ts';
import { AzureError } from './errors.ts';
import type { Read } from './read.ts';
import { locate } from './resource.ts';

type Metric = Parameters<Metrics['latest']>[1];
type Found = readonly [id: string, sample: { readonly value: number; readonly at: string }];

/** Samples come a minute or two late; an older one than this is no news. */
const WINDOW_MS = 15 * 60_000;
/** The service's limit for one batch. */
const BATCH = 50;

export interface MetricsOptions {
  readonly connection: Connection;
  readonly batchEndpoint: string | undefined;
  readonly reader: HttpClient;
  readonly read: Read;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Azure Monitor. Resource Manager answers for one resource and tells its region; once the regions are known, one
 * batch a region does, where the batch service's address (`https://metrics.monitor.azure.com`) is configured.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const { connection, batchEndpoint, reader, read, clock, log } = options;
  const regions = new Map<string, string>();
  const clients = createMonitorClients(connection, reader);

  /** A dead region gives no metrics, which is an answer; a missing role is none. */
  async function orNothing(label: string, ask: () => Promise<Found[]>): Promise<Found[]> {
    try {
      return await read(`Read metrics of ${label}`, ask);
    } catch (error) {
      if (!(error instanceof AzureError) || isOurMistake(error)) throw error;
      const data = { of: label, why: messageOf(error) };
      log({ level: 'warning', message: 'Azure Monitor has no metrics.', data });
      return [];
    }
  }

  async function askOne(id: string, metric: Metric, span: Span): Promise<Found[]> {
    const result = await queryOne(await clients.ofResource(), id, metric, span);
    if (result.resourceRegion !== undefined) regions.set(canonicalId(id), result.resourceRegion);
    return newest(result, metric).map((sample) => [id, sample]);
  }

  return {
    async latest(resourceIds, metric) {
      const now = clock.now();
      const span = { startTime: new Date(now - WINDOW_MS), endTime: new Date(now) };
      const { batches, others } = planned(resourceIds, regions, batchEndpoint);
      const found = await Promise.all([
        ...batches.map((batch) =>
          orNothing(batch.endpoint, async () =>
            queryBatch(await clients.ofRegion(batch), batch.ids, metric, span),
          ),
        ),
        ...others.map((id) => orNothing(locate(id).label, () => askOne(id, metric, span))),
      ]);
      return new Map(found.flat());
    },
  };
}

interface Span {
  readonly startTime: Date;
  readonly endTime: Date;
}

function queryOne(
  client: MetricsQueryClient,
  id: string,
  metric: Metric,
  timespan: Span,
): Promise<MetricsQueryResult> {
  // The SDK puts a slash of its own in front.
  return client.queryResource(id.replace(/^\/+/, ''), [metric.name], {
    metricNamespace: metric.namespace,
    aggregations: [metric.aggregation],
    granularity: 'PT1M',
    timespan,
  });
}

async function queryBatch(
  client: MetricsClient,
  ids: readonly string[],
  metric: Metric,
  span: Span,
): Promise<Found[]> {
  const results = await client.queryResources([...ids], [metric.name], metric.namespace, {
    ...span,
    aggregation: metric.aggregation.toLowerCase(),
    interval: 'PT1M',
  });
  return ids.flatMap((id) => {
    const own = results.find(({ resourceId }) => canonicalId(resourceId ?? '') === canonicalId(id));
    return own === undefined ? [] : newest(own, metric).map((sample) => [id, sample] as const);
  });
}

function isOurMistake(error: AzureError): boolean {
  return error.effect === 'refused' && !error.transient && !error.isNotFound;
}

function createMonitorClients(
  connection: Connection,
  httpClient: HttpClient,
): {
  ofResource(): Promise<MetricsQueryClient>;
  ofRegion(batch: Pick<Batch, 'endpoint' | 'audience'>): Promise<MetricsClient>;
} {
  const { credential, endpoint, scope } = connection;
  const options = { ...PIPELINE, httpClient };
  let ofResource: Promise<MetricsQueryClient> | undefined;
  const ofRegion = new Map<string, Promise<MetricsClient>>();
  const build = async (audience: string): Promise<MetricsQueryClient> => {
    const sdk = await import('@azure/monitor-query');
    return new sdk.MetricsQueryClient(credential, { ...options, endpoint, audience });
  };
  const buildRegional = async (regional: string, audience: string): Promise<MetricsClient> => {
    const sdk = await import('@azure/monitor-query');
    return new sdk.MetricsClient(regional, credential, { ...options, audience });
  };
  return {
    ofResource: () => (ofResource ??= build(scope.replace(/\/\.default$/, ''))),
    ofRegion(batch) {
      const client = ofRegion.get(batch.endpoint) ?? buildRegional(batch.endpoint, batch.audience);
      ofRegion.set(batch.endpoint, client);
      return client;
    },
  };
}

interface Batch {
  readonly endpoint: string;
  readonly audience: string;
  readonly ids: readonly string[];
}

/** A batch is of one subscription and one region. */
function planned(
  ids: readonly string[],
  regions: ReadonlyMap<string, string>,
  batchEndpoint: string | undefined,
): { batches: Batch[]; others: string[] } {
  const regionOf = (id: string): string | undefined =>
    batchEndpoint === undefined ? undefined : regions.get(canonicalId(id));
  const groups = Map.groupBy(ids, (id) => {
    const region = regionOf(id);
    return region === undefined ? '' : `${region}/${locate(id).subscription.toLowerCase()}`;
  });
  const batches: Batch[] = [];
  for (const [key, group] of groups) {
    if (key === '' || batchEndpoint === undefined) continue;
    const { protocol, host, origin } = new URL(batchEndpoint);
    const endpoint = `${protocol}//${key.split('/')[0] ?? ''}.${host}`;
    for (let from = 0; from < group.length; from += BATCH) {
      batches.push({ endpoint, audience: origin, ids: group.slice(from, from + BATCH) });
    }
  }
  return { batches, others: groups.get('') ?? [] };
}

/** One sample or none. A minute without data has a time but no value. */
function newest(result: MetricsQueryResult, metric: Metric): { value: number; at: string }[] {
  const aggregation = metric.aggregation === 'Maximum' ? 'maximum' : 'average';
  const values: readonly MetricValue[] = result.metrics
    .flatMap((found) => found.timeseries)
    .flatMap((series) => series.data ?? []);
  return values
    .flatMap((point) => {
      const value = point[aggregation];
      return value === undefined ? [] : [{ value, at: new Date(point.timeStamp).toISOString() }];
    })
    .sort((left, right) => right.at.localeCompare(left.at))
    .slice(0, 1);
}
