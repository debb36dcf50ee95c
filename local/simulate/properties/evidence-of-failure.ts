import type { WatchShape } from '../plan-shape.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { begunAt, begunByItself } from './by-itself.ts';
import type { Property, Violation } from './property.ts';

/**
 * Weighed anew from outside the app: what its probes heard, what Traffic Manager's showed, how the region was, which
 * alerts came in. Whatever the app counted, so much of it must have been there to be seen.
 */
export const evidenceOfFailure: Property = {
  name: 'W1',
  promise: 'nothing begins by itself unless as many independent sources as the plan wants saw it',
  broken: (run) => {
    const { watch } = run.schedule.plan;
    return watch === undefined ? [] : begunByItself(run).flatMap((one) => weigh(run, watch, one));
  },
};

function weigh(run: Run, watch: WatchShape, one: Told): readonly Violation[] {
  const at = begunAt(run, one);
  const alerted = alertStands(run, watch, one, at);
  const domains = [
    ...(isOften(probesFailed(run, watch, one), watch, at) ? ['our-network'] : []),
    ...(isOften(degraded(run, watch, one), watch, at) ? ['traffic-manager'] : []),
    ...(isOften(serverLost(run, watch, one), watch, at) ? ['resource-manager'] : []),
    ...(isOften(regionDead(run, watch, one), watch, at) ? ['resource-health'] : []),
  ];
  const enough = domains.length + (alerted ? 1 : 0) >= watch.quorum && domains.length > 0;
  if (enough || (alerted && watch.confirmed)) return [];
  const seen = [...domains, ...(alerted ? ['an alert'] : [])].join(', ') || 'nothing';
  return [
    {
      at,
      sentence: `${one.header.id} began by itself on the word of ${seen}, and ${watch.quorum} independent sources are needed`,
    },
  ];
}

/** Looks closer than 20 s are one; each is told after its reads, which differ in length. */
const APART_MS = 14_000;
/** Looks further apart do not follow each other. */
const FOLLOW_MS = 100_000;
/** From the verdict to the request the other side is asked whether it is ready, which may take its time. */
const READY_MS = 150_000;

/** As many bad looks as the plan wants were possible, shortly before. */
function isOften(bad: readonly number[], { failures }: WatchShape, at: number): boolean {
  const since = at - READY_MS - failures * FOLLOW_MS;
  let count = 0;
  let last = -Infinity;
  for (const moment of bad.filter((one) => one >= since && one <= at)) {
    if (moment - last < APART_MS) continue;
    count += 1;
    last = moment;
  }
  return count >= failures;
}

const REGIONS: Readonly<Record<string, string>> = { east: 'eastus', west: 'westus' };
const SLOW_SECONDS = 4;

function probesFailed(run: Run, { signals }: WatchShape, { header }: Told): readonly number[] {
  if (!signals.includes('front') && !signals.includes('console')) return [];
  return run.probes
    .filter(({ host }) => host.includes(REGIONS[header.from] ?? ''))
    .filter(({ status, seconds }) => status === null || status >= 400 || seconds > SLOW_SECONDS)
    .map(({ endedAt }) => endedAt);
}

function degraded(run: Run, { signals }: WatchShape, { header, plan }: Told): readonly number[] {
  const endpoint = plan.plan.sites[header.from]?.resources['endpoint'];
  if (!signals.includes('traffic') || typeof endpoint !== 'string') return [];
  return run.truths.filter(({ truth }) => truth.degraded.includes(endpoint)).map(({ at }) => at);
}

/** Resource Manager answers that it does not know of the database server. */
function serverLost(run: Run, { signals }: WatchShape, { header }: Told): readonly number[] {
  if (!signals.includes('database')) return [];
  return run.lost
    .filter(({ path }) => path.includes(`sql-cafe-${header.from}`))
    .map(({ at }) => at);
}

/** Resource Health is two minutes behind, in both directions. */
const NOTICED_MS = 150_000;

function regionDead(run: Run, { signals }: WatchShape, { header }: Told): readonly number[] {
  if (!signals.includes('machines')) return [];
  let deadAt = -Infinity;
  // They stand in the order in which they were witnessed.
  return run.truths.flatMap(({ at, truth }) => {
    if (truth.sites[header.from]?.dead === true) deadAt = at;
    return at - deadAt <= NOTICED_MS ? [at] : [];
  });
}

/** Fired, as far as the plan listens, and not resolved for longer than a verdict takes. */
function alertStands(
  { schedule, begunAt }: Run,
  { signals }: WatchShape,
  { header }: Told,
  at: number,
): boolean {
  const alerts = schedule.happenings
    .filter((one) => one.do === 'alerts')
    .filter((one) => signals.includes(one.rule))
    .filter((one) => one.rule === 'public-alert' || one.site === header.from);
  return alerts.some(
    (one) =>
      one.is === 'Fired' &&
      begunAt + one.at * 1_000 <= at &&
      !alerts.some(
        (other) =>
          other.is === 'Resolved' &&
          other.at - other.ageSeconds >= one.at - one.ageSeconds &&
          other.rule === one.rule &&
          other.site === one.site &&
          (other.same || other.copies >= one.copies) &&
          (one.same || !other.same) &&
          begunAt + other.at * 1_000 < at - READY_MS,
      ),
  );
}
