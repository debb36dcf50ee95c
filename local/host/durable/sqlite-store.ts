import { DatabaseSync } from 'node:sqlite';
import { parseOwn } from '../json.ts';
import type {
  ActivityRow,
  Change,
  DurableStore,
  InstanceRow,
  Message,
  ScheduleRow,
  TimerRow,
} from './store.ts';

export interface SqliteOptions {
  /** NORMAL survives the death of the process; FULL also that of the machine, at half the speed. */
  readonly synchronous?: 'NORMAL' | 'FULL';
}

/** Rows are kept as JSON: what is asked for is a key, an order or an owner, never a field. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS instance(id TEXT PRIMARY KEY, created INTEGER NOT NULL, row TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS history(id TEXT, position INTEGER, event TEXT NOT NULL, PRIMARY KEY(id, position)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS message(sequence INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, row TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS message_instance ON message(instance);
  CREATE TABLE IF NOT EXISTS activity(key TEXT PRIMARY KEY, row TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS timer(key TEXT PRIMARY KEY, instance TEXT NOT NULL, row TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS timer_instance ON timer(instance);
  CREATE TABLE IF NOT EXISTS schedule(name TEXT PRIMARY KEY, row TEXT NOT NULL);
`;

/** A store on disk. One process at a time. */
export function createSqliteStore(file: string, options: SqliteOptions = {}): DurableStore {
  return new SqliteStore(file, options.synchronous ?? 'NORMAL');
}

class SqliteStore implements DurableStore {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  constructor(file: string, synchronous: 'NORMAL' | 'FULL') {
    this.#database = new DatabaseSync(file);
    this.#database.exec(
      `PRAGMA journal_mode=WAL; PRAGMA synchronous=${synchronous}; PRAGMA busy_timeout=5000;`,
    );
    this.#database.exec(SCHEMA);
  }

  instance = (id: string): InstanceRow | undefined =>
    this.#rows<InstanceRow>('SELECT row FROM instance WHERE id = ?', id)[0];
  instances = (): readonly InstanceRow[] =>
    this.#rows<InstanceRow>('SELECT row FROM instance ORDER BY created, rowid');
  history = (id: string): readonly string[] =>
    this.#column('SELECT event FROM history WHERE id = ? ORDER BY position', 'event', id);
  inbox = (id: string): readonly Message[] =>
    this.#rows<Message>('SELECT row FROM message WHERE instance = ? ORDER BY sequence', id);
  addressees = (): readonly string[] =>
    this.#column(
      'SELECT instance FROM message GROUP BY instance ORDER BY MIN(sequence)',
      'instance',
    );
  activities = (): readonly ActivityRow[] => this.#rows('SELECT row FROM activity ORDER BY rowid');
  activity = (key: string): ActivityRow | undefined =>
    this.#rows<ActivityRow>('SELECT row FROM activity WHERE key = ?', key)[0];
  timers = (): readonly TimerRow[] => this.#rows('SELECT row FROM timer ORDER BY rowid');
  timer = (key: string): TimerRow | undefined =>
    this.#rows<TimerRow>('SELECT row FROM timer WHERE key = ?', key)[0];
  schedule = (name: string): ScheduleRow | undefined =>
    this.#rows<ScheduleRow>('SELECT row FROM schedule WHERE name = ?', name)[0];
  lastSequence = (): number =>
    Number(
      this.#statement("SELECT seq FROM sqlite_sequence WHERE name = 'message'").get()?.['seq'] ?? 0,
    );
  close = (): void => this.#database.close();

  commit = (changes: readonly Change[]): void => {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const [sql, ...values] of changes.flatMap(statements)) {
        this.#statement(sql).run(...values);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  };

  #statement(sql: string): ReturnType<DatabaseSync['prepare']> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #column(sql: string, column: string, ...values: string[]): string[] {
    return this.#statement(sql)
      .all(...values)
      .map((found) => String(found[column]));
  }

  #rows<Row>(sql: string, ...values: string[]): Row[] {
    return this.#column(sql, 'row', ...values).map((text) => parseOwn<Row>(text));
  }
}

type Statement = readonly [sql: string, ...values: (string | number)[]];

function statements(change: Change): readonly Statement[] {
  switch (change.type) {
    case 'instance':
      return [[SAVE_INSTANCE, change.row.id, change.row.createdAt, JSON.stringify(change.row)]];
    case 'forget':
      return OWNED_BY_INSTANCE.map((owned) => [`DELETE FROM ${owned} = ?`, change.id]);
    case 'history':
      return change.events.map((event) => [APPEND_HISTORY, change.id, event, change.id]);
    case 'clear-history':
      return [['DELETE FROM history WHERE id = ?', change.id]];
    case 'message': {
      const { sequence, instance } = change.message;
      return [
        ['INSERT INTO message VALUES(?, ?, ?)', sequence, instance, JSON.stringify(change.message)],
      ];
    }
    case 'taken':
      return change.sequences.map((sequence) => [
        'DELETE FROM message WHERE sequence = ?',
        sequence,
      ]);
    case 'activity':
      return [
        [
          'INSERT OR REPLACE INTO activity VALUES(?, ?)',
          change.row.key,
          JSON.stringify(change.row),
        ],
      ];
    case 'activity-done':
      return [['DELETE FROM activity WHERE key = ?', change.key]];
    case 'timer': {
      const { key, instance } = change.row;
      return [
        ['INSERT OR REPLACE INTO timer VALUES(?, ?, ?)', key, instance, JSON.stringify(change.row)],
      ];
    }
    case 'timer-done':
      return [['DELETE FROM timer WHERE key = ?', change.key]];
    case 'schedule':
      return [
        [
          'INSERT OR REPLACE INTO schedule VALUES(?, ?)',
          change.row.name,
          JSON.stringify(change.row),
        ],
      ];
  }
}

/** Not REPLACE: that would move the row behind others of the same creation time. */
const SAVE_INSTANCE =
  'INSERT INTO instance VALUES(?, ?, ?) ON CONFLICT(id) DO UPDATE SET created = excluded.created, row = excluded.row';

const APPEND_HISTORY =
  'INSERT INTO history SELECT ?, COALESCE(MAX(position), 0) + 1, ? FROM history WHERE id = ?';

const OWNED_BY_INSTANCE = [
  'instance WHERE id',
  'history WHERE id',
  'message WHERE instance',
  'timer WHERE instance',
];
