import type { Attributes, Span } from './spans.ts';

/** OpenTelemetry's numbers: https://github.com/open-telemetry/opentelemetry-proto, trace.proto. */
const KINDS = { internal: 1, client: 3 } as const;
const STATUS_ERROR = 2;

/**
 * Spans as the OpenTelemetry protocol has them over HTTP in JSON: ids in hexadecimal, whole numbers of 64 bits as text.
 * Written by hand, because it is one message: the SDK, its exporters and their instrumentation would weigh more than the app.
 */
export function otlpTraces(spans: readonly Span[], version: string): string {
  const resource = { 'service.name': 'switchover', 'service.version': version };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: keyValues(resource) },
        scopeSpans: [{ scope: { name: 'switchover', version }, spans: spans.map(otlpSpan) }],
      },
    ],
  });
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

function nanoseconds(at: string): string {
  return `${Date.parse(at)}000000`;
}

function keyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
