import type {
  ActivityRow,
  Change,
  DurableStore,
  InstanceRow,
  Message,
  ScheduleRow,
  TimerRow,
} from './store.ts';

/** A store that outlives hosts but not the process: for simulations, which kill hosts by the thousand. */
export function createMemoryStore(): DurableStore {
  return new MemoryStore();
}

class MemoryStore implements DurableStore {
  readonly #instances = new Map<string, InstanceRow>();
  readonly #histories = new Map<string, string[]>();
  readonly #inboxes = new Map<string, Message[]>();
  readonly #activities = new Map<string, ActivityRow>();
  readonly #timers = new Map<string, TimerRow>();
  readonly #schedules = new Map<string, ScheduleRow>();
  #lastSequence = 0;

  instance = (id: string): InstanceRow | undefined => this.#instances.get(id);
  instances = (): readonly InstanceRow[] =>
    [...this.#instances.values()].sort((left, right) => left.createdAt - right.createdAt);
  history = (id: string): readonly string[] => [...(this.#histories.get(id) ?? [])];
  inbox = (id: string): readonly Message[] => [...(this.#inboxes.get(id) ?? [])];
  addressees = (): readonly string[] => [...this.#inboxes.keys()];
  activities = (): readonly ActivityRow[] => [...this.#activities.values()];
  activity = (key: string): ActivityRow | undefined => this.#activities.get(key);
  timers = (): readonly TimerRow[] => [...this.#timers.values()];
  timer = (key: string): TimerRow | undefined => this.#timers.get(key);
  schedule = (name: string): ScheduleRow | undefined => this.#schedules.get(name);
  lastSequence = (): number => this.#lastSequence;
  commit = (changes: readonly Change[]): void => changes.forEach((change) => this.#apply(change));
  close = (): void => undefined;

  #apply(change: Change): void {
    switch (change.type) {
      case 'instance':
        this.#instances.set(change.row.id, change.row);
        break;
      case 'forget':
        this.#forget(change.id);
        break;
      case 'history':
        this.#histories.set(change.id, [
          ...(this.#histories.get(change.id) ?? []),
          ...change.events,
        ]);
        break;
      case 'clear-history':
        this.#histories.delete(change.id);
        break;
      case 'message':
        this.#deliver(change.message);
        break;
      case 'taken':
        this.#take(new Set(change.sequences));
        break;
      case 'activity':
        this.#activities.set(change.row.key, change.row);
        break;
      case 'activity-done':
        this.#activities.delete(change.key);
        break;
      case 'timer':
        this.#timers.set(change.row.key, change.row);
        break;
      case 'timer-done':
        this.#timers.delete(change.key);
        break;
      case 'schedule':
        this.#schedules.set(change.row.name, change.row);
        break;
    }
  }

  #forget(id: string): void {
    this.#instances.delete(id);
    this.#histories.delete(id);
    this.#inboxes.delete(id);
    for (const timer of this.#timers.values()) {
      if (timer.instance === id) this.#timers.delete(timer.key);
    }
  }

  #deliver(message: Message): void {
    this.#lastSequence = Math.max(this.#lastSequence, message.sequence);
    const inbox = this.#inboxes.get(message.instance);
    if (inbox === undefined) this.#inboxes.set(message.instance, [message]);
    else inbox.push(message);
  }

  #take(sequences: ReadonlySet<number>): void {
    for (const [id, inbox] of this.#inboxes) {
      const left = inbox.filter((message) => !sequences.has(message.sequence));
      if (left.length === inbox.length) continue;
      if (left.length === 0) this.#inboxes.delete(id);
      else this.#inboxes.set(id, left);
    }
  }
}
