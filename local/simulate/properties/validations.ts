import { movesApplication } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { setsClockAnew } from '../schedule.ts';
import type { Truth } from '../truth.ts';
import type { Property, Violation } from './property.ts';

export const validations: Property = {
  name: 'H6',
  promise: 'a check passes only while what it checks is so',
  broken: (run) =>
    setsClockAnew(run.schedule)
      ? []
      : run.told
          .filter(({ header }) => movesApplication(header))
          .flatMap((one) => [...passedUntrue(run, one), ...passedUnwritten(run, one)]),
};

/** What the café's plans check, as far as the truth about the world tells of it: of names and consoles it does not. */
const CHECKED: Readonly<Record<string, (truth: Truth, to: string) => boolean>> = {
  'database-writable': ({ primary }, to) => primary === to,
  application: ({ sites }, to) => sites[to]?.serves === true,
};

/** A look may be under way for as long as its caller waits for it. */
const UNDER_WAY_MS = 65_000;

function passedUntrue({ truths, lost }: Run, one: Told): readonly Violation[] {
  const { id, from, to } = one.header;
  return passed(one).flatMap(({ step, at }) => {
    const isSo = CHECKED[step];
    const within = (moment: number): boolean => moment <= at && moment >= at - UNDER_WAY_MS;
    // Where the other server cannot be asked, nobody contradicts one that has not noticed.
    const unheard = lost.some((read) => within(read.at) && read.path.includes(`sql-cafe-${from}`));
    if (isSo === undefined || unheard) return [];
    return truths.some(({ at: moment, truth }) => within(moment) && isSo(truth, to))
      ? []
      : [{ at, sentence: `${id}: ${step} passed, and it was not so of ${to}` }];
  });
}

/** The step that proves by writing, through the public name. */
const WRITES = 'coffee';

function passedUnwritten({ posts }: Run, one: Told): readonly Violation[] {
  return passed(one)
    .filter(({ step }) => step === WRITES)
    .filter(
      ({ since, at }) =>
        !posts.some((post) => post.at >= since && post.at <= at && post.entry.status === 201),
    )
    .map(({ step, at }) => ({
      at,
      sentence: `${one.header.id}: ${step} passed, and nothing had been written`,
    }));
}

interface Passed {
  readonly step: string;
  readonly since: number;
  readonly at: number;
}

function passed({ events }: Told): readonly Passed[] {
  return events.flatMap((done) => {
    if (done.type !== 'step-done') return [];
    const began = events.findLast(
      (event) =>
        event.type === 'step-began' &&
        event.stream === done.stream &&
        event.sequence < done.sequence,
    );
    const at = Date.parse(done.at);
    return [{ step: done.data.step, since: Date.parse(began?.at ?? done.at), at }];
  });
}
