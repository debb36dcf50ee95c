import { isReadOnly, isTerminal } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { SeenChange } from '../witness.ts';
import type { Property, Violation } from './property.ts';

/** By the records, and by what arrived while nothing was under way that may change anything. */
export const reading: Property = {
  name: 'S9',
  promise: 'nothing mutating happens in `validate` and `dry-run`',
  broken: (run) => [...run.told.flatMap(sentAnything), ...changedAnything(run)],
};

function sentAnything({ header, attempts }: Told): readonly Violation[] {
  const [first] = attempts;
  if (!isReadOnly(header) || first === undefined) return [];
  return [
    {
      at: Date.parse(first.sentAt),
      sentence: `${header.id} (${header.level ?? ''}) only reads, but ${first.step} sent ${first.call}`,
    },
  ];
}

/** A request may be under way, or on its way late, when its execution has ended already. */
const UNDER_WAY_MS = 120_000;

function changedAnything(run: Run): readonly Violation[] {
  const spans = run.told.filter(({ header }) => !isReadOnly(header)).map((one) => spanOf(run, one));
  const isAllowed = ({ at }: SeenChange): boolean =>
    spans.some(({ from, to }) => at >= from && at <= to + UNDER_WAY_MS);
  return [...run.changes, ...run.posts]
    .filter((change) => !isAllowed(change))
    .map(({ at, entry: { method, path } }) => ({
      at,
      sentence: `${method} ${path} came while nothing was under way that may change anything`,
    }));
}

function spanOf({ headers, endedAt }: Run, { header }: Told): { from: number; to: number } {
  const own = headers.filter(({ record }) => record.id === header.id);
  const ended = own.find(({ record }) => isTerminal(record.state));
  return { from: own[0]?.at ?? 0, to: ended?.at ?? endedAt };
}
