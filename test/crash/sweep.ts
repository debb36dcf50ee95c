import type { CrashBench } from './bench.ts';
import { runThrough } from './run.ts';
import type { Ending } from './run.ts';
import type { Story } from './stories.ts';

export interface Sweep {
  /** Several beside each other: most of a run is waiting. */
  readonly benches: readonly CrashBench[];
  readonly story: Story;
  readonly boundaries: readonly string[];
  readonly deathsPerRun: number;
  /** Throws what is not as it should be. */
  readonly examine: (ending: Ending) => void;
}

export interface Swept {
  readonly runs: number;
  readonly deaths: number;
  readonly differences: readonly Difference[];
  /** Boundaries that were not passed, not even in a run of their own. */
  readonly unmet: readonly string[];
}

export interface Difference {
  readonly boundary: string;
  readonly how: string;
}

/**
 * Kills a host at every one of the boundaries. A run dies at several that lie far apart. One that then ends otherwise is
 * taken apart: what was meant to be one of several deaths becomes the only one, which says which of them is to blame.
 */
export async function sweep(given: Sweep): Promise<Swept> {
  const { benches, boundaries, deathsPerRun } = given;
  const waiting: (readonly string[])[] = groupsOf(boundaries, deathsPerRun);
  const swept = { runs: 0, deaths: 0, differences: [] as Difference[], unmet: [] as string[] };
  const alone = (names: readonly string[]): void => {
    waiting.push(...names.map((name) => [name]));
  };
  const take = async (bench: CrashBench): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      const { how, ending } = await fate(bench, given, group);
      swept.runs += 1;
      swept.deaths += ending?.deaths ?? 0;
      if (group.length > 1) alone(how === null ? (ending?.unmet ?? []) : group);
      else {
        swept.unmet.push(...(ending?.unmet ?? []));
        if (how !== null) swept.differences.push(told({ boundary: group.join(), how }));
      }
    }
  };
  await Promise.all(benches.map(take));
  return swept;
}

/** A sweep is long: what it finds is said at once. */
function told(difference: Difference): Difference {
  console.log(`${difference.boundary}: ${difference.how}`);
  return difference;
}

/** Of a run that was refused before it began, because fast time-outs were missed on a busy machine, another is made. */
const TRIES = 3;

interface Fate {
  readonly how: string | null;
  readonly ending: Ending | null;
}

async function fate(
  bench: CrashBench,
  given: Sweep,
  group: readonly string[],
  left = TRIES,
): Promise<Fate> {
  let ending: Ending | null = null;
  try {
    ending = await runThrough(bench, given.story, group);
    if (ending.state.startsWith('refused') && left > 1)
      return await fate(bench, given, group, left - 1);
    given.examine(ending);
    return { how: null, ending };
  } catch (error) {
    return { how: error instanceof Error ? error.message : String(error), ending };
  }
}

/** Each takes one of each part of the way. */
function groupsOf(boundaries: readonly string[], size: number): string[][] {
  const count = Math.ceil(boundaries.length / size);
  return Array.from({ length: count }, (_, first) =>
    boundaries.filter((_name, index) => index % count === first),
  );
}
