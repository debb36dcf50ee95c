import type { Instant } from '../core/clock.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { instrumentOf } from './instruments.ts';
import type { LogRecord } from './log-record.ts';
import type { Gathered, Point } from './meter.ts';
import type { Span } from './spans.ts';

/*
 * Messages as the OpenTelemetry protocol has them over HTTP in JSON: ids in hexadecimal, whole numbers of 64 bits as text.
 * Written by hand, because it is three messages: the SDK, its exporters and their instrumentation would weigh more than
 * the app. Numbers of enumerations are those of https://github.com/open-telemetry/opentelemetry-proto.
 */
const KINDS = { internal: 1, client: 3 } as const;
const STATUS_ERROR = 2;
const DELTA = 1;
const SEVERITIES = { info: 9, warning: 13, error: 17 } as const;

/** Whose it is: attributes of the resource, of OpenTelemetry's names. */
export type Resource = Readonly<Record<string, string>>;

export function otlpTraces(resource: Resource, spans: readonly Span[]): string {
  const scopeSpans = [{ scope: scopeOf(resource), spans: spans.map(otlpSpan) }];
  return JSON.stringify({ resourceSpans: [{ resource: otlpResource(resource), scopeSpans }] });
}

export function otlpLogs(resource: Resource, records: readonly LogRecord[]): string {
  const scopeLogs = [{ scope: scopeOf(resource), logRecords: records.map(otlpLogRecord) }];
  return JSON.stringify({ resourceLogs: [{ resource: otlpResource(resource), scopeLogs }] });
}

/** What was gathered from one moment to the other. */
export function otlpMetrics(
  resource: Resource,
  gathered: readonly Gathered[],
  [from, to]: readonly [Instant, Instant],
): string {
  const times = { startTimeUnixNano: nanoseconds(from), timeUnixNano: nanoseconds(to) };
  const metrics = gathered.map((one) => otlpMetric(one, times));
  const scopeMetrics = [{ scope: scopeOf(resource), metrics }];
  return JSON.stringify({ resourceMetrics: [{ resource: otlpResource(resource), scopeMetrics }] });
}

function otlpResource(resource: Resource): object {
  return { attributes: keyValues(resource) };
}

function scopeOf(resource: Resource): object {
  return { name: 'switchover', version: resource['service.version'] };
}

function otlpSpan(span: Span): object {
  const { traceId, spanId, parentSpanId, name, failure } = span;
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name,
    kind: KINDS[span.kind],
    startTimeUnixNano: nanoseconds(span.from),
    endTimeUnixNano: nanoseconds(span.to),
    attributes: keyValues(span.attributes),
    ...(failure === undefined ? {} : { status: { code: STATUS_ERROR, message: failure } }),
  };
}

function otlpLogRecord({ event, at, severity, sentence, attributes, span }: LogRecord): object {
  return {
    timeUnixNano: nanoseconds(at),
    observedTimeUnixNano: nanoseconds(at),
    severityNumber: SEVERITIES[severity],
    severityText: severity,
    eventName: event,
    body: { stringValue: sentence },
    attributes: keyValues(attributes),
    ...span,
  };
}

interface Times {
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
}

function otlpMetric({ name, points }: Gathered, times: Times): object {
  const { is, unit, says, bounds = [] } = instrumentOf(name);
  const told = (values: (point: Point) => object): object[] =>
    points.map((point) => ({ attributes: keyValues(point.labels), ...times, ...values(point) }));
  const described = { name, unit, description: says };
  if (is === 'gauge') {
    return { ...described, gauge: { dataPoints: told(({ sum }) => ({ asDouble: sum })) } };
  }
  if (is === 'counter') {
    const dataPoints = told(({ count }) => ({ asInt: String(count) }));
    return { ...described, sum: { aggregationTemporality: DELTA, isMonotonic: true, dataPoints } };
  }
  const dataPoints = told(({ count, sum, min, max, buckets }) => ({
    ...{ count: String(count), sum, min, max },
    bucketCounts: buckets.map(String),
    explicitBounds: bounds,
  }));
  return { ...described, histogram: { aggregationTemporality: DELTA, dataPoints } };
}

function nanoseconds(at: Instant): string {
  return `${Date.parse(at)}000000`;
}

function keyValues(attributes: Attributes | Resource): object[] {
  return Object.entries<AttributeValue>(attributes).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: valueOf(key, value) }],
  );
}

/** Seconds are measured: backends would keep whole ones, sent as integers, in a column of their own. */
function valueOf(key: string, value: Parameters<typeof anyValue>[0]): object {
  return typeof value === 'number' && key.endsWith('_seconds')
    ? { doubleValue: value }
    : anyValue(value);
}

function anyValue(value: string | number | boolean | readonly string[]): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'object') return { arrayValue: { values: value.map(anyValue) } };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
