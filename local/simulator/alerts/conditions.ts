import { sameResource } from '../../../src/core/resource-id.ts';
import type { MetricDefinition } from '../metrics/definitions.ts';
import { AVAILABILITY_METRIC } from '../metrics/definitions.ts';
import { aggregate, type Aggregation } from '../metrics/query.ts';
import { MINUTE, minuteOf, type Series } from '../metrics/samples.ts';
import type { MetricCondition } from './common-schema.ts';
import type { MetricRule, StatefulRule, WebTestRule } from './rules.ts';

/** Whether a rule's condition holds now; null when there is no data, which changes nothing. */
export interface Verdict {
  readonly holds: boolean;
  readonly condition: MetricCondition;
}

/** A window ends where all metrics have arrived. */
const INGESTION_MINUTES = 1;

export function judge(
  rule: StatefulRule,
  definitions: readonly MetricDefinition[],
  now: number,
): Verdict | null {
  const to = minuteOf(now) - INGESTION_MINUTES * MINUTE;
  const from = to - rule.windowMinutes * MINUTE;
  return rule.kind === 'metric'
    ? judgeMetric(rule, definitions, from, to)
    : judgeWebTest(rule, definitions, from, to);
}

function judgeMetric(
  rule: MetricRule,
  definitions: readonly MetricDefinition[],
  from: number,
  to: number,
): Verdict | null {
  const definition = definitions.find(
    ({ name, regionOf }) => name === rule.metric && regionOf(rule.resourceId) !== null,
  );
  const wanted = Object.entries(rule.dimensions);
  const values = (definition?.series(rule.resourceId) ?? [])
    .filter(({ dimensions }) => wanted.every(([name, value]) => dimensions[name] === value))
    .flatMap((series) => valuesIn(series, from, to));
  if (definition === undefined || values.length === 0) return null;
  const how = rule.aggregation.toLowerCase() as Aggregation;
  const value = aggregate(values, how);
  return {
    holds: compare(value, rule.operator, rule.threshold),
    condition: {
      conditionType: 'SingleResourceMultipleMetricCriteria',
      windowMinutes: rule.windowMinutes,
      from,
      to,
      criterion: {
        metricName: definition.name,
        metricNamespace: definition.namespace,
        operator: rule.operator,
        threshold: String(rule.threshold),
        timeAggregation: rule.aggregation,
        dimensions: wanted.map(([name, value]) => ({ name, value })),
        metricValue: value,
        webTestName: null,
      },
    },
  };
}

/** A location counts by the newest run of it that has been heard of. */
function judgeWebTest(
  rule: WebTestRule,
  definitions: readonly MetricDefinition[],
  from: number,
  to: number,
): Verdict | null {
  const availability = definitions.find(({ name }) => name === AVAILABILITY_METRIC);
  const newest = (availability?.series(rule.componentId) ?? [])
    .filter(({ dimensions }) => dimensions['availabilityResult/name'] === rule.test)
    .flatMap((series) => valuesIn(series, from, to).slice(-1));
  if (newest.length === 0) return null;
  const failed = newest.filter((value) => value < 100).length;
  return {
    holds: failed >= rule.failedLocations,
    condition: {
      conditionType: 'WebtestLocationAvailabilityCriteria',
      windowMinutes: rule.windowMinutes,
      from,
      to,
      criterion: {
        metricName: 'Failed Location',
        metricNamespace: null,
        operator: 'GreaterThan',
        threshold: String(rule.failedLocations),
        timeAggregation: 'Sum',
        dimensions: [],
        metricValue: failed,
        webTestName: rule.test,
      },
    },
  };
}

function valuesIn({ minutes }: Series, from: number, to: number): readonly number[] {
  return minutes.filter(({ at }) => at >= from && at < to).flatMap(({ values }) => values);
}

function compare(value: number, operator: MetricRule['operator'], threshold: number): boolean {
  if (operator === 'GreaterThan') return value > threshold;
  if (operator === 'GreaterThanOrEqual') return value >= threshold;
  return operator === 'LessThan' ? value < threshold : value <= threshold;
}

export function targetOf(rule: StatefulRule): string {
  return rule.kind === 'metric' ? rule.resourceId : rule.componentId;
}

export function isBelow(scope: string, id: string): boolean {
  return sameResource(scope, id) || id.toLowerCase().startsWith(`${scope.toLowerCase()}/`);
}
