import { instant } from '../../src/core/clock.ts';
import type { Instant } from '../../src/core/clock.ts';
import { judge } from './properties/index.ts';
import type { Broken } from './properties/index.ts';
import { runSchedule } from './run.ts';
import type { Run, RunParts } from './run.ts';
import type { Schedule } from './schedule.ts';
import { shrink } from './shrink.ts';
import { timeline } from './timeline.ts';

/** What came of one schedule: data, so that it can be told from one process to another. */
export interface Attempted {
  readonly seed: number;
  readonly executions: number;
  /** What people are to read of it; empty when nothing. */
  readonly told: string;
  readonly failing: Failing | null;
}

export interface Failing {
  readonly seed: number;
  /** By the schedule as it was drawn, whatever was left out of it since. */
  readonly broken: readonly {
    readonly property: string;
    readonly at: Instant;
    readonly sentence: string;
  }[];
  /** The smallest that still breaks all the same promises, when it was looked for. */
  readonly schedule: Schedule;
}

export interface AttemptOptions {
  /** Tells the timeline whatever comes of it. */
  readonly verbose: boolean;
  /** Looks for what is to blame. */
  readonly shrink: boolean;
}

/** Shrinking may take long: what has broken a promise is `found` first, as it was drawn. */
export async function attempt(
  schedule: Schedule,
  parts: RunParts,
  options: AttemptOptions,
  found: (asDrawn: Attempted) => void,
): Promise<Attempted> {
  const { seed } = schedule;
  const drawn = await judged(schedule, parts);
  const executions = drawn.run.told.length;
  if (drawn.broken.length === 0) {
    const told = options.verbose ? timeline(drawn.run, []) : '';
    return { seed, executions, told, failing: null };
  }
  const names = namesOf(drawn);
  const broken = drawn.broken.map((one) => ({ ...one, at: instant(Math.round(one.at)) }));
  const attempted = (shown: Judged, told: readonly string[]): Attempted => {
    const failing = { seed, broken, schedule: shown.run.schedule };
    return { seed, executions, told: [...told, ...linesOf(shown)].join('\n'), failing };
  };
  const title = `\nSeed ${seed} breaks ${names.join(', ')}`;
  const asDrawn = attempted(drawn, [title]);
  found(asDrawn);
  if (!options.shrink) return asDrawn;
  const smallest = await shrink(schedule, names, async (smaller) =>
    namesOf(await judged(smaller, parts)),
  );
  if (smallest === schedule) return asDrawn;
  const seen = options.verbose ? [timeline(drawn.run, drawn.broken)] : [];
  return attempted(await judged(smallest, parts), [...seen, title]);
}

interface Judged {
  readonly run: Run;
  readonly broken: readonly Broken[];
}

async function judged(schedule: Schedule, parts: RunParts): Promise<Judged> {
  const run = await runSchedule(schedule, parts);
  return { run, broken: judge(run) };
}

function linesOf({ run, broken }: Judged): readonly string[] {
  return [
    timeline(run, broken),
    ...broken.map(({ property, sentence }) => `${property}: ${sentence}`),
    JSON.stringify(run.schedule),
  ];
}

function namesOf({ broken }: Judged): readonly string[] {
  return [...new Set(broken.map(({ property }) => property))];
}
