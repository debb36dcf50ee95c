import type { Clock } from '../../src/core/clock.ts';

/** What the local stack needs of time beyond what the application sees: who is at work, and what is still to come. */
export interface LocalClock extends Clock {
  /**
   * Runs `work` as a task; a calling task counts as waiting until it is done. On a virtual clock time moves only while
   * such a run (one that no task called) is under way, so that a test's own pauses cost no virtual time.
   */
  run<T>(work: () => Promise<T>, life?: AbortSignal): Promise<T>;
  /** Starts a task that nobody waits for. Once `life` is aborted the task no longer keeps time from passing. */
  spawn(work: () => Promise<void>, life?: AbortSignal): void;
  /** The present task waits for something that other tasks bring about. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Calls back once, outside every task, at `at` (epoch milliseconds) or at once when that has passed. */
  setTimer(at: number, callback: () => void): () => void;
  /** Keeps virtual time from passing until released: the bracket around sockets, files and child processes. */
  hold(): () => void;
}
