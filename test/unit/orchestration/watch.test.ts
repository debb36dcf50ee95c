import { readFile } from 'node:fs/promises';
import { beforeEach, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { VirtualClock } from '../../../local/clock/virtual.ts';
import { createVirtualWorld } from '../../../local/stack/world.ts';
import type { VirtualWorld } from '../../../local/stack/world.ts';
import { instant } from '../../../src/core/clock.ts';
import type { Look } from '../../../src/health/look.ts';
import { isDear } from '../../../src/health/signals/read.ts';
import type { WatchDeps } from '../../../src/orchestration/watch/deps.ts';
import { evaluatePlans, tick } from '../../../src/orchestration/watch/tick.ts';
import { createPlanFacts } from '../../../src/plan/facts.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { createWatchStates } from '../../../src/records/watch-states.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { depsOf, noDoor } from '../../support/drive.ts';

/** Instances of the app are made by hand here: what counts is who of them gets to do something. */

const FILE = 'websphere-cafe.yaml';
const text = (await readFile(`plans/${FILE}`, 'utf8')).replace('action: ask', 'action: act');
const PLAN = planOf(text);

function planOf(yaml: string): Plan {
  const parsed = parsePlan(FILE, yaml, stepKinds);
  if (!parsed.ok) throw new Error(`${FILE} is not valid.`);
  return parsed.value;
}

let clock: VirtualClock;
let world: VirtualWorld;
let sees: Look['as'];
/** What people were told. */
let said: unknown[];

beforeEach(() => {
  clock = createVirtualClock({ start: Date.parse('2026-11-21T10:00:00Z') });
  said = [];
  world = createVirtualWorld({ clock, log: ({ data }) => void said.push(data?.['what']) });
  sees = 'bad';
});

/** One host's app on the common store. All its signals see the same. */
function instance(): WatchDeps {
  return {
    ...depsOf(world.platform),
    watchStates: createWatchStates(world.tables),
    facts: createPlanFacts(stepKinds),
    readSignals: async (wanted) => {
      await clock.sleep(200);
      return wanted.map(({ plan, site, signal }): Look => ({
        ...{ plan, site, signal: signal.id, sees, as: sees, judges: 'health' },
        domain: signal.uses === 'http' ? 'our-network' : 'traffic-manager',
        at: instant(clock.now()),
      }));
    },
    readiness: async () => ({ ready: 'yes', why: '' }),
    onlooker: null,
  };
}

async function counts(): Promise<number[]> {
  const state = await clock.run(() => createWatchStates(world.tables).of(PLAN.name));
  return [...new Set(state?.standings.map(({ run }) => run?.count ?? 0))];
}

async function begun(deps: WatchDeps): Promise<number> {
  return (await clock.run(() => deps.executions.recent(10))).length;
}

async function ticks(
  number: number,
  instances: readonly WatchDeps[],
  apartMs = 0,
  plans: readonly Plan[] = [PLAN],
): Promise<void> {
  for (let count = 0; count < number; count += 1) {
    await clock.run(async () => {
      const at = clock.now();
      await Promise.all(
        instances.map(async (deps, index) => {
          await clock.sleep(index * apartMs);
          await tick(deps, plans, noDoor);
        }),
      );
      await clock.sleep(at + 30_000 - clock.now());
    });
  }
}

it.each([0, 3, 100, 5_000])(
  'counts once what two hosts see %i ms apart, and starts one execution',
  async (apart) => {
    const [one, two] = [instance(), instance()];
    await ticks(2, [one, two], apart);
    expect(await counts()).toEqual([2]);
    expect(await begun(one)).toBe(0);
    await ticks(4, [one, two], apart);
    expect(await begun(one)).toBe(1);
    expect(said.filter((what) => what === 'site-failed')).toHaveLength(1);
  },
);

it('does not count faster because of looks that are asked for in between', async () => {
  const deps = instance();
  for (let count = 0; count < 20; count += 1)
    await clock.run(async () => {
      await evaluatePlans(deps, [PLAN], noDoor);
      await clock.sleep(1_000);
    });
  expect(await counts()).toEqual([2]);
  expect(await begun(deps)).toBe(0);
});

it('starts what an instance that died before it could start it has decided', async () => {
  const dying = {
    ...instance(),
    locks: { ...instance().locks, acquire: () => Promise.reject(new Error('dead')) },
  };
  await ticks(3, [dying]);
  expect(await begun(dying)).toBe(0);
  const next = instance();
  await ticks(1, [next]);
  expect(await begun(next)).toBe(1);
});

it('decides nothing while the store does not answer, and counts anew after a long time', async () => {
  const deps = instance();
  await ticks(2, [deps]);
  const mend = world.tables.onWrite({ before: () => Promise.reject(new Error('unreachable')) });
  await ticks(20, [deps]);
  mend();
  await ticks(1, [deps]);
  expect(await counts()).toEqual([1]);
  expect(await begun(deps)).toBe(0);
});

it.each([
  ['its signals are', '/websphere-cafe/', '/other-cafe/', 1],
  ['something else of it is', 'timeout: 15m', 'timeout: 16m', 3],
])('counts anew when a plan is changed and %s', async (_what, find, put, count) => {
  const deps = instance();
  await ticks(2, [deps]);
  expect(text).toContain(find);
  await ticks(1, [deps], 0, [planOf(text.replaceAll(find, put))]);
  expect(await counts()).toEqual([count]);
  expect(await begun(deps)).toBe(count === 3 ? 1 : 0);
});

it('writes nothing while nothing changes but the time', async () => {
  const deps = instance();
  sees = 'good';
  await ticks(2, [deps]);
  let writes = 0;
  world.tables.onWrite({ after: () => void (writes += 1) });
  await ticks(20, [deps]);
  expect(writes).toBeLessThanOrEqual(10);
});

it('reads what is dear of a fleet a part at each tick, and of each plan every five minutes', async () => {
  sees = 'good';
  const deps = instance();
  const read: string[][] = [];
  const counting: WatchDeps = {
    ...deps,
    readSignals: (wanted) => {
      const dear = wanted.filter(({ signal }) => isDear(signal.uses)).map(({ plan }) => plan);
      read.push([...new Set(dear)]);
      return deps.readSignals(wanted);
    },
  };
  const fleet = Array.from({ length: 100 }, (_, index) => ({ ...PLAN, name: `plan-${index}` }));
  await ticks(41, [counting], 0, fleet);
  const [first = [], ...later] = read;
  expect(first).toHaveLength(100);
  expect(Math.max(...later.map((plans) => plans.length))).toBeLessThan(25);
  // Of ten ticks in a row each plan has one, whichever ten they are.
  for (let from = 10; from + 10 <= later.length; from += 1)
    expect(
      later
        .slice(from, from + 10)
        .flat()
        .toSorted(),
    ).toEqual(first.toSorted());
});
