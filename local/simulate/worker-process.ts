import { fork } from 'node:child_process';
import type { AttemptOptions, Attempted } from './attempt.ts';
import type { Schedule } from './schedule.ts';

/** What a worker is sent. */
export interface Order {
  readonly schedule: Schedule;
  readonly options: AttemptOptions;
}

/** What a worker answers: what broke a promise at once, and at the end what it was shrunk to. */
export interface Report {
  readonly is: 'found' | 'ended';
  readonly outcome: Attempted;
}

/** Instead of an answer: how the worker ended that had the schedule. */
export interface Died {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly how: string;
}

export interface WorkerOptions extends AttemptOptions {
  /** The program compiled from local/simulate/worker.ts. */
  readonly program: URL;
  /** Who has not answered by then hangs, and is ended. Shrinking has this time for itself. */
  readonly limitMinutes: number;
  /** Ends the process at once. */
  readonly stop: AbortSignal;
}

export interface Worker {
  readonly isUp: boolean;
  run(schedule: Schedule, found: (asDrawn: Attempted) => void): Promise<Attempted | Died>;
  end(): void;
}

export function startWorker({
  program,
  limitMinutes,
  stop,
  verbose,
  shrink,
}: WorkerOptions): Worker {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = Promise.withResolvers<string>();
  let up = true;
  let isOverdue = false;
  const end = (): void => void child.kill('SIGKILL');
  stop.addEventListener('abort', end, { once: true });
  child.once('exit', (code, signal) => {
    up = false;
    stop.removeEventListener('abort', end);
    if (stop.aborted) ended.resolve('at the interrupt');
    else if (isOverdue) ended.resolve(`by force: nothing came within ${limitMinutes} min`);
    else ended.resolve(signal === null ? `with exit code ${code ?? '?'}` : `by ${signal}`);
  });
  return {
    get isUp() {
      return up;
    },
    async run(schedule, found) {
      const answer = Promise.withResolvers<Attempted>();
      let asDrawn: Attempted | null = null;
      const limit = setTimeout(() => {
        isOverdue = true;
        end();
      }, limitMinutes * 60_000);
      const hear = (message: unknown): void => {
        // From a worker of the same build.
        const { is, outcome } = message as Report;
        if (is === 'ended') {
          answer.resolve(outcome);
          return;
        }
        asDrawn = outcome;
        limit.refresh();
        found(outcome);
      };
      child.on('message', hear);
      const order: Order = { schedule, options: { verbose, shrink } };
      // To one that has just died nothing can be sent; how it ended is the answer.
      child.send(order, () => undefined);
      const died = ended.promise.then((how) =>
        asDrawn === null ? { seed: schedule.seed, schedule, how } : cutShort(asDrawn, how),
      );
      const outcome = await Promise.race([answer.promise, died]);
      clearTimeout(limit);
      child.off('message', hear);
      return outcome;
    },
    end,
  };
}

function cutShort(asDrawn: Attempted, how: string): Attempted {
  const note = `(As it was drawn: the process that was to shrink it ended ${how}.)`;
  return { ...asDrawn, told: `${asDrawn.told}\n${note}` };
}
