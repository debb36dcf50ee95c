import { folderSource } from '../src/plan/folder-source.ts';
import { unwatched } from '../test/support/plans.ts';
import { quantile, withSpread } from './figures.ts';
import { causes } from './overhead/causes.ts';
import type { Causes } from './overhead/causes.ts';
import { MACHINES_PLAN, groupOf, machines, namesOf } from './overhead/machines.ts';
import type { Fleet } from './overhead/machines.ts';
import { failover, liveDrill, rehearsal } from './overhead/measure.ts';
import type { Measured, Options } from './overhead/measure.ts';
import { loadScript, timed } from './overhead/plain.ts';

const CAFE = 'websphere-cafe';
const CAFE_SEEDS = 15;
const SEEDS = 9;
/** A hundred steps take long to simulate, and their slowest chain hardly differs from seed to seed. */
const FEW_SEEDS = 3;
const GOAL = 1.03;
const FLEETS: readonly Fleet[] = [
  { stages: 5, together: 1 },
  { stages: 5, together: 4 },
  { stages: 10, together: 10 },
];

/** What is measured, on one seed; the script's seconds beside it, where there is a script for the same. */
interface Row {
  readonly what: string;
  readonly seeds: number;
  readonly measure: (options: Options) => Promise<Measured>;
  readonly options: Options;
  readonly script?: (seed: number) => Promise<number>;
}

/**
 * How much longer failovers and drills take than the slowest chain of Azure's own operations, probes and TTLs in them,
 * on the local host with a real host's latencies and at the recorded durations of Azure; beside them a plain script of
 * the SDKs' own begin-and-wait calls in the same worlds; and of what the example plan's overhead consists.
 */
export async function run(): Promise<void> {
  console.log(
    '| run | seconds | over the slowest chain | goal | a plain script, seconds | over the script |',
  );
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const row of await rows()) console.log(`| ${(await cells(row)).join(' | ')} |`);
  const found: Causes[] = [];
  for (let seed = 1; seed <= CAFE_SEEDS; seed += 1)
    found.push(await causes({ seed, plans: unwatched(folderSource('plans')) }));
  console.log();
  tellCauses(found);
}

async function rows(): Promise<readonly Row[]> {
  const { script, time } = await loadScript();
  const plans = unwatched(folderSource('plans'));
  const cafe = { options: { plans }, seeds: CAFE_SEEDS };
  return [
    {
      ...{
        ...cafe,
        what: 'failover of the example plan',
        measure: (options) => failover(CAFE, options),
      },
      script: (seed) => timed(time, { seed }, (reach) => script.failOver(reach)),
    },
    ...FLEETS.map((fleet): Row => ({
      what: `failover, ${words(fleet)}`,
      seeds: seedsFor(fleet),
      measure: (options) => failover(MACHINES_PLAN, options),
      options: machines(fleet),
      script: (seed) =>
        timed(time, { seed, scenario: machines(fleet).scenario }, (reach) =>
          script.stopMachines(reach, groupOf('east'), namesOf(fleet)),
        ),
    })),
    {
      ...cafe,
      seeds: FEW_SEEDS,
      what: 'rehearsal of the example plan',
      measure: (options) => rehearsal(CAFE, options),
    },
    ...FLEETS.map((fleet): Row => ({
      what: `live drill there and back, ${words(fleet)}`,
      seeds: FEW_SEEDS,
      measure: liveDrill,
      options: machines(fleet, { isDrilled: true }),
    })),
  ];
}

function seedsFor({ stages, together }: Fleet): number {
  return stages * together < 100 ? SEEDS : FEW_SEEDS;
}

function words({ stages, together }: Fleet): string {
  return `${stages * together} steps, ${together} at a time`;
}

async function cells({ what, seeds, measure, options, script }: Row): Promise<readonly string[]> {
  const runs: { elapsed: number; ratio: number; script: number }[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { elapsed, azure } = await measure({ ...options, seed });
    const plain = script === undefined ? Number.NaN : await script(seed);
    runs.push({ elapsed, ratio: elapsed / azure, script: plain });
  }
  const ratios = runs.map(({ ratio }) => ratio);
  const scripts = runs.map((one) => one.script);
  return [
    what,
    withSpread(runs.map(({ elapsed }) => elapsed)),
    withSpread(ratios, 3),
    quantile(ratios, 0.5) <= GOAL ? `≤ ${GOAL}: met` : `≤ ${GOAL}: missed`,
    script === undefined ? '' : withSpread(scripts),
    script === undefined
      ? ''
      : withSpread(
          runs.map((one) => one.elapsed / one.script),
          2,
        ),
  ];
}

const WORDS: Readonly<Record<keyof Causes, string>> = {
  azure: 'Azure’s own operations, probes and TTLs, stage by stage the slowest',
  application: 'the application starts on the new machines',
  looking: 'until a look has seen that it answers',
  steps: 'within the steps: rows, queues, timers',
  between: 'between the stages: decisions, evidence, queues',
};

function tellCauses(found: readonly Causes[]): void {
  const ours = ({ looking, steps, between }: Causes): number => looking + steps + between;
  console.log('| of the example plan’s failover | seconds | of Azure’s part |');
  console.log('| --- | --- | --- |');
  for (const [cause, text] of Object.entries(WORDS)) {
    const part = (one: Causes): number => one[cause as keyof Causes];
    const share = withSpread(
      found.map((one) => part(one) / one.azure),
      3,
    );
    console.log(`| ${text} | ${withSpread(found.map(part), 1)} | ${share} |`);
  }
  const added = withSpread(
    found.map((one) => (one.azure + ours(one)) / one.azure),
    3,
  );
  console.log(`| over Azure’s part without the application’s start | | ${added} |`);
}
