import { isRehearsal } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { setsClockAnew } from '../schedule.ts';
import type { Absence } from '../instance.ts';
import type { Property, Violation } from './property.ts';

export const silence: Property = {
  name: 'H7',
  promise: 'after a long silence nothing is changed before a person has looked',
  broken: (run) =>
    setsClockAnew(run.schedule)
      ? []
      : run.absences
          .filter(({ from, until }) => until - from > LONG_MS)
          .flatMap((absence) => run.told.flatMap((one) => unasked(run, absence, one))),
};

/** A quarter of an hour past when the app next meant to look, which is minutes ahead at most. */
const LONG_MS = 20 * 60_000;

/** A rehearsal is cleaned up all the same: that touches nothing that serves. */
function unasked({ headers }: Run, { from, until }: Absence, one: Told): readonly Violation[] {
  const { header, attempts, commands } = one;
  const before = headers.findLast(({ at, record }) => record.id === header.id && at <= from);
  const state = before?.record.state;
  if (isRehearsal(header) || (state !== 'running' && state !== 'compensating')) return [];
  const word = commands.find(({ at }) => Date.parse(at) >= until);
  const asked = word === undefined ? Infinity : Date.parse(word.at);
  return attempts
    .map(({ step, call, sentAt }) => ({ step, call, at: Date.parse(sentAt) }))
    .filter(({ at }) => at >= until && at < asked)
    .map(({ step, call, at }) => ({
      at,
      sentence: `${header.id}: ${step} sent ${call} after ${(until - from) / 1_000} s of silence, and nobody had looked`,
    }));
}
