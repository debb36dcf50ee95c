import { instant } from '../../../src/core/clock.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { errorResponse, Refusal, resourceNotFound } from '../errors.ts';
import type { Service, WireRequest, WireResponse } from '../service.ts';
import type { MetricDefinition } from './definitions.ts';
import { aggregate, AGGREGATIONS, filtered } from './query.ts';
import { MINUTE, type Minute, type Series } from './samples.ts';

export interface MetricsParts {
  readonly now: () => number;
  readonly definitions: readonly MetricDefinition[];
}

/** One resource at a time, on Resource Manager (MetricsQueryClient). */
export function createMetrics(parts: MetricsParts): Service {
  return {
    name: 'metrics',
    routes: [
      {
        method: 'GET',
        path: '{scope+}/providers/Microsoft.Insights/metrics',
        action: 'Microsoft.Insights/metrics/read',
        region: ({ params }) => regionOf(parts, params['scope'] ?? '') ?? undefined,
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

function answerOne(parts: MetricsParts, { params, query }: WireRequest): WireResponse {
  const id = params['scope'] ?? '';
  const definition = needDefinition(parts, id, query);
  const region = definition.regionOf(id);
  if (region === null) throw notFound(id);
  const span = parseSpan(query.get('timespan'), parts.now());
  return {
    status: 200,
    body: {
      cost: 0,
      timespan: `${instant(span.from)}/${instant(span.to)}`,
      interval: query.get('interval') ?? 'PT1M',
      namespace: definition.namespace,
      resourceregion: region,
      value: [metric(definition, id, span, query.get('$filter'), query)],
    },
  };
}

function answerBatch(parts: MetricsParts, { body, query }: WireRequest): WireResponse {
  const span = {
    from: Date.parse(query.get('starttime') ?? '') || parts.now() - HOUR,
    to: Date.parse(query.get('endtime') ?? '') || parts.now(),
  };
  const values = resourceIds(body).map((id) => {
    const definition = needDefinition(parts, id, query);
    return {
      starttime: instant(span.from),
      endtime: instant(span.to),
      interval: query.get('interval') ?? 'PT1M',
      namespace: definition.namespace,
      resourceregion: definition.regionOf(id) ?? '',
      resourceid: id,
      value: [metric(definition, id, span, query.get('filter'), query)],
    };
  });
  return { status: 200, body: { values } };
}

const HOUR = 60 * MINUTE;

function needDefinition(
  { definitions }: MetricsParts,
  id: string,
  query: URLSearchParams,
): MetricDefinition {
  const type = typeOf(id);
  const asked = (query.get('metricnames') ?? '').toLowerCase();
  const ofType = definitions.filter((each) => each.namespace.toLowerCase() === type);
  const found = ofType.find((each) => each.name.toLowerCase() === asked);
  if (found !== undefined) return found;
  const valid = ofType.map(({ name }) => name).join(',');
  const [provider = '', ...rest] = type.split('/');
  throw new Refusal(
    errorResponse(
      400,
      'BadRequest',
      `Failed to find metric configuration for provider: ${provider}, resource Type: ${rest.join('/')}, metric: ${asked}, Valid metrics: ${valid}`,
    ),
  );
}

function regionOf({ definitions }: MetricsParts, id: string): string | null {
  const type = typeOf(id);
  const own = definitions.find((each) => each.namespace.toLowerCase() === type);
  return own?.regionOf(id) ?? null;
}

/** `microsoft.sql/servers/databases`. */
function typeOf(id: string): string {
  const [provider = '', ...pairs] = (id.split(/\/providers\//i)[1] ?? '').toLowerCase().split('/');
  return [provider, ...pairs.filter((_, index) => index % 2 === 0)].join('/');
}

function notFound(id: string): Refusal {
  const [group = '', resource = ''] = id.split(/\/providers\//i);
  return new Refusal(resourceNotFound(resource, group.split('/').at(-1) ?? ''));
}

function metric(
  definition: MetricDefinition,
  id: string,
  span: Span,
  filter: string | null,
  query: URLSearchParams,
): Json {
  const { name, label, description, unit, dimensions } = definition;
  const wanted = (query.get('aggregation') ?? 'average').toLowerCase().split(',');
  const series = filtered(definition.series(id), filter, dimensions)
    .map((one) => ({ ...one, minutes: one.minutes.filter(({ at }) => overlaps(at, span)) }))
    .filter(({ minutes }) => minutes.length > 0);
  return {
    id: `${id}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: label },
    displayDescription: description,
    unit,
    timeseries: series.map((one) => seriesJson(one, wanted)),
    errorCode: 'Success',
  };
}

/** Names of dimensions come back in lower case. */
function seriesJson({ dimensions, minutes }: Series, wanted: readonly string[]): JsonObject {
  return {
    metadatavalues: Object.entries(dimensions).map(([name, value]) => ({
      name: { value: name.toLowerCase(), localizedValue: name.toLowerCase() },
      value,
    })),
    data: minutes.map((minute) => minuteJson(minute, wanted)),
  };
}

function minuteJson({ at, values }: Minute, wanted: readonly string[]): JsonObject {
  const asked = AGGREGATIONS.filter((each) => wanted.includes(each));
  return {
    timeStamp: instant(at),
    ...Object.fromEntries(asked.map((each) => [each, aggregate(values, each)])),
  };
}

/** The minute in which a span begins is part of the answer. */
function overlaps(minute: number, { from, to }: Span): boolean {
  return minute + MINUTE > from && minute < to;
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
  const length = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return { from: now - (length || HOUR), to: now };
}

function resourceIds(body: Json | undefined): readonly string[] {
  if (typeof body !== 'object' || body === null || !('resourceids' in body)) return [];
  const { resourceids } = body;
  return Array.isArray(resourceids) ? resourceids.filter((id) => typeof id === 'string') : [];
}
