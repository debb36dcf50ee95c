import type { World } from '../service.ts';

export interface LagPoint {
  /** Start of the minute, epoch milliseconds. */
  readonly minute: number;
  readonly maximum: number;
  readonly average: number;
}

export interface LagSamples {
  /** Minutes that are over, oldest first. A minute in which nothing could be read is missing. */
  of(databaseId: string): readonly LagPoint[];
}

const EVERY_SECONDS = 15;
const KEPT_MINUTES = 120;
const MINUTE = 60_000;

/** Reads the lag of each database a few times a minute, as Azure Monitor aggregates it. */
export function createLagSamples(
  world: World,
  databases: readonly string[],
  read: (databaseId: string) => number | null,
): LagSamples {
  const readings = new Map<string, { at: number; lag: number }[]>(
    databases.map((id) => [id.toLowerCase(), []]),
  );
  const sample = (): void => {
    const now = world.clock.now();
    for (const [id, kept] of readings) {
      const lag = read(id);
      if (lag !== null) kept.push({ at: now, lag });
      while ((kept[0]?.at ?? now) < now - KEPT_MINUTES * MINUTE) kept.shift();
    }
    world.after(EVERY_SECONDS, sample);
  };
  world.after(EVERY_SECONDS, sample);
  return {
    of: (databaseId) => {
      const present = minuteOf(world.clock.now());
      const minutes = Map.groupBy(readings.get(databaseId.toLowerCase()) ?? [], ({ at }) =>
        minuteOf(at),
      );
      return [...minutes]
        .filter(([minute]) => minute < present)
        .map(([minute, kept]) => {
          const lags = kept.map(({ lag }) => lag);
          const total = lags.reduce((sum, lag) => sum + lag, 0);
          return { minute, maximum: Math.max(...lags), average: total / lags.length };
        });
    },
  };
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE) * MINUTE;
}
