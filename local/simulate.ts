import type { Attempted } from './simulate/attempt.ts';
import { runAll } from './simulate/crew.ts';
import { drawSchedule } from './simulate/draw.ts';
import { parseSimulateOptions } from './simulate/options.ts';
import type { SimulateOptions } from './simulate/options.ts';
import { createProgress } from './simulate/progress.ts';
import type { ProgressOptions } from './simulate/progress.ts';
import { ScheduleRefused, readSchedule } from './simulate/schedule-file.ts';
import type { Schedule } from './simulate/schedule.ts';
import { NOTHING_YET, counted } from './simulate/tally.ts';
import type { Tally } from './simulate/tally.ts';
import type { Died } from './simulate/worker-process.ts';

const VIOLATED = 1;
const NOT_UNDERSTOOD = 2;
const INTERRUPTED = 130;
/** What a shell says of a program that wrote to somebody who had stopped reading, such as `head`. */
const BROKEN_PIPE = 141;

const LOOK_EVERY_MS = 1_000;

process.exitCode = await simulate(parseSimulateOptions(process.argv.slice(2)));

async function simulate(options: SimulateOptions): Promise<number> {
  const began = performance.now();
  const stop = stopAtSignals();
  const schedules = await schedulesOf(options, began);
  if (typeof schedules === 'string') {
    console.error(schedules);
    return NOT_UNDERSTOOD;
  }
  const crew = {
    ...options,
    program: new URL('./simulate/worker.js', import.meta.url),
    limitMinutes: options.limit,
    stop,
  };
  // What is asked for is on stdout, and nothing else.
  const say = (line: string): void => console.error(line);
  const now = (): number => performance.now();
  const progress = createProgress({ goal: goalOf(options), seconds: options.progress, now, say });
  const looking = setInterval(progress.look, LOOK_EVERY_MS);
  let tally = NOTHING_YET;
  await runAll(schedules, crew, {
    began: progress.began,
    found: (outcome) => say(titleOf(outcome)),
    ended(outcome) {
      tally = counted(tally, outcome);
      progress.ended(outcome.seed, tally);
    },
    tell(outcome) {
      const told = toldOf(outcome);
      if (told !== '') console.log(told);
    },
  });
  clearInterval(looking);
  console.log(summaryOf(tally, Math.round((now() - began) / 100) / 10, options));
  if (tally.failing.length > 0) return VIOLATED;
  return stop.aborted ? INTERRUPTED : 0;
}

/** Workers that hang would not notice that nobody hears them any more: they are ended first. */
function stopAtSignals(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      stop.abort();
      if (error.code !== 'EPIPE') throw error;
      process.exit(BROKEN_PIPE);
    });
  }
  return stop.signal;
}

function summaryOf(tally: Tally, seconds: number, { json }: SimulateOptions): string {
  const { seeds, violations, executions, failing } = tally;
  return json
    ? JSON.stringify({ seeds, violations, executions, seconds, failing })
    : `${seeds} seeds, ${violations} violations in ${failing.length} of them, ${executions} failovers simulated, ${seconds} s`;
}

function titleOf(outcome: Attempted | Died): string {
  const { seed } = outcome;
  if ('how' in outcome) return `Seed ${seed}: its process ended ${outcome.how}.`;
  const names = outcome.failing?.broken.map(({ property }) => property) ?? [];
  return `Seed ${seed} breaks ${[...new Set(names)].join(', ')}`;
}

function toldOf(outcome: Attempted | Died): string {
  if (!('how' in outcome)) return outcome.told;
  return `\n${titleOf(outcome)}\n${JSON.stringify(outcome.schedule)}`;
}

function goalOf({ schedule, seeds, minutes }: SimulateOptions): ProgressOptions['goal'] {
  if (schedule !== undefined) return { seeds: 1 };
  return minutes === undefined ? { seeds } : { minutes };
}

/** Or why there are none. */
async function schedulesOf(
  { schedule, seed, seeds, minutes }: SimulateOptions,
  began: number,
): Promise<Iterator<Schedule> | string> {
  if (schedule !== undefined) {
    try {
      return [await readSchedule(schedule)].values();
    } catch (error) {
      if (error instanceof ScheduleRefused) return error.message;
      throw error;
    }
  }
  const isOver = (count: number): boolean =>
    minutes === undefined ? count >= seeds : performance.now() - began > minutes * 60_000;
  return drawn(seed, isOver);
}

function* drawn(first: number, isOver: (count: number) => boolean): Generator<Schedule> {
  for (let count = 0; !isOver(count); count += 1) yield drawSchedule(first + count);
}
