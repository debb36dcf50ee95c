import { readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { VirtualClock } from '../../../local/clock/virtual.ts';
import { createVirtualWorld } from '../../../local/stack/world.ts';
import type { VirtualWorld } from '../../../local/stack/world.ts';
import { askReadiness } from '../../../src/orchestration/readiness/ask.ts';
import type { ReadinessDeps } from '../../../src/orchestration/readiness/deps.ts';
import { keepReadiness } from '../../../src/orchestration/readiness/keep.ts';
import { sampleLag } from '../../../src/orchestration/lag.ts';
import { createPlanFacts } from '../../../src/plan/facts.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { createAlerts } from '../../../src/records/alerts.ts';
import { createReadinessRecords } from '../../../src/records/readiness.ts';
import type { Readiness } from '../../../src/records/readiness.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { depsOf } from '../../support/drive.ts';

const START = Date.parse('2026-11-21T10:00:00Z');
const PLAN = await cafePlan();

async function cafePlan(): Promise<Plan> {
  const file = 'websphere-cafe.yaml';
  const parsed = parsePlan(file, await readFile(`plans/${file}`, 'utf8'), stepKinds);
  if (!parsed.ok) throw new Error(`${file} is not valid.`);
  return parsed.value;
}

let clock: VirtualClock;
let world: VirtualWorld;
let deps: ReadinessDeps;

// Virtual time does not wait for the disk: what is loaded on first use is loaded before.
beforeAll(async () => {
  await Promise.all([
    import('@azure/identity'),
    import('@azure/arm-compute'),
    import('@azure/arm-network'),
    import('@azure/arm-trafficmanager'),
    import('../../../src/azure/sdk/site-recovery.ts'),
    import('../../../src/azure/sdk/sql.ts'),
  ]);
});

beforeEach(async () => {
  clock = createVirtualClock({ start: START });
  world = createVirtualWorld({ clock });
  const { tables } = world.platform;
  deps = {
    ...depsOf(world.platform),
    alerts: createAlerts(tables),
    readiness: createReadinessRecords(tables),
    facts: createPlanFacts(stepKinds),
    region: 'centralus',
  };
  await clock.run(async () => {
    await clock.sleep(300_000);
    await sampleLag(deps, [PLAN]);
  });
});

function ask(plan = PLAN, fresh = true): ReturnType<typeof askReadiness> {
  return clock.run(() => askReadiness(deps, plan, fresh));
}

/** As `critical planned left: …`, of what matters. */
function lines({ findings }: Readiness): readonly string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, mode, side, step, problem }) =>
      [severity, mode, side, step, problem].filter((one) => one !== undefined).join(' '),
    );
}

describe('the readiness of a plan', () => {
  it('is told of when it is lost, once, and again when it is lost again', async () => {
    const critical: string[] = [];
    const listening: ReadinessDeps = {
      ...deps,
      log: ({ data, message }) => {
        if (data?.['what'] === 'readiness-critical') critical.push(message);
      },
    };
    const checks = (minutes: number): Promise<void> =>
      clock.run(async () => {
        for (let minute = 0; minute < minutes; minute += 1) {
          await keepReadiness(listening, [PLAN]);
          await clock.sleep(60_000);
        }
      });
    await checks(2);
    expect(critical).toEqual([]);
    world.simulator.control.outage('westus', 'control');
    await checks(45);
    expect(critical).toHaveLength(1);
    expect(critical[0]).toContain('west could not take over');
    world.simulator.control.outage('westus', 'none');
    await checks(45);
    world.simulator.control.outage('westus', 'control');
    await checks(45);
    expect(critical).toHaveLength(2);
  });

  it('is without critical findings while all is well', async () => {
    const readiness = await ask();
    expect(readiness).toMatchObject({ plan: PLAN.name, from: 'east', to: 'west' });
    expect(lines(readiness)).toEqual([]);
    expect(readiness.otherSite.ready).toBe('yes');
  });

  it("is the other site's alone where only a planned run needs the side that is left", async () => {
    world.simulator.control.outage('eastus', 'control');
    const readiness = await ask();
    expect(lines(readiness)).toEqual([
      expect.stringMatching(
        /^critical planned left database cannot be read: .* 503 ServiceUnavailable/,
      ),
    ]);
    expect(readiness.otherSite.ready).toBe('yes');
  });

  it('is none when the side that is entered cannot be read', async () => {
    world.simulator.control.outage('westus', 'control');
    const readiness = await ask();
    expect(lines(readiness)).toContainEqual(
      expect.stringMatching(/^critical entered database cannot be read: .* 503 ServiceUnavailable/),
    );
    expect(readiness.otherSite).toMatchObject({
      ready: 'no',
      why: expect.stringContaining('west could not take over') as string,
    });
  });

  it('is none for an app that may not do what the steps ask for', async () => {
    const action = 'Microsoft.Sql/servers/failoverGroups/failover/action';
    const west = PLAN.sites['west']?.resources['sqlServer'];
    if (typeof west !== 'string') throw new Error('The plan names no server in west.');
    world.simulator.control.deny({ action, scope: west });
    const readiness = await ask();
    expect(lines(readiness)).toEqual([
      expect.stringMatching(
        /^critical entered the app's identity has no right to .*failover\/action/,
      ),
    ]);
    expect(readiness.otherSite.ready).toBe('no');
  });

  it('is critical when Switchover itself runs in one of the sites', async () => {
    deps = { ...deps, region: 'West US' };
    const readiness = await ask();
    expect(lines(readiness)).toEqual([
      'critical Switchover runs in West US, the region of site "west": the region\'s loss takes it along.',
    ]);
    deps = { ...deps, region: null };
    expect((await ask()).findings.map(({ problem }) => problem)).toContain(
      "It is not known whether Switchover runs in one of the plan's regions.",
    );
  });

  it('warns when nobody knows how far the data is behind', async () => {
    const { planStates } = deps;
    await clock.run(() => planStates.recordLag(PLAN.name, null, '2026-11-21T10:06:00.000Z'));
    expect(lines(await ask())).toEqual([
      'warning has had no sample of its replication lag since 2026-11-21T10:06:00.000Z',
    ]);
  });

  it('asks a standby that runs whether it does, and a cold one not', async () => {
    const west = PLAN.sites['west'];
    if (west === undefined) throw new Error('The plan has no west.');
    const hot: Plan = { ...PLAN, sites: { ...PLAN.sites, west: { ...west, standby: 'hot' } } };
    const readiness = await ask(hot);
    expect(lines(readiness)).toContainEqual(
      expect.stringMatching(/^critical entered sees the standby west down: /),
    );
    expect(readiness.otherSite.ready).toBe('no');
  });

  it('is that of the latest check, unless a fresh one is asked for or the plan has changed', async () => {
    const first = await ask(PLAN, false);
    await clock.run(() => clock.sleep(60_000));
    expect(await ask(PLAN, false)).toEqual(first);
    const other = await ask({ ...PLAN, description: 'changed' }, false);
    expect(other.at > first.at).toBe(true);
    await clock.run(() => clock.sleep(60_000));
    expect((await ask()).at > other.at).toBe(true);
  });
});

describe('plans are checked', () => {
  /** When each check since the start was made, in minutes, if a turn comes every minute. */
  async function checks(minutes: number, plans: (minute: number) => readonly Plan[]) {
    const made: string[] = [];
    const { readiness } = deps;
    const noted: ReadinessDeps = {
      ...deps,
      readiness: {
        ...readiness,
        async put(one) {
          made.push(`${one.plan} ${minute}`);
          await readiness.put(one);
        },
      },
    };
    let minute = 0;
    for (; minute < minutes; minute += 1) {
      const now = plans(minute);
      await clock.run(async () => {
        const at = clock.now();
        await keepReadiness(noted, now);
        await clock.sleep(at + 60_000 - clock.now());
      });
    }
    return made;
  }

  it('every half hour', async () => {
    expect(await checks(70, () => [PLAN])).toEqual([
      'websphere-cafe 0',
      'websphere-cafe 30',
      'websphere-cafe 60',
    ]);
  });

  it('at once when the plan changes', async () => {
    const changed: Plan = { ...PLAN, description: 'changed' };
    expect(await checks(20, (minute) => [minute < 7 ? PLAN : changed])).toEqual([
      'websphere-cafe 0',
      'websphere-cafe 7',
    ]);
  });

  it('at once when another site serves', async () => {
    const { planStates } = deps;
    await checks(3, () => [PLAN]);
    await clock.run(() =>
      planStates.setActive({ plan: PLAN.name, site: 'west', since: '2026-11-21', by: 'x' }),
    );
    expect(await checks(2, () => [PLAN])).toEqual(['websphere-cafe 0']);
    const known = await clock.run(() => deps.readiness.of(PLAN.name));
    expect(known).toMatchObject({ from: 'west', to: 'east' });
  });

  it('again after five minutes while something critical is in the way', async () => {
    deps = { ...deps, region: 'eastus' };
    expect(await checks(12, () => [PLAN])).toEqual([
      'websphere-cafe 0',
      'websphere-cafe 5',
      'websphere-cafe 10',
    ]);
  });

  it('not while they are moved', async () => {
    const { locks } = deps;
    const lock = { plan: PLAN.name, resources: ['/a'], holder: 'fo-1', at: '2026-11-21' };
    await clock.run(() => locks.acquire(lock));
    expect(await checks(3, () => [PLAN])).toEqual([]);
    await clock.run(() => locks.release(PLAN.name, 'fo-1'));
    expect(await checks(1, () => [PLAN])).toEqual(['websphere-cafe 0']);
  });

  it('each by itself: one that cannot be checked keeps no other from it', async () => {
    const broken: Plan = { ...PLAN, name: 'broken', sites: {} };
    expect(await checks(1, () => [broken, PLAN])).toEqual(['websphere-cafe 0']);
  });
});
