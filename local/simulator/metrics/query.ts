import { errorResponse, Refusal } from '../errors.ts';
import type { Minute, Series } from './samples.ts';

export const AGGREGATIONS = ['average', 'minimum', 'maximum', 'total', 'count'] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export function aggregate(values: readonly number[], how: Aggregation): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (how === 'total') return total;
  if (how === 'count') return values.length;
  if (how === 'average') return total / values.length;
  return how === 'minimum' ? Math.min(...values) : Math.max(...values);
}

/**
 * The series that a filter leaves, as Azure Monitor forms them: dimensions that it does not name, or names with one
 * value, are folded into one series; `eq '*'` splits. Only `Dimension eq 'value'`, joined by `and`, is known here.
 */
export function filtered(
  series: readonly Series[],
  filter: string | null,
  dimensions: readonly string[],
): readonly Series[] {
  const wanted = parseFilter(filter, dimensions);
  const left = series.filter((one) =>
    wanted.every(({ name, value }) => value === '*' || one.dimensions[name] === value),
  );
  const named = wanted.map(({ name }) => name);
  const shown = (one: Series): Record<string, string> =>
    Object.fromEntries(named.map((name) => [name, one.dimensions[name] ?? '']));
  const groups = Map.groupBy(left, (one) => JSON.stringify(shown(one)));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ dimensions: shown(first), minutes: folded(group) }];
  });
}

function folded(group: readonly Series[]): readonly Minute[] {
  const minutes = Map.groupBy(
    group.flatMap((one) => one.minutes),
    ({ at }) => at,
  );
  return [...minutes]
    .map(([at, parts]) => ({ at, values: parts.flatMap(({ values }) => values) }))
    .toSorted((left, right) => left.at - right.at);
}

interface Condition {
  readonly name: string;
  readonly value: string;
}

function parseFilter(filter: string | null, dimensions: readonly string[]): readonly Condition[] {
  if (filter === null || filter.trim() === '') return [];
  return filter.split(/\s+and\s+/i).map((part) => {
    const [, given = '', value = ''] = /^\s*(\S+)\s+eq\s+'([^']*)'\s*$/i.exec(part) ?? [];
    const name = dimensions.find((one) => one.toLowerCase() === given.toLowerCase());
    if (name !== undefined) return { name, value };
    throw new Refusal(
      errorResponse(
        400,
        'BadRequest',
        `The filter '${part}' is not known here. It has the form "Dimension eq 'value'"; dimensions are: ${dimensions.join(', ') || 'none'}.`,
      ),
    );
  });
}
