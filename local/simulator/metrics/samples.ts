import { canonicalId } from '../../../src/core/resource-id.ts';
import type { World } from '../service.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** What was measured within one minute. */
export interface Minute {
  /** Its start, epoch milliseconds. */
  readonly at: number;
  readonly values: readonly number[];
}

export interface Series {
  readonly dimensions: Dimensions;
  /** Minutes that are over, oldest first. A minute in which nothing could be read is missing. */
  readonly minutes: readonly Minute[];
}

export interface Samples {
  record(resourceId: string, dimensions: Dimensions, value: number): void;
  of(resourceId: string): readonly Series[];
}

const KEPT_MINUTES = 120;
export const MINUTE = 60_000;

interface Kept {
  readonly dimensions: Dimensions;
  readonly readings: { readonly at: number; readonly value: number }[];
}

/** Values as Azure Monitor keeps them: by resource, dimensions and minute. A minute shows `lateSeconds` after its end. */
export function createSamples(world: World, lateSeconds: number): Samples {
  const resources = new Map<string, Map<string, Kept>>();
  return {
    record: (resourceId, dimensions, value) => {
      const id = canonicalId(resourceId);
      const series = resources.get(id) ?? new Map<string, Kept>();
      resources.set(id, series);
      const key = JSON.stringify(dimensions);
      const kept = series.get(key) ?? { dimensions, readings: [] };
      series.set(key, kept);
      const at = world.clock.now();
      kept.readings.push({ at, value });
      while ((kept.readings[0]?.at ?? at) < at - KEPT_MINUTES * MINUTE) kept.readings.shift();
    },
    of: (resourceId) => {
      const before = minuteOf(world.clock.now() - (lateSeconds * 1000) / world.speed);
      return [...(resources.get(canonicalId(resourceId))?.values() ?? [])].map(
        ({ dimensions, readings }) => ({
          dimensions,
          minutes: [...Map.groupBy(readings, ({ at }) => minuteOf(at))]
            .filter(([at]) => at < before)
            .map(([at, found]) => ({ at, values: found.map(({ value }) => value) })),
        }),
      );
    },
  };
}

/** Measures a few times a minute. */
export function everyQuarterMinute(world: World, measure: () => void): void {
  const turn = (): void => {
    measure();
    world.after(15, turn);
  };
  world.after(15, turn);
}

export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE;
}
