import type { Attempted } from './attempt.ts';
import type { Schedule } from './schedule.ts';
import { startWorker } from './worker-process.ts';
import type { Died, Worker, WorkerOptions } from './worker-process.ts';

export interface CrewOptions extends WorkerOptions {
  readonly processes: number;
}

/** Who wants to know how far all is. */
export interface Listener {
  /** A process has it. */
  readonly began: (seed: number) => void;
  /** It breaks a promise; what it is shrunk to is not known yet. */
  readonly found: (outcome: Attempted | Died) => void;
  /** As soon as all is known of it. */
  readonly ended: (outcome: Attempted | Died) => void;
  /** The same in the order in which they were given. */
  readonly tell: (outcome: Attempted | Died) => void;
}

/** Shares out schedules among processes, one at a time, until there are no more or all is stopped. */
export async function runAll(
  schedules: Iterator<Schedule>,
  options: CrewOptions,
  listener: Listener,
): Promise<void> {
  const queue = inOrder(listener.tell);
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
      listener.began(next.value.seed);
      const outcome = await worker.run(next.value, listener.found);
      if ('how' in outcome) {
        // What was under way when all was stopped has not come to anything.
        if (isOver()) break;
        listener.found(outcome);
      }
      listener.ended(outcome);
      queue.add(place, outcome);
      if (!worker.isUp) worker = null;
    }
    worker?.end();
  };
  await Promise.all(Array.from({ length: options.processes }, work));
  queue.flush();
}

interface Queue<T> {
  add(place: number, one: T): void;
  /** Those before them do not come any more. */
  flush(): void;
}

/** Holds back what came too early. */
function inOrder<T>(tell: (one: T) => void): Queue<T> {
  const early = new Map<number, T>();
  let due = 0;
  return {
    add(place, one) {
      early.set(place, one);
      for (let next = early.get(due); next !== undefined; next = early.get(due)) {
        early.delete(due);
        due += 1;
        tell(next);
      }
    },
    flush() {
      for (const [, one] of [...early].toSorted(([left], [right]) => left - right)) tell(one);
    },
  };
}
