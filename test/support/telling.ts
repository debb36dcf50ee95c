import type { LogRecord } from '../../src/telemetry/log-record.ts';
import type { Telemetry } from '../../src/telemetry/sender.ts';
import type { Span } from '../../src/telemetry/spans.ts';

/** Telemetry that is only kept: what was told, as `name value labels`. */
export function kept(): Telemetry & {
  readonly metrics: unknown[];
  readonly records: LogRecord[];
  readonly traces: (readonly Span[])[];
} {
  const metrics: unknown[] = [];
  const records: LogRecord[] = [];
  const traces: (readonly Span[])[] = [];
  return {
    ...{ metrics, records, traces },
    count: (name, labels) => void metrics.push([name, 1, ...Object.values(labels)]),
    measure: (name, value, labels) => void metrics.push([name, value, ...Object.values(labels)]),
    show: (name, value, labels) => void metrics.push([name, value, ...Object.values(labels)]),
    tell: (record) => void records.push(record),
    trace: (spans) => void traces.push(spans),
  };
}
