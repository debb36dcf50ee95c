import type { Attributes } from './attributes.ts';
import { instrumentOf } from './instruments.ts';
import type { InstrumentName, LabelsOf, NameOf } from './instruments.ts';

/** What is counted and measured. None of it waits, fails, or grows without bound. */
export interface Meter {
  count<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>): void;
  measure<N extends NameOf<'histogram'>>(name: N, value: number, labels: LabelsOf<N>): void;
  show<N extends NameOf<'gauge'>>(name: N, value: number, labels: LabelsOf<N>): void;
}

/** What one instrument has gathered, series by series. */
export interface Gathered {
  readonly name: InstrumentName;
  readonly points: readonly Point[];
}

export interface Point {
  readonly labels: Attributes;
  /** How often; of a gauge once. */
  count: number;
  /** Of a gauge: its value. */
  sum: number;
  min: number;
  max: number;
  /** Of a histogram: how many values fell into each bucket. */
  readonly buckets: number[];
}

export interface GatheringMeter extends Meter {
  /** What was gathered since the last time, which begins anew. */
  collect(): readonly Gathered[];
  holds(): boolean;
}

/** As the specification has it for one instrument; a fleet of a thousand plans stays below. */
const SERIES = 2000;

/**
 * Gathers what was counted since it was last collected (delta temporality): an instance lives for minutes and its number
 * starts at nothing, so that sums since its birth would have to be told from those of others that look the same.
 */
export function createMeter(): GatheringMeter {
  let series = new Map<InstrumentName, Map<string, Point>>();

  function pointOf(name: InstrumentName, labels: Attributes): Point | null {
    const known = series.get(name) ?? new Map<string, Point>();
    series.set(name, known);
    const key = JSON.stringify(labels);
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= SERIES) return null;
    const { bounds } = instrumentOf(name);
    const buckets = bounds === undefined ? [] : Array.from({ length: bounds.length + 1 }, () => 0);
    const made: Point = { labels, count: 0, sum: 0, min: Infinity, max: -Infinity, buckets };
    known.set(key, made);
    return made;
  }

  return {
    count(name, labels) {
      const point = pointOf(name, labels);
      if (point !== null) point.count += 1;
    },
    measure(name, value, labels) {
      const point = pointOf(name, labels);
      if (point === null) return;
      point.count += 1;
      point.sum += value;
      point.min = Math.min(point.min, value);
      point.max = Math.max(point.max, value);
      const bucket = (instrumentOf(name).bounds ?? []).findIndex((bound) => value <= bound);
      const at = bucket === -1 ? point.buckets.length - 1 : bucket;
      point.buckets[at] = (point.buckets[at] ?? 0) + 1;
    },
    show(name, value, labels) {
      const point = pointOf(name, labels);
      if (point === null) return;
      point.count = 1;
      point.sum = value;
    },
    collect() {
      const gathered = [...series].map(([name, points]) => ({
        name,
        points: [...points.values()],
      }));
      series = new Map();
      return gathered;
    },
    holds: () => series.size > 0,
  };
}
