import { isRehearsal, isTerminal } from '../../../src/core/execution.ts';
import { SYSTEM } from '../../../src/core/principal.ts';
import { START } from '../plans.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

/** What a rehearsal began it has cleaned up, or it names what is left; and the calendar is kept, once a window. */
export const drills: Property = {
  name: 'S7',
  promise: 'a drill leaves everything as it found it, or says precisely what is left',
  broken: (run) => [
    ...run.told.flatMap((one) => [...unsaid(one), ...leftBehind(run, one), ...neverBack(run, one)]),
    ...offCalendar(run),
  ],
};

function unsaid({ header, steps }: Told): readonly Violation[] {
  if (!isRehearsal(header) || !isTerminal(header.state)) return [];
  const at = Date.parse(header.endedAt ?? header.requestedAt);
  return steps
    .filter(({ touched, state }) => touched && state !== 'undone')
    .filter(({ id }) => header.outcome?.includes(id) !== true || header.state === 'succeeded')
    .map(({ id, state }) => ({
      at,
      sentence: `${header.id} ended ${header.state} with ${id} ${state}, and does not say so: ${header.outcome ?? ''}`,
    }));
}

/** What it calls cleaned up is gone from the world. */
function leftBehind({ headers }: Run, { header }: Told): readonly Violation[] {
  if (!isRehearsal(header) || header.outcome?.includes('is cleaned up') !== true) return [];
  const own = headers.filter(({ record }) => record.id === header.id);
  const before = own[0]?.truth.sites[header.to]?.machines;
  const end = own.find(({ record }) => isTerminal(record.state));
  const after = end?.truth.sites[header.to]?.machines;
  if (end === undefined || before === after) return [];
  return [
    {
      at: end.at,
      sentence: `${header.id} says that all is cleaned up, but ${header.to} had ${before ?? 0} machines and has ${after ?? 0}`,
    },
  ];
}

/** A live drill that has gone there goes back, or says that it did not. */
function neverBack({ told, drills: notes, endedAt }: Run, { header }: Told): readonly Violation[] {
  const { id, level, state, partOf } = header;
  if (level !== 'live' || state !== 'succeeded' || partOf !== undefined) return [];
  const back = told.some((other) => other.header.partOf === id);
  const said = notes.some(({ is, sentence }) => is === 'skipped' && sentence.includes(id));
  return back || said
    ? []
    : [{ at: endedAt, sentence: `${id} went there, and neither came back nor says so` }];
}

function offCalendar({ schedule, told }: Run): readonly Violation[] {
  const { drill } = schedule.plan;
  const own = told.filter(
    ({ header }) =>
      header.requestedBy.id === SYSTEM.id &&
      header.level !== undefined &&
      header.partOf === undefined,
  );
  const begins = START + (drill?.atMinutes ?? Infinity) * 60_000;
  const ends = begins + (drill?.windowMinutes ?? 0) * 60_000;
  const early = own.filter(({ header }) => {
    const at = Date.parse(header.requestedAt);
    return at < begins || at > ends;
  });
  return [...early, ...own.slice(1)].map(({ header }) => ({
    at: Date.parse(header.requestedAt),
    sentence: `${header.id} was begun by the calendar outside its window, or a second time`,
  }));
}
