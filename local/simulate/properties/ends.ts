import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

export const ends: Property = {
  name: 'H1',
  promise: 'an end says what is true: where the database is',
  broken: (run) => run.told.flatMap((one) => untrue(run, one)),
};

/** Skipped and waived steps are people's decisions; whoever decided knows that the world may stand otherwise. */
function untrue({ headers }: Run, { header, steps }: Told): readonly Violation[] {
  const end = headers.find(
    ({ record }) =>
      record.id === header.id && (record.state === 'succeeded' || record.state === 'compensated'),
  );
  const database = steps.find(({ uses }) => uses === 'sql/failover-group');
  if (end === undefined || database === undefined) return [];
  if (database.state === 'skipped' || database.state === 'failed' || database.waived === true)
    return [];
  const wanted = end.record.state === 'succeeded' ? header.to : header.from;
  const untouched = end.record.state === 'compensated' && !database.touched;
  return untouched || end.truth.primary === wanted
    ? []
    : [
        {
          at: end.at,
          sentence: `${header.id} ended ${end.record.state}, but the database is primary in ${end.truth.primary}`,
        },
      ];
}
