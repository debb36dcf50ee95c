import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

/** The local host says these when the app leads the platform into one of its traps. */
const TRAPS = [/stays Running for ever/, /The local host failed/, /non-deterministic/i];

export const health: Property = {
  name: 'H2',
  promise: 'the app never answers 500 by itself, and never falls into a trap of the platform',
  broken: (run) => [...trapped(run), ...broken(run)],
};

function trapped({ errors }: Run): readonly Violation[] {
  return errors
    .filter(({ message }) => TRAPS.some((trap) => trap.test(message)))
    .map(({ at, message }) => ({ at, sentence: message.slice(0, 300) }));
}

/** While the state store fails, an answer may fail with it. */
function broken({ asked, schedule }: Run): readonly Violation[] {
  if (schedule.happenings.some((one) => one.do === 'store')) return [];
  return asked
    .filter(({ status }) => status === 500)
    .map(({ at, body }) => ({ at, sentence: `${JSON.stringify(body)} was answered 500` }));
}
