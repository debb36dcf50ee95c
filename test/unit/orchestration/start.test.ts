import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { VirtualClock } from '../../../local/clock/virtual.ts';
import { createVirtualWorld } from '../../../local/stack/world.ts';
import type { ExecutionRecord } from '../../../src/core/execution.ts';
import type { PlanVersion } from '../../../src/core/plan-version.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { startExecution } from '../../../src/orchestration/start/start.ts';
import type { StartDeps, StartOrder } from '../../../src/orchestration/start/order.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { depsOf, noDoor } from '../../support/drive.ts';

const START = Date.parse('2026-11-21T10:00:00Z');
const ADA: Principal = { id: 'ada', name: 'Ada', kind: 'person', roles: ['Operator'] };
const PLAN = await cafePlan();

async function cafePlan(): Promise<Plan> {
  const file = 'websphere-cafe.yaml';
  const parsed = parsePlan(file, await readFile(`plans/${file}`, 'utf8'), stepKinds);
  if (!parsed.ok) throw new Error(`${file} is not valid.`);
  return parsed.value;
}

let clock: VirtualClock;
let deps: StartDeps;

beforeEach(() => {
  clock = createVirtualClock({ start: START });
  deps = depsOf(createVirtualWorld({ clock }).platform);
});

async function serveFrom(site: string): Promise<void> {
  await clock.run(() =>
    deps.planStates.setActive({ plan: PLAN.name, site, since: '2026-11-01', by: 'earlier' }),
  );
}

async function started(order: Partial<StartOrder> = {}, using = deps): Promise<ExecutionRecord> {
  const given: StartOrder = {
    plan: PLAN,
    resources: ['/a', '/b'],
    kind: 'failover',
    mode: 'planned',
    reason: 'a test',
    by: ADA,
    idempotencyKey: null,
    ...order,
  };
  const { id } = await clock.run(() => startExecution(using, given, noDoor));
  return (await clock.run(() => deps.executions.header(id)))!.value;
}

async function holders(): Promise<(string | null)[]> {
  return (await clock.run(() => deps.locks.held())).map(({ holder }) => holder);
}

describe('the way of an execution', () => {
  it.each<[serves: string, Partial<StartOrder>, from: string, to: string]>([
    ['east', { kind: 'failover' }, 'east', 'west'],
    ['east', { kind: 'failover', to: 'west' }, 'east', 'west'],
    ['west', { kind: 'failback' }, 'west', 'east'],
    ['west', { kind: 'failback', to: 'east' }, 'west', 'east'],
  ])('from %s with %j leads from %s to %s', async (serves, order, from, to) => {
    await serveFrom(serves);
    expect(await started(order)).toMatchObject({ from, to, state: 'requested', token: 1 });
  });

  it('begins at home when nothing is known', async () => {
    expect(await started()).toMatchObject({ from: 'east', to: 'west' });
  });

  it.each<[serves: string, Partial<StartOrder>, why: string]>([
    [
      'east',
      { kind: 'failback' },
      'from east to west is a failover (home is east), not a failback',
    ],
    [
      'west',
      { kind: 'failover' },
      'from west to east is a failback (home is east), not a failover',
    ],
    ['east', { kind: 'failover', to: 'east' }, 'serves from east already'],
    ['west', { kind: 'failback', to: 'west' }, 'serves from west already'],
    ['east', { kind: 'failover', to: 'north' }, 'has no site north; its sites are east, west'],
    ['east', { kind: 'failover', to: 'East' }, 'has no site East'],
    ['east', { kind: 'failover', to: 'constructor' }, 'has no site constructor'],
    ['east', { kind: 'failover', to: '__proto__' }, 'has no site __proto__'],
    // Its sites were renamed after it had moved.
    ['south', { kind: 'failover' }, 'serves from south, which the plan names no more'],
  ])('from %s with %j is refused, and nothing is held', async (serves, order, why) => {
    await serveFrom(serves);
    await expect(started(order)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: expect.stringContaining(why) as string,
    });
    expect(await holders()).toEqual([]);
  });

  it('begins where the execution before it has ended', async () => {
    const { locks } = deps;
    let moved = false;
    const late: StartDeps = {
      ...deps,
      locks: {
        ...locks,
        // The one before moves the plan and gives up its lock just before this one asks for it.
        async acquire(request) {
          if (!moved) await deps.planStates.setActive({ ...SETTLED, plan: PLAN.name });
          moved = true;
          return locks.acquire(request);
        },
      },
    };
    await expect(started({ kind: 'failover' }, late)).rejects.toThrow('is a failback');
    expect(await holders()).toEqual([]);
  });
});

const SETTLED = { site: 'west', since: '2026-11-21T10:00:00.000Z', by: 'earlier' };

describe('what is pinned at the start', () => {
  it('is every step of both modes, untouched', async () => {
    const { id } = await started();
    const steps = (await clock.run(() => deps.executions.steps(id))).map(({ value }) => value);
    expect(steps.map((step) => step.id).sort()).toEqual(
      PLAN.stages.flatMap((stage) => stage.steps.map((step) => step.id)).sort(),
    );
    for (const step of steps)
      expect(step).toMatchObject({ state: 'pending', run: 0, attempt: 0, touched: false });
  });

  it('is the version of which the plan was read', async () => {
    const planVersion: PlanVersion = {
      ...{ number: 7, hash: 'h', by: ADA, at: '2026-11-21T09:00:00.000Z', reason: 'longer' },
    };
    const pushed = { ...deps, newestVersion: async () => planVersion };
    expect((await started({}, pushed)).planVersion).toEqual(planVersion);
    expect((await started({ kind: 'drill', level: 'validate' })).planVersion).toBeUndefined();
  });

  it('is nothing when the plan was changed since it was read: no lock, no record', async () => {
    const overtaken = { ...deps, newestVersion: () => Promise.reject(new Error('changed')) };
    await expect(started({}, overtaken)).rejects.toThrow('changed');
    expect(await holders()).toEqual([]);
    expect(await clock.run(() => deps.executions.recent(10))).toEqual([]);
  });

  it('is the plan as it was', async () => {
    const { id } = await started();
    expect(JSON.parse(await clock.run(() => deps.executions.snapshot(id)))).toEqual(PLAN);
  });

  it.each<[StartOrder['mode'], string | undefined]>([
    ['unplanned', '2026-11-21T09:58:00.000Z'],
    // A planned one does not follow from an outage.
    ['planned', undefined],
  ])('is the first bad observation, when it is %s: %s', async (mode, firstBadAt) => {
    const { planStates } = deps;
    const good = { seconds: 3, at: '2026-11-21T09:57:00.000Z' };
    await clock.run(() => planStates.recordLag(PLAN.name, good, '2026-11-21T09:57:10.000Z'));
    await clock.run(() => planStates.recordLag(PLAN.name, null, '2026-11-21T09:58:00.000Z'));
    await clock.run(() => planStates.recordLag(PLAN.name, null, '2026-11-21T09:59:00.000Z'));
    expect((await started({ mode })).firstBadAt).toBe(firstBadAt);
  });
});

describe('a request that is repeated because its first start died', () => {
  /** The host dies here: what follows never happens, and nobody is answered. */
  const died = (): Promise<never> => Promise.reject(new Error('The host died.'));

  it.each<[when: string, (own: StartDeps) => StartDeps]>([
    ['before its lock was taken', (own) => ({ ...own, locks: { ...own.locks, acquire: died } })],
    [
      'before it was recorded, its lock in hand',
      (own) => ({ ...own, executions: { ...own.executions, create: died } }),
    ],
  ])('%s, starts', async (_when, dying) => {
    const idempotencyKey = 'the-same';
    await expect(started({ idempotencyKey }, dying(deps))).rejects.toThrow('The host died.');
    const { id } = await started({ idempotencyKey });
    expect(await holders()).toEqual([id]);
    expect((await started({ idempotencyKey })).id).toBe(id);
  });
});
