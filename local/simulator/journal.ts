import type { Instant } from '../../src/core/clock.ts';
import type { Door } from './service.ts';

/** One request as the simulator saw it. */
export interface JournalEntry {
  readonly at: Instant;
  /** Which part of Azure was asked; `web` is every other host. */
  readonly door: Door | 'web';
  readonly method: string;
  /** Path in lower case, without query; with its host when the door is `web`. */
  readonly path: string;
  /** `sql/failover`; null when no route matched. */
  readonly operation: string | null;
  readonly action: string | null;
  /** Client id of the identity that asked; null where nobody is asked who they are. */
  readonly caller: string | null;
  readonly mutating: boolean;
  /** What the caller got; null when no answer reached it. */
  readonly status: number | null;
  readonly code: string | null;
  readonly correlationId: string;
  /** What it changed; null when nothing. */
  readonly effect: string | null;
  /** How late the answer is on its way: whoever asked may have given up by then. */
  readonly lateSeconds?: number;
}

export interface Journal {
  add(entry: JournalEntry): void;
  entries(): readonly JournalEntry[];
  /** Requests to Azure that changed something, whether their answers arrived or not. */
  mutations(): readonly JournalEntry[];
  clear(): void;
  /** Tells of every entry from now on, in the moment of the request. */
  watch(seen: (entry: JournalEntry) => void): void;
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  const watchers: ((entry: JournalEntry) => void)[] = [];
  return {
    add: (entry) => {
      entries.push(entry);
      for (const seen of watchers) seen(entry);
    },
    watch: (seen) => void watchers.push(seen),
    entries: () => entries,
    mutations: () => entries.filter((entry) => entry.door !== 'web' && entry.effect !== null),
    clear: () => void entries.splice(0),
  };
}
