import { readFile } from 'node:fs/promises';
import type { Failing } from './simulate/attempt.ts';
import { runAll } from './simulate/crew.ts';
import { drawSchedule } from './simulate/draw.ts';
import { parseSimulateOptions } from './simulate/options.ts';
import type { SimulateOptions } from './simulate/options.ts';
import type { Schedule } from './simulate/schedule.ts';

const INTERRUPTED = 130;

process.exitCode = await simulate(parseSimulateOptions(process.argv.slice(2)));

async function simulate(options: SimulateOptions): Promise<number> {
  const began = performance.now();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const failing: (Failing | Lost)[] = [];
  let executions = 0;
  let seeds = 0;
  const crew = {
    ...options,
    program: new URL('./simulate/worker.js', import.meta.url),
    stop: stop.signal,
  };
  const schedules = await schedulesOf(options, began);
  await runAll(schedules, crew, (outcome) => {
    seeds += 1;
    if ('how' in outcome) {
      const { seed, schedule, how } = outcome;
      console.log(`\nSeed ${seed}: its process ended ${how}.\n${JSON.stringify(schedule)}`);
      failing.push({ seed, schedule, broken: [], died: how });
      return;
    }
    executions += outcome.executions;
    if (outcome.told !== '') console.log(outcome.told);
    if (outcome.failing !== null) failing.push(outcome.failing);
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  // A process that died has kept no promise.
  const violations = failing.reduce((sum, { broken }) => sum + Math.max(1, broken.length), 0);
  console.log(
    options.json
      ? JSON.stringify({ seeds, violations, executions, seconds, failing })
      : `${seeds} seeds, ${violations} violations in ${failing.length} of them, ${executions} failovers simulated, ${seconds} s`,
  );
  if (failing.length > 0) return 1;
  return stop.signal.aborted ? INTERRUPTED : 0;
}

/** A seed whose process ended before it answered. */
interface Lost extends Failing {
  readonly died: string;
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
