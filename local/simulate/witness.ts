import type { ExecutionRecord } from '../../src/core/execution.ts';
import type { TableWrite } from '../../src/records/memory-tables.ts';
import type { WatchState } from '../../src/records/watch-states.ts';
import type { CafeReport } from '../simulator/cafe/clients.ts';
import type { JournalEntry } from '../simulator/journal.ts';
import type { Scenario } from '../simulator/scenario.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';
import { truthOf } from './truth.ts';
import type { Truth } from './truth.ts';

/** A change that was asked of Azure or of the application, whatever came of it, and how the world was in that moment. */
export interface SeenChange {
  readonly at: number;
  readonly entry: JournalEntry;
  readonly truth: Truth;
}

/** An execution's header as it was written, and how the world was in that moment. */
export interface SeenHeader {
  readonly at: number;
  readonly record: ExecutionRecord;
  readonly truth: Truth;
  readonly cafe: CafeReport;
}

export interface SeenLock {
  readonly at: number;
  readonly plan: string;
  readonly holder: string | null;
  readonly token: number;
}

/** What was seen of a run from outside the app: the base of every judgement about it. */
export interface Witness {
  readonly changes: readonly SeenChange[];
  /** Reads of a database server to which Azure itself had no answer. */
  readonly lost: readonly { readonly at: number; readonly path: string }[];
  /** What the app asked of the application that is more than a look. */
  readonly posts: readonly SeenChange[];
  readonly headers: readonly SeenHeader[];
  readonly locks: readonly SeenLock[];
  /** What the watch came to, as it was written. */
  readonly looks: readonly WatchState[];
  /** The world whenever anybody asked it anything. */
  readonly truths: readonly { readonly at: number; readonly truth: Truth }[];
  latest(execution: string): ExecutionRecord | undefined;
  newest(): ExecutionRecord | undefined;
  /** Calls back after each header that is written. */
  onHeader(seen: (record: ExecutionRecord) => void): void;
}

export function watchStack(stack: VirtualStack, scenario: Scenario): Witness {
  const { clock, simulator, tables } = stack;
  const changes: SeenChange[] = [];
  const posts: SeenChange[] = [];
  const lost: { at: number; path: string }[] = [];
  const headers: SeenHeader[] = [];
  const locks: SeenLock[] = [];
  const looks: WatchState[] = [];
  const truths: { at: number; truth: Truth }[] = [];
  const latest = new Map<string, ExecutionRecord>();
  const watchers: ((record: ExecutionRecord) => void)[] = [];
  const truth = (): Truth => truthOf(simulator, scenario);

  simulator.journal.watch((entry) => {
    const seen = { at: clock.now(), truth: truth() };
    truths.push(seen);
    if (entry.mutating && entry.door === 'resource-manager') changes.push({ ...seen, entry });
    const { status, lateSeconds = 0 } = entry;
    if (entry.operation === 'sql/get' && ((status ?? 500) >= 500 || lateSeconds > 0))
      lost.push({ at: seen.at, path: entry.path });
    if (entry.mutating && entry.door === 'web') posts.push({ ...seen, entry });
  });
  tables.onWrite({
    after(write) {
      for (const lock of locksIn(write)) locks.push({ at: clock.now(), ...lock });
      looks.push(...looksIn(write));
      for (const record of headersIn(write)) {
        latest.set(record.id, record);
        const cafe = simulator.control.cafe();
        headers.push({ at: clock.now(), record, truth: truth(), cafe });
        for (const seen of watchers) seen(record);
      }
    },
  });
  return {
    changes,
    posts,
    lost,
    headers,
    locks,
    looks,
    truths,
    latest: (execution) => latest.get(execution),
    newest: () => [...latest.values()].at(-1),
    onHeader: (seen) => void watchers.push(seen),
  };
}

function headersIn({ table, changes }: TableWrite): ExecutionRecord[] {
  if (table !== 'executions') return [];
  // What the app itself wrote, in the shape in which it writes it.
  return changes.flatMap((change) =>
    change.row === 'execution' && 'value' in change
      ? [change.value as unknown as ExecutionRecord]
      : [],
  );
}

function locksIn({ table, changes }: TableWrite): Omit<SeenLock, 'at'>[] {
  if (table !== 'locks') return [];
  return changes.flatMap((change) => {
    if (!change.row.startsWith('plan~') || !('value' in change)) return [];
    const { plan, holder, token } = change.value;
    return typeof plan === 'string' && typeof token === 'number'
      ? [{ plan, token, holder: typeof holder === 'string' ? holder : null }]
      : [];
  });
}

function looksIn({ table, partition, changes }: TableWrite): WatchState[] {
  if (table !== 'plans' || partition !== 'watch') return [];
  // What the app itself wrote, in the shape in which it writes it.
  return changes.flatMap((change) =>
    'value' in change ? [change.value as unknown as WatchState] : [],
  );
}
