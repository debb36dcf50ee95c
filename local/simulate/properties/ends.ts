import { movesApplication } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

export const ends: Property = {
  name: 'H1',
  promise: 'an end says what is true: where the database is, and who serves',
  broken: (run) =>
    run.told.flatMap((one) => [...untrue(run, one), ...notServed(run, one), ...forgiven(one)]),
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

/** What failed is forgiven only where the plan says so. */
function forgiven({ header, steps, plan }: Told): readonly Violation[] {
  if (header.state !== 'succeeded') return [];
  return steps
    .filter(({ id, state }) => state === 'failed' && plan.step(id).onFailure !== 'continue')
    .map(({ id }) => ({
      at: Date.parse(header.endedAt ?? header.requestedAt),
      sentence: `${header.id} succeeded although ${id} failed`,
    }));
}

/** Of the last execution, when all regions live again and no step was left out or allowed to fail. */
function notServed(run: Run, { header, steps, plan }: Told): readonly Violation[] {
  const { told, truths, schedule, endedAt } = run;
  const isLast = told.at(-1)?.header.id === header.id;
  if (!movesApplication(header)) return [];
  if (header.state !== 'succeeded' || !isLast || schedule.plan.base === 'data') return [];
  const done = steps.filter(({ id }) => ['always', header.mode].includes(plan.step(id).when));
  if (done.some(({ state }) => state === 'skipped' || state === 'failed')) return [];
  const begun = Math.min(...run.moments(header.requestedAt), run.endedAt);
  const outages = schedule.happenings.filter((one) => one.do === 'outage');
  if (outages.some(({ at }) => run.begunAt + at * 1_000 > begun)) return [];
  const truth = truths.at(-1)?.truth;
  const to = truth?.sites[header.to];
  if (truth === undefined || to === undefined || to.dead) return [];
  const open = (site: string): boolean | undefined => {
    const endpoint = plan.plan.sites[site]?.resources['endpoint'];
    return typeof endpoint === 'string' ? truth.endpoints[endpoint] : undefined;
  };
  return to.serves && open(header.to) === true && open(header.from) === false
    ? []
    : [{ at: endedAt, sentence: `${header.id} succeeded, but ${JSON.stringify(truth)}` }];
}
