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
  readonly broken: readonly Broken[];
  /** The smallest that still breaks a promise, when it was looked for. */
  readonly schedule: Schedule;
}

export interface AttemptOptions {
  /** Tells the timeline whatever comes of it. */
  readonly verbose: boolean;
  /** Looks for what is to blame. */
  readonly shrink: boolean;
}

export async function attempt(
  schedule: Schedule,
  parts: RunParts,
  options: AttemptOptions,
): Promise<Attempted> {
  const { seed } = schedule;
  const { run, broken } = await judged(schedule, parts);
  const seen = options.verbose ? [timeline(run, broken)] : [];
  const executions = run.told.length;
  if (broken.length === 0) return { seed, executions, told: seen.join('\n'), failing: null };
  const smallest = options.shrink ? await smallestOf(schedule, parts, broken) : schedule;
  const again = await judged(smallest, parts);
  const told = [
    ...seen,
    `\nSeed ${seed} breaks ${namesOf(broken).join(', ')}`,
    timeline(again.run, again.broken),
    ...again.broken.map(({ property, sentence }) => `${property}: ${sentence}`),
    JSON.stringify(smallest),
  ];
  const failing = { seed, broken: again.broken, schedule: smallest };
  return { seed, executions, told: told.join('\n'), failing };
}

async function judged(
  schedule: Schedule,
  parts: RunParts,
): Promise<{ readonly run: Run; readonly broken: readonly Broken[] }> {
  const run = await runSchedule(schedule, parts);
  return { run, broken: judge(run) };
}

function namesOf(broken: readonly Broken[]): readonly string[] {
  return [...new Set(broken.map(({ property }) => property))];
}

function smallestOf(
  schedule: Schedule,
  parts: RunParts,
  broken: readonly Broken[],
): Promise<Schedule> {
  const properties = new Set(namesOf(broken));
  return shrink(schedule, async (smaller) => {
    const again = await judged(smaller, parts);
    return again.broken.some(({ property }) => properties.has(property));
  });
}
