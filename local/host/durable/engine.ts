import { newGuid } from '../random.ts';
import { runActivity } from './activities.ts';
import type { CrashPoint, Hub } from './hub.ts';
import { runTurn } from './orchestrations.ts';
import { EVENT } from './protocol.ts';
import type { Occurrence } from './protocol.ts';
import type { ActivityRow, Change, Message, TimerRow } from './store.ts';

export interface Engine {
  readonly hub: Hub;
  /** Takes up whatever the store holds. */
  start(): void;
  /** Whether nothing is queued or under way; timers to come do not count. */
  isIdle(): boolean;
  /** Takes up nothing new. */
  drain(): void;
  /** Turns and activities that are running now. */
  isBusy(): boolean;
}

type Outside = Omit<Hub, 'commit' | 'message' | 'control' | 'newGuid'>;

export interface EngineObserver {
  readonly crashPoint: (point: CrashPoint) => void;
  /** Called whenever something was committed or came to rest. */
  readonly onChange: () => void;
}

/** Dispatches turns, activities and timers of one run of the host. */
export function createEngine(outside: Outside, observer: EngineObserver): Engine {
  return new DurableEngine(outside, observer);
}

class DurableEngine implements Engine {
  readonly hub: Hub;
  readonly #observer: EngineObserver;
  readonly #ready = new Set<string>();
  readonly #busy = new Set<string>();
  readonly #queue = new Map<string, ActivityRow>();
  readonly #running = new Set<string>();
  readonly #armed = new Map<string, () => void>();
  #sequence: number;
  #pumping = false;
  #draining = false;

  constructor(outside: Outside, observer: EngineObserver) {
    this.#observer = observer;
    this.#sequence = outside.store.lastSequence();
    this.hub = {
      ...outside,
      commit: (point, changes) => this.#commit(point, changes),
      message: (to, occurrence) => this.#message(to.instance, to.execution, 'event', occurrence),
      control: (to, kind, reason) => this.#message(to, null, kind, reason),
      newGuid: () => newGuid(outside.random),
    };
    const disarmAll = (): void => [...this.#armed.keys()].forEach((key) => this.#disarm(key));
    outside.life.addEventListener('abort', disarmAll, { once: true });
  }

  start(): void {
    const { store } = this.hub;
    for (const id of store.addressees()) this.#ready.add(id);
    for (const row of store.activities()) this.#queue.set(row.key, row);
    for (const row of store.timers()) this.#arm(row);
    this.#pump();
  }

  isIdle(): boolean {
    return this.#ready.size + this.#busy.size + this.#queue.size + this.#running.size === 0;
  }

  isBusy(): boolean {
    return this.#busy.size + this.#running.size > 0;
  }

  drain(): void {
    this.#draining = true;
  }

  #message(
    instance: string,
    execution: string | null,
    kind: Message['kind'],
    body: Occurrence | string | null,
  ): Message {
    return { sequence: ++this.#sequence, instance, execution, kind, body: JSON.stringify(body) };
  }

  #commit(point: CrashPoint, changes: readonly Change[]): boolean {
    if (this.hub.life.aborted) return false;
    this.#observer.crashPoint(point);
    // The observer may have killed the host.
    if (isAborted(this.hub.life)) return false;
    this.hub.store.commit(changes);
    for (const change of changes) this.#follow(change);
    this.#pump();
    this.#observer.onChange();
    return true;
  }

  /** What a committed change sets in motion. */
  #follow(change: Change): void {
    if (change.type === 'message') this.#ready.add(change.message.instance);
    if (change.type === 'activity') this.#queue.set(change.row.key, change.row);
    if (change.type === 'timer') this.#arm(change.row);
    if (change.type === 'timer-done') this.#disarm(change.key);
  }

  #pump(): void {
    if (this.#pumping || this.#draining || this.hub.life.aborted) return;
    this.#pumping = true;
    this.hub.clock.spawn(async () => {
      await Promise.resolve();
      this.#pumping = false;
      if (!this.hub.life.aborted) this.#dispatch();
    }, this.hub.life);
  }

  #dispatch(): void {
    const { maxActivities, maxOrchestrators } = this.hub.options;
    for (const id of this.#ready) {
      if (this.#busy.size >= maxOrchestrators) break;
      if (this.#busy.has(id)) continue;
      this.#ready.delete(id);
      this.#start(this.#busy, id, () => runTurn(this.hub, id));
    }
    for (const [key, row] of this.#queue) {
      if (this.#running.size >= maxActivities) break;
      this.#queue.delete(key);
      this.#start(this.#running, key, () => runActivity(this.hub, row));
    }
    this.#observer.onChange();
  }

  #start(among: Set<string>, key: string, work: () => Promise<void>): void {
    among.add(key);
    this.hub.clock.spawn(async () => {
      try {
        await work();
      } catch (error) {
        if (!this.hub.life.aborted) this.#reportBug(key, error);
      }
      among.delete(key);
      this.#pump();
      this.#observer.onChange();
    }, this.hub.life);
  }

  #reportBug(key: string, error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.hub.log({
      level: 'error',
      message: `The local host failed while it worked on ${key}: ${stack}`,
    });
  }

  #arm(row: TimerRow): void {
    const { earlyMs, lateMs } = this.hub.options.timerJitter;
    const { random, clock } = this.hub;
    const shift = (lateMs > 0 ? random() * lateMs : 0) - (earlyMs > 0 ? random() * earlyMs : 0);
    const at = Math.max(clock.now(), Math.round(row.fireAt + shift));
    this.#armed.set(
      row.key,
      clock.setTimer(at, () => this.#fire(row)),
    );
  }

  #fire(row: TimerRow): void {
    this.#armed.delete(row.key);
    if (this.hub.life.aborted || this.hub.store.timer(row.key) === undefined) return;
    this.hub.onHop('timer');
    const fired: Occurrence = {
      EventType: EVENT.TimerFired,
      TimerId: row.task,
      FireAt: new Date(row.fireAt).toISOString(),
      // The extension stamps a fired timer with the moment at which it was created.
      Timestamp: new Date(row.createdAt).toISOString(),
    };
    this.hub.commit({ by: 'timer', instance: row.instance }, [
      { type: 'timer-done', key: row.key },
      { type: 'message', message: this.hub.message(row, fired) },
    ]);
  }

  #disarm(key: string): void {
    this.#armed.get(key)?.();
    this.#armed.delete(key);
  }
}

function isAborted(life: AbortSignal): boolean {
  return life.aborted;
}
