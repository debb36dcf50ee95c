import { START } from '../plans.ts';
import type { WatchShape } from '../plan-shape.ts';
import type { Run } from '../run.ts';
import type { Happening, HappeningOf } from '../happenings.ts';
import type { Schedule } from '../schedule.ts';
import { begunByItself, requestedAt } from './by-itself.ts';
import type { Property, Violation } from './property.ts';

export const noticed: Property = {
  name: 'W3',
  promise: 'a site that dies while the watch can look is noticed in time, and the plan is followed',
  broken: (run) => {
    const { watch } = run.schedule.plan;
    const death = clearDeath(run.schedule);
    return watch === undefined || death === null ? [] : unnoticed(run, watch, death);
  },
};

/** Traffic Manager's own detection at its slowest, with the café's settings: 4 × 10 s, and 5 s. */
const TRAFFIC_MANAGER_SECONDS = 45;
const TICK_SECONDS = 30;
/** The other side is asked whether it could take over: all that a failover touches is read. */
const FOLLOWED_SECONDS = 90;

/** How seldom Azure is read while nothing is suspected, and nothing of ours asks the site itself. */
const SELDOM_SECONDS = 300;

/** As many ticks as are needed, and the time that the last one takes. */
function noticedWithin({ failures, signals }: WatchShape): number {
  const asks = signals.includes('front') || signals.includes('console');
  return TRAFFIC_MANAGER_SECONDS + (asks ? 0 : SELDOM_SECONDS) + failures * TICK_SECONDS + 15;
}

const ASKS_AZURE = ['traffic', 'database', 'machines'];

/** What nobody can hold against the watch: that it was not up, or could not see. */
function hampers(one: Happening): boolean {
  return !['alerts', 'hold', 'lift-cooldown'].includes(one.do);
}

/** The first outage of the site that serves, in a world that is otherwise well until it must have been noticed. */
function clearDeath({ happenings, plan, latency }: Schedule): HappeningOf<'outage'> | null {
  const { watch } = plan;
  const death = happenings.find((one) => one.do === 'outage' && one.size !== 'none');
  if (watch === undefined || latency !== undefined || death?.do !== 'outage') return null;
  // All sizes but the database's own take the application from its clients.
  if (death.region !== 'eastus' || death.size === 'database' || death.at < 60) return null;
  // Without a signal that asks Azure the watch may take itself for cut off, and has warned of it.
  if (!watch.signals.some((id) => ASKS_AZURE.includes(id))) return null;
  const sees = watch.signals.filter((id) => id === 'front' || id === 'traffic').length;
  const until = death.at + noticedWithin(watch) + FOLLOWED_SECONDS;
  const isDisturbed = happenings.some((one) => one !== death && one.at <= until && hampers(one));
  return isDisturbed || sees < watch.quorum ? null : death;
}

function unnoticed(
  run: Run,
  watch: WatchShape,
  { at: seconds, size }: HappeningOf<'outage'>,
): readonly Violation[] {
  const died = START + seconds * 1_000;
  const until = died + noticedWithin(watch) * 1_000;
  const verdict = run.looks.find(
    ({ at, verdict: { is } }) => Date.parse(at) >= died && ['failed', 'both-down'].includes(is),
  );
  if (verdict === undefined || Date.parse(verdict.at) > until) {
    const when = verdict === undefined ? 'not at all' : `at ${verdict.at}`;
    return [{ at: until, sentence: `east died (${size}) and was called failed ${when}` }];
  }
  const followed =
    watch.action === 'notify' ||
    verdict.verdict.is === 'both-down' ||
    run.explanations.some(({ did, restraints }) => did !== null || restraints.length > 0) ||
    begunByItself(run).some((one) => requestedAt(one) <= until + FOLLOWED_SECONDS * 1_000);
  return followed
    ? []
    : [{ at: until, sentence: 'east was called failed, and nothing was done, withheld or said' }];
}
