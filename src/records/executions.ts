import { headOf } from '../core/chain.ts';
import type { Instant } from '../core/clock.ts';
import type { Happening, RecordedEvent } from '../core/events.ts';
import { GENESIS } from '../core/execution.ts';
import type { ChainHead, CommandRecord, ExecutionRecord } from '../core/execution.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';
import {
  HEADER,
  NOTIFICATION_STREAM,
  OPERATOR_STREAM,
  batchesOf,
  firstBatches,
  indexRow,
  isAttempt,
  notificationChanges,
  orderChanges,
  stepRow,
} from './execution-rows.ts';
import type { Entry } from './execution-rows.ts';
import { loaded, whileContended } from './partition.ts';
import type { Loaded } from './partition.ts';
import type { Blobs } from './blobs.ts';
import { spanOf, withPrefix } from './tables.ts';
import type { Change, Tables } from './tables.ts';

export type { Entry, Revision } from './execution-rows.ts';

/**
 * The record of executions: one partition each, so that a row and the event that tells of its change are written
 * together or not at all. Header: `execution`; steps: `step~ID`; attempts: `step~ID~attempt~…`; events:
 * `event~STREAM~N`; operators' orders: `command~N`.
 */
export interface Executions {
  create(
    record: ExecutionRecord,
    steps: readonly StepRecord[],
    snapshot: string,
    first: readonly Happening[],
  ): Promise<void>;
  header(id: string): Promise<Loaded<ExecutionRecord> | null>;
  steps(id: string): Promise<readonly Loaded<StepRecord>[]>;
  /** Some of them, without reading all of a large plan. */
  stepsAmong(id: string, wanted: readonly string[]): Promise<readonly Loaded<StepRecord>[]>;
  step(id: string, stepId: string): Promise<StepPage | null>;
  attempts(id: string): Promise<readonly AttemptRecord[]>;
  commands(id: string): Promise<readonly CommandRecord[]>;
  events(id: string): Promise<readonly RecordedEvent[]>;
  /** The pinned plan, as text. */
  snapshot(id: string): Promise<string>;
  /** Appends an operator's order with the next sequence number. */
  order(id: string, command: Omit<CommandRecord, 'sequence'>): Promise<CommandRecord>;
  /** Adds to the record who was told of it. */
  notified(id: string, at: Instant, happening: Happening<'notified'>): Promise<void>;
  /** Writes a header (and steps) with the events that tell why; throws `RowConflict` when read too long ago. */
  write(id: string, at: Instant, entry: Entry): Promise<void>;
  /** Newest first. */
  recent(limit: number): Promise<readonly ExecutionRecord[]>;
}

export interface StepPage {
  readonly step: Loaded<StepRecord>;
  readonly attempts: readonly Loaded<AttemptRecord>[];
}

export function createExecutions(tables: Tables, blobs: Blobs): Executions {
  const write = (id: string, changes: readonly Change[]): Promise<void> =>
    tables.write('executions', id, changes);

  async function header(id: string): Promise<Loaded<ExecutionRecord> | null> {
    const row = await tables.get('executions', id, HEADER);
    return row === null ? null : loaded(row);
  }

  return {
    header,

    async create(record, steps, snapshot, first) {
      // The index row comes first: a listing leaves out what has no header yet, but would never find what is not listed.
      await blobs.put('executions', `${record.id}/plan.json`, snapshot, 'application/json');
      await tables.write('index', 'executions', [
        { do: 'put', row: indexRow(record), value: { id: record.id, plan: record.plan } },
      ]);
      for (const batch of firstBatches(record, steps, first)) await write(record.id, batch);
    },

    async steps(id) {
      const rows = await tables.query('executions', id, withPrefix('step~'));
      return rows.filter((row) => !isAttempt(row.key)).map((row) => loaded<StepRecord>(row));
    },

    async stepsAmong(id, wanted) {
      const keys = new Set(wanted.map(stepRow));
      const rows = await tables.query('executions', id, spanOf([...keys]));
      return rows.filter(({ key }) => keys.has(key)).map((row) => loaded<StepRecord>(row));
    },

    async step(id, stepId) {
      const [row, attempts] = await Promise.all([
        tables.get('executions', id, stepRow(stepId)),
        tables.query('executions', id, withPrefix(`${stepRow(stepId)}~attempt~`)),
      ]);
      return row === null
        ? null
        : { step: loaded(row), attempts: attempts.map((one) => loaded<AttemptRecord>(one)) };
    },

    async attempts(id) {
      const rows = await tables.query('executions', id, withPrefix('step~'));
      return rows
        .filter((row) => isAttempt(row.key))
        .map((row) => loaded<AttemptRecord>(row).value);
    },

    async commands(id) {
      const rows = await tables.query('executions', id, withPrefix('command~'));
      return rows.map((row) => loaded<CommandRecord>(row).value);
    },

    async events(id) {
      const rows = await tables.query('executions', id, withPrefix('event~'));
      return rows
        .map((row) => loaded<RecordedEvent>(row).value)
        .sort(
          (a, b) =>
            a.at.localeCompare(b.at) || a.stream.localeCompare(b.stream) || a.sequence - b.sequence,
        );
    },

    async snapshot(id) {
      const text = await blobs.get('executions', `${id}/plan.json`);
      if (text === null)
        throw new Error(`The pinned plan of execution ${id} is gone from the blob store.`);
      return text;
    },

    order: (id, command) => whileContended(20, () => appendOrder(tables, id, command)),

    notified: (id, at, happening) =>
      whileContended(20, async () => {
        const head = await headOfStream(tables, id, NOTIFICATION_STREAM);
        await write(id, notificationChanges(at, head, happening));
      }),

    async write(id, at, entry) {
      for (const batch of batchesOf(at, entry)) await write(id, batch);
    },

    async recent(limit) {
      const rows = await tables.query('index', 'executions', { limit });
      const ids = rows.map((row) => row.value['id']).filter((id) => typeof id === 'string');
      const headers = await Promise.all(ids.map((id) => header(id)));
      return headers.flatMap((one) => (one === null ? [] : [one.value]));
    },
  };
}

async function appendOrder(
  tables: Tables,
  id: string,
  command: Omit<CommandRecord, 'sequence'>,
): Promise<CommandRecord> {
  const [orders, head] = await Promise.all([
    tables.query('executions', id, withPrefix('command~')),
    headOfStream(tables, id, OPERATOR_STREAM),
  ]);
  const record: CommandRecord = { sequence: orders.length + 1, ...command };
  await tables.write('executions', id, orderChanges(record, head));
  return record;
}

/** Of a stream whose head no row keeps: its last event tells. */
async function headOfStream(tables: Tables, id: string, stream: string): Promise<ChainHead> {
  const events = await tables.query('executions', id, withPrefix(`event~${stream}~`));
  const last = events.at(-1);
  return last === undefined ? GENESIS : headOf(loaded<RecordedEvent>(last).value);
}
