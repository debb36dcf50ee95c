import { AsyncLocalStorage } from 'node:async_hooks';
import type { LocalClock } from './local-clock.ts';
import { createWakeUps } from './wake-ups.ts';

export interface VirtualClock extends LocalClock {
  /** While `work` is under way jumps take no time, whatever the pace: what nobody wants to watch. */
  hurry<T>(work: () => Promise<T>): Promise<T>;
  /** Lets time pass until nothing is left that could happen, or until `stop`. */
  runUntilIdle(): Promise<void>;
  /** Time no longer passes. */
  stop(): void;
}

export interface VirtualClockOptions {
  /** Epoch milliseconds. */
  readonly start: number;
  /** Virtual seconds per real second, for people who watch. Jumps take no time when it is absent. */
  readonly pace?: number;
  /** Real milliseconds without any progress after which runs fail with an explanation. */
  readonly stalledAfter?: number;
}

/** In-process streams and promise chains settle within one turn of the event loop; the others are for good measure. */
const QUIET_TURNS = 3;

/**
 * Time that jumps to the next wake-up when nothing is runnable. A task is blocked while one of its sleeps or waits is
 * pending, and runnable otherwise; real input and output is bracketed by `hold`.
 */
export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  return new Time(options);
}

interface Task {
  pending: number;
  /** Neither ended nor orphaned by the death of its instance. */
  counted: boolean;
}

class Time implements VirtualClock {
  readonly #pace: number;
  readonly #stalledAfter: number;
  readonly #wakeUps = createWakeUps();
  readonly #tasks = new AsyncLocalStorage<Task | undefined>();
  readonly #idleWaiters = new Set<() => void>();
  readonly #stallWaiters = new Set<(error: Error) => void>();
  #now: number;
  #order = 0;
  #changes = 0;
  #runnable = 0;
  #holds = 0;
  #drivers = 0;
  #hurries = 0;
  #watching = false;
  #stopped = false;
  #stall: NodeJS.Timeout | undefined;
  #travel:
    | { readonly startedAt: number; readonly to: number; readonly timeout: NodeJS.Timeout }
    | undefined;

  constructor(options: VirtualClockOptions) {
    this.#now = options.start;
    this.#pace = options.pace ?? Infinity;
    this.#stalledAfter = options.stalledAfter ?? 20_000;
  }

  now(): number {
    if (this.#travel === undefined) return this.#now;
    const travelled = (performance.now() - this.#travel.startedAt) * this.#pace;
    return Math.min(this.#travel.to, Math.floor(this.#now + travelled));
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    const slept = new Promise<void>((resolve, reject) => {
      const cancel = this.setTimer(this.now() + Math.max(0, ms), () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = (): void => {
        cancel();
        reject(asError(signal?.reason));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
    return this.wait(slept);
  }

  setTimer(at: number, callback: () => void): () => void {
    const wakeUp = { at, order: this.#order++, cancelled: false, fire: callback };
    this.#wakeUps.add(wakeUp);
    this.#changed();
    return () => {
      wakeUp.cancelled = true;
    };
  }

  async wait<T>(promise: Promise<T>): Promise<T> {
    const task = this.#tasks.getStore();
    if (task === undefined) return promise;
    this.#count(task, () => task.pending++);
    try {
      return await promise;
    } finally {
      this.#count(task, () => task.pending--);
    }
  }

  async run<T>(work: () => Promise<T>, life?: AbortSignal): Promise<T> {
    if (this.#tasks.getStore() !== undefined) return this.wait(this.#task(work, life));
    const stalled = Promise.withResolvers<never>();
    stalled.promise.catch(() => undefined);
    this.#stallWaiters.add(stalled.reject);
    this.#drivers++;
    try {
      return await Promise.race([this.#task(work, life), stalled.promise]);
    } finally {
      this.#drivers--;
      this.#stallWaiters.delete(stalled.reject);
    }
  }

  spawn(work: () => Promise<void>, life?: AbortSignal): void {
    void this.#task(work, life);
  }

  hold(): () => void {
    this.#holds++;
    this.#changed();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      this.#changed();
    };
  }

  async runUntilIdle(): Promise<void> {
    const idle = Promise.withResolvers<undefined>();
    const resolve = (): void => idle.resolve(undefined);
    this.#idleWaiters.add(resolve);
    this.#stallWaiters.add(idle.reject);
    this.#drivers++;
    this.#changed();
    try {
      await idle.promise;
    } finally {
      this.#drivers--;
      this.#stallWaiters.delete(idle.reject);
      this.#idleWaiters.delete(resolve);
    }
  }

  async hurry<T>(work: () => Promise<T>): Promise<T> {
    this.#hurries++;
    this.#changed();
    try {
      return await work();
    } finally {
      this.#hurries--;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#interruptTravel();
    clearTimeout(this.#stall);
    for (const resolve of this.#idleWaiters) resolve();
  }

  async #task<T>(work: () => Promise<T>, life?: AbortSignal): Promise<T> {
    const task: Task = { pending: 0, counted: false };
    const leave = (): void => this.#count(task, () => (task.counted = false));
    if (life?.aborted !== true) this.#count(task, () => (task.counted = true));
    life?.addEventListener('abort', leave, { once: true });
    try {
      return await this.#tasks.run(task, work);
    } finally {
      life?.removeEventListener('abort', leave);
      leave();
    }
  }

  #count(task: Task, change: () => unknown): void {
    const before = task.counted && task.pending === 0;
    change();
    const after = task.counted && task.pending === 0;
    this.#runnable += Number(after) - Number(before);
    this.#changed();
  }

  #changed(): void {
    this.#changes++;
    this.#interruptTravel();
    if (this.#watching || this.#drivers === 0 || this.#stopped) return;
    this.#watching = true;
    // Outside every task: whoever happened to change something last must not own the future.
    this.#tasks.run(undefined, () => setImmediate(() => this.#watch(this.#changes, QUIET_TURNS)));
  }

  /** Waits for a few turns of the event loop in which nothing changed, then lets time pass. */
  #watch(seen: number, turns: number): void {
    if (this.#changes !== seen) {
      setImmediate(() => this.#watch(this.#changes, QUIET_TURNS));
    } else if (turns > 0) {
      setImmediate(() => this.#watch(seen, turns - 1));
    } else {
      this.#watching = false;
      this.#advance();
    }
  }

  #advance(): void {
    clearTimeout(this.#stall);
    if (this.#stopped || this.#drivers === 0) return;
    const next = this.#wakeUps.peek();
    const working = this.#runnable > 0 || this.#holds > 0;
    if (working || (next === undefined && this.#idleWaiters.size === 0)) {
      this.#stall = setTimeout(() => this.#reportStall(), this.#stalledAfter);
      return;
    }
    if (next === undefined) {
      for (const resolve of this.#idleWaiters) resolve();
    } else if (this.#pace === Infinity || this.#hurries > 0 || next.at <= this.#now) {
      this.#arrive(next.at);
    } else {
      const timeout = setTimeout(
        () => {
          this.#travel = undefined;
          this.#arrive(next.at);
        },
        (next.at - this.#now) / this.#pace,
      );
      this.#travel = { startedAt: performance.now(), to: next.at, timeout };
    }
  }

  #arrive(at: number): void {
    this.#now = Math.max(this.#now, at);
    for (
      let due = this.#wakeUps.peek();
      due !== undefined && due.at <= at;
      due = this.#wakeUps.peek()
    ) {
      this.#wakeUps.take();
      due.fire();
    }
    this.#changed();
  }

  #interruptTravel(): void {
    if (this.#travel === undefined) return;
    const now = this.now();
    clearTimeout(this.#travel.timeout);
    this.#travel = undefined;
    this.#now = now;
  }

  #reportStall(): void {
    const error = new Error(
      `Virtual time stands still: ${this.#runnable} task(s) runnable and ${this.#holds} hold(s) open without progress, ` +
        `${this.#wakeUps.peek() === undefined ? 'no wake-up' : 'the next wake-up'} ahead. ` +
        'A task that awaits the work of another must do so through clock.wait; every hold must be released.',
    );
    for (const reject of this.#stallWaiters) reject(error);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
