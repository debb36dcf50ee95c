import { headOf, link } from '../core/chain.ts';
import type { Instant } from '../core/clock.ts';
import { EXECUTION_STREAM, stepStream } from '../core/events.ts';
import type { Happening, RecordedEvent } from '../core/events.ts';
import { GENESIS } from '../core/execution.ts';
import type { ChainHead, CommandRecord, ExecutionRecord } from '../core/execution.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';
import { asRow, loaded, padded, replaced, whileContended } from './partition.ts';
import type { Loaded } from './partition.ts';
import type { Blobs } from './blobs.ts';
import { withPrefix } from './tables.ts';
import type { Change, Tables } from './tables.ts';

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
    first: Happening,
  ): Promise<void>;
  header(id: string): Promise<Loaded<ExecutionRecord> | null>;
  steps(id: string): Promise<readonly Loaded<StepRecord>[]>;
  step(id: string, stepId: string): Promise<StepPage | null>;
  attempts(id: string): Promise<readonly AttemptRecord[]>;
  commands(id: string): Promise<readonly CommandRecord[]>;
  events(id: string): Promise<readonly RecordedEvent[]>;
  /** The pinned plan, as text. */
  snapshot(id: string): Promise<string>;
  /** Appends an operator's order with the next sequence number. */
  order(id: string, command: Omit<CommandRecord, 'sequence'>): Promise<CommandRecord>;
  /** Writes a header (and steps) with the events that tell why; throws `RowConflict` when read too long ago. */
  write(id: string, at: Instant, entry: Entry): Promise<void>;
  /** Newest first. */
  recent(limit: number): Promise<readonly ExecutionRecord[]>;
}

export interface StepPage {
  readonly step: Loaded<StepRecord>;
  readonly attempts: readonly Loaded<AttemptRecord>[];
}

export interface Entry {
  readonly header?: Revision<ExecutionRecord>;
  readonly steps?: readonly Revision<StepRecord>[];
  /** Inserted: fails when the same call of the same attempt was recorded by somebody else. */
  readonly newAttempts?: readonly AttemptRecord[];
  readonly attempts?: readonly {
    readonly before: Loaded<AttemptRecord>;
    readonly after: AttemptRecord;
  }[];
}

/** A row's next value and the events on its stream. */
export interface Revision<T> {
  readonly before: Loaded<T>;
  readonly after: T;
  readonly events: readonly Happening[];
}

const HEADER = 'execution';
const OPERATOR_STREAM = 'operator';
/** A batch holds 100 rows; a step may bring a handful. */
const STEPS_PER_BATCH = 12;

const stepRow = (id: string): string => `step~${id}`;
const attemptRow = (attempt: AttemptRecord): string =>
  `step~${attempt.step}~attempt~${attempt.direction}~${padded(attempt.attempt)}~${encodeURIComponent(attempt.call).replaceAll('%', '=')}`;
const eventRow = (stream: string, sequence: number): string =>
  `event~${stream.replaceAll('/', ':')}~${padded(sequence)}`;
const isAttempt = (key: string): boolean => key.includes('~attempt~');

/** Later executions first: row keys sort upwards, so time is counted down. */
function indexRow(record: ExecutionRecord): string {
  return `${String(9_999_999_999_999 - Date.parse(record.requestedAt))}~${record.id}`;
}

function appended(
  stream: string,
  head: ChainHead,
  at: Instant,
  happenings: readonly Happening[],
): { head: ChainHead; changes: Change[] } {
  const changes: Change[] = [];
  let last = head;
  for (const happening of happenings) {
    const event = link(last, { stream, at, ...happening });
    last = headOf(event);
    changes.push({ do: 'insert', row: eventRow(stream, event.sequence), value: asRow(event) });
  }
  return { head: last, changes };
}

function headerChanges(at: Instant, revision: Revision<ExecutionRecord>): Change[] {
  const { head, changes } = appended(
    EXECUTION_STREAM,
    revision.before.value.head,
    at,
    revision.events,
  );
  return [replaced(HEADER, revision.before, { ...revision.after, head }), ...changes];
}

function stepChanges(at: Instant, revision: Revision<StepRecord>): Change[] {
  const { id, head: before } = revision.before.value;
  const { head, changes } = appended(stepStream(id), before, at, revision.events);
  return [replaced(stepRow(id), revision.before, { ...revision.after, head }), ...changes];
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
      for (let index = 0; index < steps.length; index += 90) {
        await write(
          record.id,
          steps
            .slice(index, index + 90)
            .map((step) => ({ do: 'put', row: stepRow(step.id), value: asRow(step) })),
        );
      }
      const { head, changes } = appended(EXECUTION_STREAM, GENESIS, record.requestedAt, [first]);
      await write(record.id, [
        { do: 'insert', row: HEADER, value: asRow({ ...record, head }) },
        ...changes,
      ]);
    },

    async steps(id) {
      const rows = await tables.query('executions', id, withPrefix('step~'));
      return rows.filter((row) => !isAttempt(row.key)).map((row) => loaded<StepRecord>(row));
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

    order: (id, command) =>
      whileContended(20, async () => {
        const [orders, events] = await Promise.all([
          tables.query('executions', id, withPrefix('command~')),
          tables.query('executions', id, withPrefix(`event~${OPERATOR_STREAM}~`)),
        ]);
        const last = events.at(-1);
        const head = last === undefined ? GENESIS : headOf(loaded<RecordedEvent>(last).value);
        const record: CommandRecord = { sequence: orders.length + 1, ...command };
        const { at, ...data } = record;
        const { changes } = appended(OPERATOR_STREAM, head, at, [
          { type: 'command-received', data },
        ]);
        await write(id, [
          { do: 'insert', row: `command~${padded(record.sequence)}`, value: asRow(record) },
          ...changes,
        ]);
        return record;
      }),

    async write(id, at, entry) {
      // Steps before the header: a crash in between leaves steps that are only looked at again.
      const steps = entry.steps ?? [];
      const whole = Math.max(0, Math.ceil(steps.length / STEPS_PER_BATCH) - 1) * STEPS_PER_BATCH;
      for (let index = 0; index < whole; index += STEPS_PER_BATCH) {
        await write(
          id,
          steps.slice(index, index + STEPS_PER_BATCH).flatMap((step) => stepChanges(at, step)),
        );
      }
      const changes = [
        ...steps.slice(whole).flatMap((step) => stepChanges(at, step)),
        ...(entry.newAttempts ?? []).map((attempt): Change => ({
          do: 'insert',
          row: attemptRow(attempt),
          value: asRow(attempt),
        })),
        ...(entry.attempts ?? []).map(({ before, after }) =>
          replaced(attemptRow(after), before, after),
        ),
        ...(entry.header === undefined ? [] : headerChanges(at, entry.header)),
      ];
      if (changes.length > 0) await write(id, changes);
    },

    async recent(limit) {
      const rows = await tables.query('index', 'executions', { limit });
      const ids = rows.map((row) => row.value['id']).filter((id) => typeof id === 'string');
      const headers = await Promise.all(ids.map((id) => header(id)));
      return headers.flatMap((one) => (one === null ? [] : [one.value]));
    },
  };
}
