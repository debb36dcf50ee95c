import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { drawSchedule } from './simulate/draw.ts';
import { judge } from './simulate/properties/index.ts';
import type { Broken } from './simulate/properties/index.ts';
import { runSchedule, warmUp } from './simulate/run.ts';
import type { Run, RunParts } from './simulate/run.ts';
import type { Schedule } from './simulate/schedule.ts';
import { shrink } from './simulate/shrink.ts';
import { timeline } from './simulate/timeline.ts';

interface Options {
  readonly seeds: number;
  readonly seed: number;
  readonly minutes?: number;
  readonly json: boolean;
  readonly schedule?: string;
  readonly verbose: boolean;
  readonly shrink: boolean;
}

const parts: RunParts = {
  bundle: new URL('./app.js', import.meta.url),
  readPlan: (file) => readFile(join('plans', file), 'utf8'),
};

const program = new Command('npm run simulate --')
  .description(
    'Runs failovers against faults, outages and crashes in virtual time, and holds them to every promise.',
  )
  .option('--seeds <count>', 'how many seeds', Number, 20)
  .option('--seed <seed>', 'the first seed', Number, 1)
  .option('--minutes <minutes>', 'goes on drawing seeds for so many minutes', Number)
  .option('--schedule <file>', 'runs the schedule in this file and nothing else')
  .option('--verbose', 'prints the timeline of every run', false)
  .option('--no-shrink', 'leaves a failing schedule as it was drawn')
  .option('--json', 'one JSON object as the last line', false)
  .parse();
process.exitCode = await simulate(program.opts<Options>());

async function simulate(options: Options): Promise<number> {
  const began = performance.now();
  const failing: { seed: number; broken: readonly Broken[]; schedule: Schedule }[] = [];
  await warmUp(parts);
  let executions = 0;
  let seeds = 0;
  for await (const schedule of schedules(options, began)) {
    seeds += 1;
    const { run, broken } = await attempt(schedule);
    executions += run.told.length;
    if (options.verbose) console.log(timeline(run, broken));
    if (broken.length === 0) continue;
    console.log(`\nSeed ${schedule.seed} breaks ${names(broken)}`);
    const smallest = options.shrink ? await smallestOf(schedule, broken) : schedule;
    const again = await attempt(smallest);
    console.log(timeline(again.run, again.broken));
    for (const { property, sentence } of again.broken) console.log(`${property}: ${sentence}`);
    console.log(JSON.stringify(smallest));
    failing.push({ seed: schedule.seed, broken: again.broken, schedule: smallest });
  }
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const violations = failing.reduce((sum, { broken }) => sum + broken.length, 0);
  console.log(
    options.json
      ? JSON.stringify({ seeds, violations, executions, seconds, failing })
      : `${seeds} seeds, ${violations} violations in ${failing.length} of them, ${executions} failovers simulated, ${seconds} s`,
  );
  return failing.length === 0 ? 0 : 1;
}

async function* schedules(options: Options, began: number): AsyncGenerator<Schedule> {
  if (options.schedule !== undefined) {
    // A file that this program printed.
    yield JSON.parse(await readFile(options.schedule, 'utf8')) as Schedule;
    return;
  }
  const { minutes } = options;
  const isOver = (count: number): boolean =>
    minutes === undefined ? count >= options.seeds : performance.now() - began > minutes * 60_000;
  for (let count = 0; !isOver(count); count += 1) yield drawSchedule(options.seed + count);
}

async function attempt(schedule: Schedule): Promise<{ run: Run; broken: readonly Broken[] }> {
  const run = await runSchedule(schedule, parts);
  return { run, broken: judge(run) };
}

function names(broken: readonly Broken[]): string {
  return [...new Set(broken.map(({ property }) => property))].join(', ');
}

function smallestOf(schedule: Schedule, broken: readonly Broken[]): Promise<Schedule> {
  const properties = new Set(broken.map(({ property }) => property));
  return shrink(schedule, async (smaller) => {
    const again = await attempt(smaller);
    return again.broken.some(({ property }) => properties.has(property));
  });
}
