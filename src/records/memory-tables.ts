import { SortedRows } from './sorted-rows.ts';
import { fromProperties } from './stored-row.ts';
import type { Properties } from './stored-row.ts';
import { areKeys, withinLimits } from './table-limits.ts';
import type { StoredChange } from './table-limits.ts';
import { RowConflict } from './tables.ts';
import type { Change, Row, TableName, Tables } from './tables.ts';

export interface MemoryTables extends Tables {
  /** Everything, as it stands; restoring brings it back. */
  snapshot(): TablesSnapshot;
  restore(snapshot: TablesSnapshot): void;
  /** Watches every write from now on; the answer ends the watching. */
  onWrite(hook: WriteHook): () => void;
}

/**
 * Faults of a store. Throwing from `before` is a write that never arrived, throwing from `after` one whose answer was
 * lost; a promise delays either.
 */
export interface WriteHook {
  before?(write: TableWrite): void | Promise<void>;
  after?(write: TableWrite): void | Promise<void>;
}

export interface TableWrite {
  readonly table: TableName;
  readonly partition: string;
  readonly changes: readonly Change[];
}

export interface TablesSnapshot {
  readonly version: number;
  readonly partitions: readonly (readonly [string, readonly (readonly [string, Stored])[]])[];
}

interface Stored {
  readonly properties: Properties;
  readonly etag: string;
}

type Partition = SortedRows<Stored>;

/**
 * Tables in memory, for tests and simulations. Each operation happens at one instant between its call and its answer;
 * `turn` is what passes before and after it.
 */
export function createMemoryTables(turn: () => Promise<void> = nextTurn): MemoryTables {
  const partitions = new Map<string, Partition>();
  const hooks = new Set<WriteHook>();
  let version = 0;

  function partitionOf(table: TableName, partition: string): Partition {
    const name = `${table}/${partition}`;
    const known = partitions.get(name);
    if (known !== undefined) return known;
    const created: Partition = new SortedRows();
    partitions.set(name, created);
    return created;
  }

  function apply(rows: Partition, change: StoredChange): void {
    if (change.do === 'delete') {
      rows.delete(change.row);
      return;
    }
    version += 1;
    rows.set(change.row, { properties: change.properties, etag: `W/"${version}"` });
  }

  return {
    async get(table, partition, row) {
      if (!areKeys(partition, row)) return null;
      await turn();
      const stored = partitionOf(table, partition).get(row);
      await turn();
      return stored === undefined ? null : toRow(row, stored);
    },

    async query(table, partition, range = {}) {
      if (!areKeys(partition)) return [];
      await turn();
      const { from = '', to, limit } = range;
      const found = partitionOf(table, partition)
        .between(from, to, limit)
        .map(([key, stored]) => toRow(key, stored));
      await turn();
      return found;
    },

    async write(table, partition, changes) {
      const stored = withinLimits(table, partition, changes);
      const write = { table, partition, changes };
      await turn();
      for (const hook of hooks) await hook.before?.(write);
      const rows = partitionOf(table, partition);
      const lost = stored.find((change) => !holds(rows.get(change.row), change));
      if (lost !== undefined) throw new RowConflict(table, partition, lost.row);
      for (const change of stored) apply(rows, change);
      for (const hook of hooks) await hook.after?.(write);
      await turn();
    },

    snapshot: () => ({
      version,
      partitions: [...partitions].map(([name, rows]) => [name, rows.entries()]),
    }),

    restore(snapshot) {
      version = snapshot.version;
      partitions.clear();
      for (const [name, rows] of snapshot.partitions) partitions.set(name, new SortedRows(rows));
    },

    onWrite(hook) {
      hooks.add(hook);
      return () => {
        hooks.delete(hook);
      };
    },
  };
}

function holds(stored: Stored | undefined, change: StoredChange): boolean {
  switch (change.do) {
    case 'insert':
      return stored === undefined;
    case 'put':
      return true;
    case 'replace':
      return stored?.etag === change.etag;
    case 'delete':
      return change.etag === undefined || stored?.etag === change.etag;
  }
}

function toRow(key: string, stored: Stored): Row {
  return { key, value: fromProperties(stored.properties), etag: stored.etag };
}

/** A microtask: enough for others to come in between, and invisible to a virtual clock. */
async function nextTurn(): Promise<void> {
  await Promise.resolve();
}
