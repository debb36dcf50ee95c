import { headOf, link } from '../core/chain.ts';
import type { Instant } from '../core/clock.ts';
import { EXECUTION_STREAM, stepStream } from '../core/events.ts';
import type { Happening } from '../core/events.ts';
import { GENESIS } from '../core/execution.ts';
import type { ChainHead, CommandRecord, ExecutionRecord } from '../core/execution.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';
import { asRow, padded, replaced } from './partition.ts';
import type { Loaded } from './partition.ts';
import type { Change } from './tables.ts';

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

export const HEADER = 'execution';
export const OPERATOR_STREAM = 'operator';
/** Of its own, so that whoever tells people of an execution never stands in its way. */
export const NOTIFICATION_STREAM = 'notification';
/** A batch holds 100 rows; with its events and attempts a step may bring a handful. */
const ROWS_PER_BATCH = 90;
const STEPS_PER_BATCH = 12;

export const stepRow = (id: string): string => `step~${id}`;
const attemptRow = (attempt: AttemptRecord): string =>
  `step~${attempt.step}~attempt~${attempt.direction}~${padded(attempt.attempt)}~${encodeURIComponent(attempt.call).replaceAll('%', '=')}`;
const eventRow = (stream: string, sequence: number): string =>
  `event~${stream.replaceAll('/', ':')}~${padded(sequence)}`;
export const isAttempt = (key: string): boolean => key.includes('~attempt~');

/** Later executions first: row keys sort upwards, so time is counted down. */
export function indexRow(record: ExecutionRecord): string {
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

/** A new execution's rows: its header comes last, so that nobody finds one without its steps. */
export function firstBatches(
  record: ExecutionRecord,
  steps: readonly StepRecord[],
  first: readonly Happening[],
): Change[][] {
  const { head, changes } = appended(EXECUTION_STREAM, GENESIS, record.requestedAt, first);
  return [
    ...inPieces(steps, ROWS_PER_BATCH).map((piece) =>
      piece.map((step): Change => ({ do: 'put', row: stepRow(step.id), value: asRow(step) })),
    ),
    [{ do: 'insert', row: HEADER, value: asRow({ ...record, head }) }, ...changes],
  ];
}

/** Steps before the header: a crash in between leaves steps that are only looked at again. */
export function batchesOf(at: Instant, entry: Entry): Change[][] {
  const pieces = inPieces(entry.steps ?? [], STEPS_PER_BATCH).map((piece) =>
    piece.flatMap((step) => stepChanges(at, step)),
  );
  const rest = [
    ...(pieces.pop() ?? []),
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
  return rest.length === 0 ? pieces : [...pieces, rest];
}

/** What is told of an execution beside its own way. */
export function notificationChanges(at: Instant, head: ChainHead, happening: Happening): Change[] {
  return appended(NOTIFICATION_STREAM, head, at, [happening]).changes;
}

/** An operator's order, and the event that tells of it. */
export function orderChanges(record: CommandRecord, head: ChainHead): Change[] {
  const { at, ...data } = record;
  const { changes } = appended(OPERATOR_STREAM, head, at, [{ type: 'command-received', data }]);
  return [
    { do: 'insert', row: `command~${padded(record.sequence)}`, value: asRow(record) },
    ...changes,
  ];
}

function inPieces<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
