import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { canonicalId } from '../../core/resource-id.ts';
import { AzureError } from '../errors.ts';
import type { Read } from '../read.ts';
import { locate } from '../resource.ts';
import type { Metric, Metrics, Reading } from '../signals.ts';
import type { Batch, MonitorSdk, Series, Span } from './sdk.ts';

/** Samples come a minute or two late; an older one than this is no news. */
const WINDOW_SECONDS = 15 * 60;
/** The service's limit for one batch. */
const BATCH = 50;

export interface MetricsOptions {
  readonly sdk: MonitorSdk;
  /** Of the batch service, without a region: `https://metrics.monitor.azure.com`. */
  readonly batchEndpoint: string | undefined;
  readonly read: Read;
  readonly clock: Clock;
  readonly log: Log;
}

type Readings = readonly (readonly [id: string, reading: Reading])[];

/**
 * Azure Monitor's metrics. Resource Manager answers for one resource and tells its region (`global` for such as Traffic
 * Manager); once the regions are known, one batch a region does, where the batch service's address is configured.
 */
export function createMetrics({ sdk, batchEndpoint, read, clock, log }: MetricsOptions): Metrics {
  const regions = new Map<string, string>();

  const unread = (ids: readonly string[], label: string, error: unknown): Readings => {
    if (!(error instanceof AzureError)) throw error;
    const data = { of: label, why: messageOf(error) };
    log({ level: 'warning', message: 'Azure Monitor has no metrics.', data });
    return ids.map((id) => [id, { is: 'unread', error }]);
  };

  async function askOne(id: string, metric: Metric, span: Span): Promise<Readings> {
    const { label } = locate(id);
    try {
      const { region, series } = await read(`Read metrics of ${label}`, () =>
        sdk.one(id, metric, span),
      );
      if (region !== null) regions.set(canonicalId(id), region);
      return [[id, newest(series, metric, label)]];
    } catch (error) {
      return unread([id], label, error);
    }
  }

  /** A batch with one resource that may not be read is refused as a whole. */
  async function askMany(batch: Batch, metric: Metric, span: Span): Promise<Readings> {
    const { endpoint, ids } = batch;
    try {
      const found = await read(`Read metrics of ${endpoint}`, () => sdk.many(batch, metric, span));
      return ids.map((id) => [id, newest(found.get(canonicalId(id)) ?? [], metric, id)]);
    } catch (error) {
      if (!(error instanceof AzureError) || !isOurMistake(error))
        return unread(ids, endpoint, error);
      return (await Promise.all(ids.map((id) => askOne(id, metric, span)))).flat();
    }
  }

  async function readings(
    ids: readonly string[],
    metric: Metric,
  ): Promise<ReadonlyMap<string, Reading>> {
    const now = clock.now();
    const from = now - (metric.windowSeconds ?? WINDOW_SECONDS) * 1000;
    const span = { startTime: new Date(from), endTime: new Date(now) };
    const { batches, others } = planned(ids, regions, batchEndpoint);
    const found = await Promise.all([
      ...batches.map((batch) => askMany(batch, metric, span)),
      ...others.map((id) => askOne(id, metric, span)),
    ]);
    return new Map(found.flat());
  }

  return {
    readings,
    async latest(ids, metric) {
      const found = [...(await readings(ids, metric))];
      for (const [, reading] of found) {
        if (reading.is === 'unread' && isOurMistake(reading.error)) throw reading.error;
      }
      return new Map(
        found.flatMap(([id, reading]) =>
          reading.is === 'sample' ? [[id, { value: reading.value, at: reading.at }]] : [],
        ),
      );
    },
  };
}

/** A dead region gives no metrics, which is an answer; a missing role is none. */
function isOurMistake(error: AzureError): boolean {
  return error.effect === 'refused' && !error.transient && !error.isNotFound;
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

function newest(series: Series, metric: Metric, label: string): Reading {
  if (series.length > 1) {
    throw new AzureError({
      effect: 'refused',
      code: 'AmbiguousMetric',
      message: `${metric.name} has ${series.length} series there. Choose one with a filter on its dimensions.`,
      operation: `Read metrics of ${label}`,
    });
  }
  const [sample] = (series[0] ?? []).toSorted((left, right) => right.at.localeCompare(left.at));
  return sample === undefined ? { is: 'silent' } : { is: 'sample', ...sample };
}
