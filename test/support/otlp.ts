import { z } from 'zod';
import type { Receiver } from '../../local/stack/receivers.ts';

/** What OTLP/HTTP says in JSON (https://github.com/open-telemetry/opentelemetry-proto), and nothing that it does not. */
const nanos = z.string().regex(/^\d{19}$/);
const whole = z.string().regex(/^-?\d+$/);
const id = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const scalar = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ intValue: whole }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ boolValue: z.boolean() }),
]);
const value = z.union([
  scalar,
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(scalar) }) }),
]);
const attribute = z
  .strictObject({ key: z.string().min(1), value })
  // Of one type, whole or not: backends make a column of each.
  .refine((one) => !one.key.endsWith('_seconds') || 'doubleValue' in one.value);
const attributes = z.array(attribute);
const resource = z.strictObject({ attributes });
const scope = z.strictObject({ name: z.string(), version: z.string() });

const span = z.strictObject({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: id(8).optional(),
  name: z.string().min(1),
  kind: z.int().min(1).max(5),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  status: z.strictObject({ code: z.literal(2), message: z.string() }).optional(),
});

const point = z.strictObject({ attributes, startTimeUnixNano: nanos, timeUnixNano: nanos });
const DELTA = z.literal(1);
const described = z.strictObject({
  name: z.string(),
  unit: z.string(),
  description: z.string().min(1),
});
const metric = z.union([
  described.extend({
    sum: z.strictObject({
      aggregationTemporality: DELTA,
      isMonotonic: z.literal(true),
      dataPoints: z.array(point.extend({ asInt: whole })).min(1),
    }),
  }),
  described.extend({
    gauge: z.strictObject({ dataPoints: z.array(point.extend({ asDouble: z.number() })).min(1) }),
  }),
  described.extend({
    histogram: z.strictObject({
      aggregationTemporality: DELTA,
      dataPoints: z
        .array(
          point
            .extend({
              count: whole,
              sum: z.number(),
              min: z.number(),
              max: z.number(),
              bucketCounts: z.array(whole),
              explicitBounds: z.array(z.number()),
            })
            .refine(isWholeHistogram, 'buckets and bounds do not fit'),
        )
        .min(1),
    }),
  }),
]);

function isWholeHistogram(of: {
  readonly count: string;
  readonly bucketCounts: readonly string[];
  readonly explicitBounds: readonly number[];
}): boolean {
  const counted = of.bucketCounts.reduce((sum, count) => sum + Number(count), 0);
  const sorted = of.explicitBounds.every(
    (bound, index, all) => index === 0 || all[index - 1]! < bound,
  );
  return (
    counted === Number(of.count) &&
    sorted &&
    of.bucketCounts.length === of.explicitBounds.length + 1
  );
}

const logRecord = z.strictObject({
  timeUnixNano: nanos,
  observedTimeUnixNano: nanos,
  severityNumber: z.int().min(1).max(24),
  severityText: z.string(),
  eventName: z.string(),
  body: z.strictObject({ stringValue: z.string() }),
  attributes,
  traceId: id(16).optional(),
  spanId: id(8).optional(),
});

const message = z.union([
  z.strictObject({
    resourceSpans: z.tuple([
      z.strictObject({
        resource,
        scopeSpans: z.tuple([z.strictObject({ scope, spans: z.array(span).min(1) })]),
      }),
    ]),
  }),
  z.strictObject({
    resourceMetrics: z.tuple([
      z.strictObject({
        resource,
        scopeMetrics: z.tuple([z.strictObject({ scope, metrics: z.array(metric).min(1) })]),
      }),
    ]),
  }),
  z.strictObject({
    resourceLogs: z.tuple([
      z.strictObject({
        resource,
        scopeLogs: z.tuple([z.strictObject({ scope, logRecords: z.array(logRecord).min(1) })]),
      }),
    ]),
  }),
]);

export type Labels = Readonly<Record<string, string | number | boolean | readonly string[]>>;
type Wire = z.infer<typeof attributes>;

export interface SentPoint {
  readonly metric: string;
  readonly at: string;
  readonly from: string;
  readonly labels: Labels;
  /** Of a counter or histogram how often, of a gauge its value. */
  readonly value: number;
  /** Of a histogram. */
  readonly sum?: number;
  readonly max?: number;
}

export interface SentRecord {
  readonly event: string;
  readonly at: string;
  readonly severity: string;
  readonly sentence: string;
  readonly labels: Labels;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

export type SentSpan = z.infer<typeof span> & { readonly labels: Labels };

/** A collector that keeps what it hears in memory, and refuses to know what is no OTLP. */
export interface Collected {
  readonly receivers: { readonly COLLECTOR: Receiver };
  readonly bodies: string[];
  readonly traces: (readonly SentSpan[])[];
  readonly points: SentPoint[];
  readonly records: SentRecord[];
  readonly resources: Labels[];
}

export const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.receivers.internal' };

export function collector(answer: Receiver = () => 200): Collected {
  const heard: Omit<Collected, 'receivers'> = {
    bodies: [],
    traces: [],
    points: [],
    records: [],
    resources: [],
  };
  const hear: Receiver = (body, attempt) => {
    heard.bodies.push(body);
    keep(heard, body);
    return answer(body, attempt);
  };
  return { ...heard, receivers: { COLLECTOR: hear } };
}

export function keep(heard: Omit<Collected, 'receivers'>, body: string): void {
  const said = message.parse(JSON.parse(body));
  if ('resourceSpans' in said) {
    const [{ resource, scopeSpans }] = said.resourceSpans;
    heard.resources.push(labelsOf(resource.attributes));
    heard.traces.push(
      scopeSpans[0].spans.map((one) => ({ ...one, labels: labelsOf(one.attributes) })),
    );
  } else if ('resourceMetrics' in said) {
    const [{ resource, scopeMetrics }] = said.resourceMetrics;
    heard.resources.push(labelsOf(resource.attributes));
    heard.points.push(...scopeMetrics[0].metrics.flatMap(pointsOf));
  } else {
    const [{ resource, scopeLogs }] = said.resourceLogs;
    heard.resources.push(labelsOf(resource.attributes));
    heard.records.push(...scopeLogs[0].logRecords.map(recordOf));
  }
}

function pointsOf(sent: z.infer<typeof metric>): readonly SentPoint[] {
  const of = ({ attributes, startTimeUnixNano, timeUnixNano }: z.infer<typeof point>) => ({
    metric: sent.name,
    from: timeOf(startTimeUnixNano),
    at: timeOf(timeUnixNano),
    labels: labelsOf(attributes),
  });
  if ('sum' in sent) {
    return sent.sum.dataPoints.map((one) => ({ ...of(one), value: Number(one.asInt) }));
  }
  if ('gauge' in sent) {
    return sent.gauge.dataPoints.map((one) => ({ ...of(one), value: one.asDouble }));
  }
  return sent.histogram.dataPoints.map((one) => ({
    ...{ ...of(one), value: Number(one.count), sum: one.sum, max: one.max },
  }));
}

function recordOf(sent: z.infer<typeof logRecord>): SentRecord {
  return {
    event: sent.eventName,
    at: timeOf(sent.timeUnixNano),
    severity: sent.severityText,
    sentence: sent.body.stringValue,
    labels: labelsOf(sent.attributes),
    traceId: sent.traceId,
    spanId: sent.spanId,
  };
}

function labelsOf(sent: Wire): Labels {
  return Object.fromEntries(
    sent.map(({ key, value: given }) => [
      key,
      'arrayValue' in given
        ? given.arrayValue.values.map((one) => String(plain(one)))
        : plain(given),
    ]),
  );
}

function plain(given: z.infer<typeof scalar>): string | number | boolean {
  if ('stringValue' in given) return given.stringValue;
  if ('boolValue' in given) return given.boolValue;
  return 'intValue' in given ? Number(given.intValue) : given.doubleValue;
}

export const timeOf = (nanoseconds: string): string =>
  new Date(Number(BigInt(nanoseconds) / 1_000_000n)).toISOString();

/** Points of one metric with these labels, added up over time. */
export function total(
  { points }: Pick<Collected, 'points'>,
  metric: string,
  labels: Labels = {},
): { readonly value: number; readonly sum: number } {
  const found = points.filter(
    (one) =>
      one.metric === metric &&
      Object.entries(labels).every(([key, wanted]) => one.labels[key] === wanted),
  );
  return {
    value: found.reduce((all, one) => all + one.value, 0),
    sum: Math.round(found.reduce((all, one) => all + (one.sum ?? 0), 0) * 1000) / 1000,
  };
}
