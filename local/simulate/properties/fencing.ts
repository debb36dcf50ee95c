import type { Instant } from '../../../src/core/clock.ts';
import type { RecordedEvent } from '../../../src/core/events.ts';
import type { Fencing } from '../../../src/core/execution.ts';
import { stepStream } from '../../../src/core/events.ts';
import type { AttemptRecord } from '../../../src/core/step.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { attributed } from './attribution.ts';
import type { Attributed } from './attribution.ts';
import type { Property, Violation } from './property.ts';

export const fencing: Property = {
  name: 'S1',
  promise: 'never two sides that take writes by our act, unless a presumed fence was accepted',
  broken: (run) => [...attributed(run).flatMap((one) => unfenced(run, one)), ...bothServe(run)],
};

/** What makes the other side writable in an unplanned run is preceded by a fence, or by somebody's word. */
function unfenced(run: Run, { change, by }: Attributed): readonly Violation[] {
  if (by === null || change.entry.effect === null || by.attempt.direction === 'undo') return [];
  const { told, attempt } = by;
  const { bound } = told.plan.step(attempt.step);
  if (!bound.makesWritable || modeAt(run, told, change.at) === 'planned') return [];
  const assessed = beforeSending(told, attempt).findLast(
    (event) => event.type === 'fencing-assessed',
  );
  const what = `${told.header.id}: ${change.entry.effect}`;
  if (assessed === undefined) {
    return [{ at: change.at, sentence: `${what} before the old side was looked at` }];
  }
  const { state } = assessed.data;
  if (state === 'fenced') return falselyFenced(run, told, assessed, what);
  if (state === 'presumed' && downIn(assessed.data.observers) < 2)
    return [{ at: change.at, sentence: `${what} on the word of a single failure domain` }];
  return state === 'presumed' && told.plan.plan.fencing.presumed === 'accept'
    ? []
    : accepted(run, told, attempt.sentAt)
      ? []
      : [{ at: change.at, sentence: `${what} although the old side was ${state}` }];
}

/** What the step's own stream tells before the call, in its order: clocks may be set anew in between. */
function beforeSending({ events }: Told, sent: AttemptRecord): readonly RecordedEvent[] {
  const own = events
    .filter(({ stream }) => stream === stepStream(sent.step))
    .toSorted((left, right) => left.sequence - right.sequence);
  const index = own.findIndex(
    (event) =>
      event.type === 'call-sent' &&
      event.data.call === sent.call &&
      event.data.attempt === sent.attempt,
  );
  return own.slice(0, index);
}

/** In how many failure domains the old side was seen down: Resource Manager speaks for machines and databases. */
function downIn(observers: Fencing['observers']): number {
  const down = observers.filter((one) => one.down).map(({ observer }) => observer);
  return new Set(
    down.map((observer) =>
      observer.startsWith('SQL server') ? 'Azure Resource Manager' : observer,
    ),
  ).size;
}

function modeAt({ headers }: Run, told: Told, at: number): string {
  const written = headers.filter((one) => one.record.id === told.header.id && one.at <= at);
  return written.at(-1)?.record.mode ?? told.header.mode;
}

function accepted(run: Run, { events }: Told, before: Instant): boolean {
  return events.some(
    (event) =>
      event.type === 'accepted' &&
      event.data.acceptance === 'presumed-fence' &&
      mayPrecede(run, event.at, before),
  );
}

/** The app's clock may have been set anew in between. */
function mayPrecede({ moments }: Run, one: Instant, other: Instant): boolean {
  return Math.min(...moments(one)) <= Math.max(...moments(other));
}

/** "Fenced" is a proof: the old side's machines are off, or its database takes no writes, or its region is dead. */
function falselyFenced(
  { truths, moments }: Run,
  { header }: Told,
  assessed: RecordedEvent,
  what: string,
): readonly Violation[] {
  const at = Math.max(...moments(assessed.at));
  const truth = truths.filter((one) => one.at <= at).at(-1)?.truth;
  const old = truth?.sites[header.from];
  if (truth === undefined || old === undefined) return [];
  return old.dead || old.machinesOn === 0 || truth.primary !== header.from
    ? []
    : [{ at, sentence: `${what}: the old side was called fenced while it could write` }];
}

/** With a cold standby one side's machines are off. Regions that died meanwhile may have come back by themselves. */
function bothServe({ schedule, truths }: Run): readonly Violation[] {
  const { base } = schedule.plan;
  if (base === 'data-and-traffic') return [];
  if (schedule.happenings.some((one) => one.do === 'outage')) return [];
  const seen = truths.find(({ truth }) => Object.values(truth.sites).every(({ serves }) => serves));
  return seen === undefined ? [] : [{ at: seen.at, sentence: 'both sides serve at the same time' }];
}
