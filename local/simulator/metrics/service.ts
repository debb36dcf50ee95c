import { instant } from '../../../src/core/clock.ts';
import type { Json } from '../../../src/core/json.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import { errorResponse, Refusal } from '../errors.ts';
import type { Service, WireRequest, WireResponse } from '../service.ts';
import type { SqlServer } from '../sql/failover-groups.ts';
import type { LagPoint, LagSamples } from './lag-samples.ts';

/** Azure SQL's "Replication lag", emitted every minute for the primary of a geo-replicated database. */
export const LAG_METRIC = 'replication_lag_seconds';
const NAMESPACE = 'Microsoft.Sql/servers/databases';

export interface MetricsParts {
  readonly now: () => number;
  readonly samples: LagSamples;
  readonly server: (id: string) => SqlServer | null;
}

/** One resource at a time, on Resource Manager (MetricsQueryClient). */
export function createMetrics(parts: MetricsParts): Service {
  return {
    name: 'metrics',
    routes: [
      {
        method: 'GET',
        path: '/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Sql/servers/{server}/databases/{database}/providers/Microsoft.Insights/metrics',
        action: 'Microsoft.Insights/metrics/read',
        region: ({ url }) => parts.server(serverOf(url.pathname))?.location,
        handle: (request) => answerOne(parts, request),
      },
    ],
  };
}

/** Many resources of one region and type, on the region's own metrics endpoint (MetricsClient). */
export function createMetricsBatch(parts: MetricsParts): Service {
  return {
    name: 'metrics-batch',
    door: 'metrics',
    routes: [
      {
        method: 'POST',
        path: '/subscriptions/{sub}/metrics:getBatch',
        action: 'Microsoft.Insights/metrics/read',
        mutating: false,
        handle: (request) => answerBatch(parts, request),
      },
    ],
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function answerOne(parts: MetricsParts, { url, query }: WireRequest): WireResponse {
  const id = url.pathname.replace(/\/providers\/Microsoft\.Insights\/metrics$/i, '');
  const span = parseSpan(query.get('timespan'), parts.now());
  return {
    status: 200,
    body: {
      cost: 0,
      timespan: `${instant(span.from)}/${instant(span.to)}`,
      interval: query.get('interval') ?? 'PT1M',
      namespace: NAMESPACE,
      resourceregion: parts.server(serverOf(id))?.location ?? '',
      value: [metric(parts, id, span, query)],
    },
  };
}

function answerBatch(parts: MetricsParts, { body, query }: WireRequest): WireResponse {
  const span = {
    from: Date.parse(query.get('starttime') ?? '') || parts.now() - HOUR,
    to: Date.parse(query.get('endtime') ?? '') || parts.now(),
  };
  return {
    status: 200,
    body: {
      values: resourceIds(body).map((id) => ({
        starttime: instant(span.from),
        endtime: instant(span.to),
        interval: query.get('interval') ?? 'PT1M',
        namespace: NAMESPACE,
        resourceregion: parts.server(serverOf(id))?.location ?? '',
        resourceid: id,
        value: [metric(parts, id, span, query)],
      })),
    },
  };
}

const HOUR = 3_600_000;

function metric(parts: MetricsParts, id: string, span: Span, query: URLSearchParams): Json {
  const asked = query.get('metricnames') ?? '';
  if (asked !== LAG_METRIC) {
    throw new Refusal(
      errorResponse(
        400,
        'BadRequest',
        `Failed to find metric configuration for provider: Microsoft.Sql, resource Type: servers/databases, metric: ${asked}, Valid metrics: ${LAG_METRIC}`,
      ),
    );
  }
  const points = parts.samples.of(id).filter(({ minute }) => overlaps(minute, span));
  return {
    id: `${id}/providers/Microsoft.Insights/metrics/${LAG_METRIC}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: LAG_METRIC, localizedValue: 'Replication lag' },
    displayDescription:
      'Seconds between a commit on the primary and its hardening on the secondary.',
    unit: 'Seconds',
    timeseries:
      points.length === 0
        ? []
        : [{ metadatavalues: [], data: points.map((point) => value(point, query)) }],
    errorCode: 'Success',
  };
}

/** The minute in which a span begins is part of the answer. */
function overlaps(minute: number, { from, to }: Span): boolean {
  return minute + 60_000 > from && minute < to;
}

function value({ minute, maximum, average }: LagPoint, query: URLSearchParams): Json {
  const wanted = (query.get('aggregation') ?? 'average').toLowerCase().split(',');
  return {
    timeStamp: instant(minute),
    ...(wanted.includes('maximum') && { maximum }),
    ...(wanted.includes('average') && { average }),
  };
}

/** `start/end`; the last hour when it is not given. */
function parseSpan(timespan: string | null, now: number): Span {
  const [from = '', to = ''] = (timespan ?? '').split('/');
  const end = Date.parse(to);
  return Number.isNaN(end) ? spanOf(from, now) : { from: Date.parse(from), to: end };
}

/** An ISO 8601 duration that ends now, such as `PT5M`. */
function spanOf(duration: string, now: number): Span {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(duration) ?? [];
  const length = Number(hours) * HOUR + Number(minutes) * 60_000;
  return { from: now - (length || HOUR), to: now };
}

function resourceIds(body: Json | undefined): readonly string[] {
  if (typeof body !== 'object' || body === null || !('resourceids' in body)) return [];
  const { resourceids } = body;
  return Array.isArray(resourceids) ? resourceids.filter((id) => typeof id === 'string') : [];
}

function serverOf(databaseId: string): string {
  return canonicalId(databaseId).replace(/\/databases\/.*$/, '');
}
