import { readFile } from 'node:fs/promises';
import type { Attempted } from './simulate/attempt.ts';
import { runAll } from './simulate/crew.ts';
import type { Died } from './simulate/crew.ts';
import { drawSchedule } from './simulate/draw.ts';
import { parseSimulateOptions } from './simulate/options.ts';
import type { SimulateOptions } from './simulate/options.ts';
import { createProgress } from './simulate/progress.ts';
import type { ProgressOptions } from './simulate/progress.ts';
import type { Schedule } from './simulate/schedule.ts';
import { NOTHING_YET, counted } from './simulate/tally.ts';

const INTERRUPTED = 130;

process.exitCode = await simulate(parseSimulateOptions(process.argv.slice(2)));

async function simulate(options: SimulateOptions): Promise<number> {
  const began = performance.now();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let tally = NOTHING_YET;
  const crew = {
    ...options,
    program: new URL('./simulate/worker.js', import.meta.url),
    stop: stop.signal,
  };
  const schedules = await schedulesOf(options, began);
  const progress = createProgress({
    goal: goalOf(options),
    seconds: options.progress,
    now: () => performance.now(),
    // What is asked for is on stdout, and nothing else.
    say: (line) => console.error(line),
  });
  await runAll(schedules, crew, (outcome) => {
    tally = counted(tally, outcome);
    const told = toldOf(outcome);
    if (told !== '') console.log(told);
    progress(tally);
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const { seeds, violations, executions, failing } = tally;
  console.log(
    options.json
      ? JSON.stringify({ seeds, violations, executions, seconds, failing })
      : `${seeds} seeds, ${violations} violations in ${failing.length} of them, ${executions} failovers simulated, ${seconds} s`,
  );
  if (failing.length > 0) return 1;
  return stop.signal.aborted ? INTERRUPTED : 0;
}

function toldOf(outcome: Attempted | Died): string {
  if (!('how' in outcome)) return outcome.told;
  const { seed, schedule, how } = outcome;
  return `\nSeed ${seed}: its process ended ${how}.\n${JSON.stringify(schedule)}`;
}

function goalOf({ schedule, seeds, minutes }: SimulateOptions): ProgressOptions['goal'] {
  if (schedule !== undefined) return { seeds: 1 };
  return minutes === undefined ? { seeds } : { minutes };
}

async function schedulesOf(
  { schedule, seed, seeds, minutes }: SimulateOptions,
  began: number,
): Promise<Iterator<Schedule>> {
  if (schedule !== undefined) {
    // A file that this program printed.
    return [JSON.parse(await readFile(schedule, 'utf8')) as Schedule].values();
  }
  const isOver = (count: number): boolean =>
    minutes === undefined ? count >= seeds : performance.now() - began > minutes * 60_000;
  return drawn(seed, isOver);
}

function* drawn(first: number, isOver: (count: number) => boolean): Generator<Schedule> {
  for (let count = 0; !isOver(count); count += 1) yield drawSchedule(first + count);
}
