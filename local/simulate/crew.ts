import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { AttemptOptions, Attempted } from './attempt.ts';
import type { Schedule } from './schedule.ts';

/** What a worker is sent. */
export interface Order {
  readonly schedule: Schedule;
  readonly options: AttemptOptions;
}

/** Instead of an answer: how the worker ended that had the schedule. */
export interface Died {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly how: string;
}

export interface CrewOptions extends AttemptOptions {
  /** The program compiled from local/simulate/worker.ts. */
  readonly program: URL;
  readonly processes: number;
  /** Ends all workers at once, and takes no schedule more. */
  readonly stop: AbortSignal;
}

/** Shares out schedules among processes, one at a time, and tells what came of them in the order in which they were given. */
export async function runAll(
  schedules: Iterator<Schedule>,
  options: CrewOptions,
  tell: (outcome: Attempted | Died) => void,
): Promise<void> {
  const tellNext = inOrder(tell);
  const isOver = (): boolean => options.stop.aborted;
  let given = 0;
  const work = async (): Promise<void> => {
    let worker: Worker | null = null;
    while (!isOver()) {
      const next = schedules.next();
      if (next.done === true) break;
      const place = given;
      given += 1;
      worker ??= startWorker(options);
      const outcome = await worker.run(next.value);
      // What was under way when all was stopped has not come to anything.
      if (isOver()) break;
      tellNext(place, outcome);
      if (!worker.isUp) worker = null;
    }
    worker?.end();
  };
  await Promise.all(Array.from({ length: options.processes }, work));
}

/** Holds back what came too early. */
function inOrder<T>(tell: (one: T) => void): (place: number, one: T) => void {
  const early = new Map<number, T>();
  let due = 0;
  return (place, one) => {
    early.set(place, one);
    for (let next = early.get(due); next !== undefined; next = early.get(due)) {
      early.delete(due);
      due += 1;
      tell(next);
    }
  };
}

interface Worker {
  readonly isUp: boolean;
  run(schedule: Schedule): Promise<Attempted | Died>;
  end(): void;
}

function startWorker({ program, stop, verbose, shrink }: CrewOptions): Worker {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = Promise.withResolvers<string>();
  let up = true;
  const end = (): void => void child.kill('SIGKILL');
  stop.addEventListener('abort', end, { once: true });
  child.once('exit', (code, signal) => {
    up = false;
    stop.removeEventListener('abort', end);
    ended.resolve(signal === null ? `with exit code ${code ?? '?'}` : `by ${signal}`);
  });
  return {
    get isUp() {
      return up;
    },
    async run(schedule) {
      const answer = answerOf(child);
      const order: Order = { schedule, options: { verbose, shrink } };
      // To one that has just died nothing can be sent; how it ended is the answer.
      child.send(order, () => undefined);
      return Promise.race([
        answer,
        ended.promise.then((how) => ({ seed: schedule.seed, schedule, how })),
      ]);
    },
    end,
  };
}

function answerOf(child: ChildProcess): Promise<Attempted> {
  // From a worker of the same build.
  return new Promise((resolve) =>
    child.once('message', (message) => resolve(message as Attempted)),
  );
}
