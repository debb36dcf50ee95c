import type { Columns, Row, Value } from '../../local/simulator/logs/kql-expression.ts';
import type { Table } from '../../local/simulator/logs/kql.ts';
import type { LogEntry } from '../../src/core/log.ts';
import type { Collected, Labels, SentSpan } from './otlp.ts';
import { timeOf } from './otlp.ts';

export interface DatedEntry extends LogEntry {
  readonly at: number;
}

/**
 * A workspace of Log Analytics as it should look after what the app has logged and sent. Of what it prints the host makes
 * `AppTraces`; the rest is what the Collector's azuremonitor exporter makes of spans and metrics
 * (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/azuremonitorexporter), in the
 * columns of https://learn.microsoft.com/azure/azure-monitor/reference/tables/appmetrics. Read, not seen.
 */
export function workspaceOf(
  log: readonly DatedEntry[],
  heard: Pick<Collected, 'points' | 'traces'>,
): ReadonlyMap<string, Table> {
  return new Map([
    ['AppTraces', { columns: TRACES, rows: log.map(traceRow) }],
    ['AppRequests', { columns: REQUESTS, rows: heard.points.flatMap(requestRows) }],
    ['AppMetrics', { columns: METRICS, rows: heard.points.map(metricRow) }],
    ['AppDependencies', { columns: DEPENDENCIES, rows: heard.traces.flat().map(dependencyRow) }],
  ]);
}

const TRACES: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Message', 'string'],
  ['SeverityLevel', 'long'],
]);
const REQUESTS: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['Success', 'bool'],
  ['DurationMs', 'real'],
]);
const METRICS: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['Sum', 'real'],
  ['Max', 'real'],
  ['ItemCount', 'long'],
  ['Properties', 'dynamic'],
]);
const DEPENDENCIES: Columns = new Map([
  ['TimeGenerated', 'datetime'],
  ['Name', 'string'],
  ['DurationMs', 'real'],
  ['Properties', 'dynamic'],
  ['Measurements', 'dynamic'],
]);

const LEVELS = { info: 1, warning: 2, error: 3 } as const;

/** As production's platform prints it. */
function traceRow({ at, level, message, data }: DatedEntry): Row {
  return {
    TimeGenerated: at,
    Message: JSON.stringify({ message, ...data }),
    SeverityLevel: LEVELS[level],
  };
}

/** The host's own; of the watch it is known when it ran. */
function requestRows({ metric, at, sum }: Collected['points'][number]): readonly Row[] {
  if (metric !== 'switchover.watch.tick.duration') return [];
  const DurationMs = (sum ?? 0) * 1000;
  return [{ TimeGenerated: Date.parse(at), Name: 'watch', Success: true, DurationMs }];
}

function metricRow({ metric, at, labels, value, sum, max }: Collected['points'][number]): Row {
  return {
    TimeGenerated: Date.parse(at),
    Name: metric,
    // Of a histogram its sum and how many values; of all others the value itself, once.
    Sum: sum ?? value,
    Max: max ?? value,
    ItemCount: sum === undefined ? 1 : value,
    Properties: bag(labels, () => true),
  };
}

function dependencyRow(span: SentSpan): Row {
  const [from, to] = [timeOf(span.startTimeUnixNano), timeOf(span.endTimeUnixNano)].map(Date.parse);
  return {
    TimeGenerated: from ?? null,
    Name: span.name,
    DurationMs: (to ?? 0) - (from ?? 0),
    Properties: bag(span.labels, (value) => typeof value !== 'number'),
    Measurements: bag(span.labels, (value) => typeof value === 'number'),
  };
}

function bag(labels: Labels, fits: (value: Labels[string]) => boolean): Value {
  const kept = Object.entries(labels).filter(([, value]) => fits(value));
  return JSON.stringify(
    Object.fromEntries(
      kept.map(([key, value]) => [key, typeof value === 'number' ? value : String(value)]),
    ),
  );
}
