import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

export const loss: Property = {
  name: 'S12',
  promise: 'the reported data loss is never less than the true one',
  broken: (run) => run.told.flatMap((one) => understated(run, one)),
};

/** What clients were promised and what is gone, held against the words of the execution that first lost something. */
function understated(run: Run, { header, steps, events }: Told): readonly Violation[] {
  const stated = header.dataLossSeconds;
  const { headers, schedule } = run;
  // Set anew, the clock hides how long ago the last sample was: nobody can know.
  if (schedule.happenings.some((one) => one.do === 'clock')) return [];
  const own = headers.filter(({ record }) => record.id === header.id);
  const before = own[0]?.cafe;
  const after = own.find(({ record }) => record.endedAt !== undefined)?.cafe;
  if (stated === undefined || stated === null || before === undefined || after === undefined)
    return [];
  // The café tells of the first and the last loss only; a second failover's share cannot be told apart.
  if (before.lost > 0 || after.lost === 0 || after.firstLostAt === null) return [];
  const moved = steps.find(({ lossSeconds }) => lossSeconds !== undefined);
  const done = events.find((event) => event.type === 'step-done' && event.data.step === moved?.id);
  const until = moved?.fencing?.state === 'fenced' ? moved.fencing.at : (done?.at ?? '');
  const trueSeconds = (Date.parse(until) - Date.parse(after.firstLostAt)) / 1_000;
  return trueSeconds <= stated + 1
    ? []
    : [
        {
          at: Date.parse(header.endedAt ?? header.requestedAt),
          sentence: `${header.id} says that at most ${stated} s were lost, but ${after.lost} orders are gone, the first of ${after.firstLostAt}: ${trueSeconds} s before ${until}`,
        },
      ];
}
