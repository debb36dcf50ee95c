import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { VirtualClock } from '../../../local/clock/virtual.ts';
import { createVirtualWorld } from '../../../local/stack/world.ts';
import type { FailoverGroupView } from '../../../src/azure/access.ts';
import { isTerminal } from '../../../src/core/execution.ts';
import type { CommandRecord, ExecutionRecord } from '../../../src/core/execution.ts';
import { SwitchoverError } from '../../../src/core/errors.ts';
import type { LogEntry } from '../../../src/core/log.ts';
import type { Principal } from '../../../src/core/principal.ts';
import type { StepRecord } from '../../../src/core/step.ts';
import { advance } from '../../../src/orchestration/execution/advance.ts';
import { giveOrder } from '../../../src/orchestration/order.ts';
import type { PinnedPlan } from '../../../src/orchestration/pinned.ts';
import { startExecution } from '../../../src/orchestration/start/start.ts';
import { turn } from '../../../src/orchestration/step/turn.ts';
import type { StartDeps } from '../../../src/orchestration/start/order.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { BoundMotion, BoundStep } from '../../../src/steps/bound.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { depsOf, drive, noDoor } from '../../support/drive.ts';

const START = Date.parse('2026-11-21T10:00:00Z');
const OLGA: Principal = { id: 'olga', name: 'Olga', kind: 'person', roles: ['Operator'] };
const PLAN = await databaseOnly();
const SERVERS =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers';
const EAST = `${SERVERS}/sql-cafe-east`;
const WEST = `${SERVERS}/sql-cafe-west`;
const BUG = "Cannot read properties of undefined (reading 'role')";

async function databaseOnly(): Promise<Plan> {
  const file = 'database-only.yaml';
  const parsed = parsePlan(file, await readFile(`test/fixtures/plans/${file}`, 'utf8'), stepKinds);
  if (!parsed.ok) throw new Error(`${file} is not valid.`);
  return parsed.value;
}

let clock: VirtualClock;
let azure: FakeAzure;
let logged: LogEntry[];
let mended: StartDeps;

beforeEach(() => {
  clock = createVirtualClock({ start: START });
  logged = [];
  azure = createFakeAzure();
  azure.groups.set(EAST, groupOf(EAST, WEST, 'Primary'));
  azure.groups.set(WEST, groupOf(WEST, EAST, 'Secondary'));
  const { platform } = createVirtualWorld({ clock, log: (entry) => logged.push(entry) });
  mended = { ...depsOf(platform), azure: azure.access, azureAs: () => azure.access };
});

function groupOf(
  server: string,
  partner: string,
  role: 'Primary' | 'Secondary',
): FailoverGroupView {
  return {
    id: `${server}/failoverGroups/failovergroup-cafe`,
    server,
    location: 'x',
    role,
    replicationState: 'CATCH_UP',
    policy: 'Manual',
    graceMinutes: null,
    partners: [{ id: partner, location: 'y', role: role === 'Primary' ? 'Secondary' : 'Primary' }],
    databases: [`${server}/databases/cafe`],
  };
}

/** The app as it would be with this bug in it; `mended` is the one with the next version deployed. */
function appWith(bug: (plan: PinnedPlan, header: ExecutionRecord) => PinnedPlan): StartDeps {
  const pinned = {
    of: async (header: ExecutionRecord) => bug(await mended.pinned.of(header), header),
  };
  return { ...mended, pinned };
}

/** Every step of the kind breaks in one of its four ways, on the way there. */
function breaking(uses: string, way: keyof BoundMotion): (plan: PinnedPlan) => PinnedPlan {
  const broken = (bound: BoundStep): BoundStep => ({
    ...bound,
    motion(direction) {
      const motion = bound.motion(direction);
      if (motion === null || direction === 'undo') return motion;
      return { ...motion, [way]: () => Promise.reject(new TypeError(BUG)) };
    },
  });
  return (plan) => ({
    ...plan,
    step(id) {
      const step = plan.step(id);
      return step.uses === uses ? { ...step, bound: broken(step.bound) } : step;
    },
  });
}

async function started(deps: StartDeps): Promise<string> {
  const order = { plan: PLAN, resources: ['/a'], kind: 'failover', mode: 'planned' } as const;
  const given = { ...order, reason: 'a test', by: OLGA, idempotencyKey: null };
  return (await clock.run(() => startExecution(deps, given, noDoor))).id;
}

async function headerOf(deps: StartDeps, id: string): Promise<ExecutionRecord> {
  return (await clock.run(() => deps.executions.header(id)))!.value;
}

async function stepOf(deps: StartDeps, id: string, step: string): Promise<StepRecord> {
  return (await clock.run(() => deps.executions.step(id, step)))!.step.value;
}

/** As the orchestrators do, until it ended or is paused; a bug that never ends fails the test. */
async function untilStill(deps: StartDeps, id: string): Promise<ExecutionRecord> {
  for (let round = 0; round < 30; round += 1) {
    await clock.run(() => drive(deps, clock, id));
    const header = await headerOf(deps, id);
    if (header.state === 'paused' || isTerminal(header.state)) return header;
    await clock.run(() => clock.sleep(130_000));
  }
  throw new Error(`Execution ${id} neither ended nor paused.`);
}

async function order(
  deps: StartDeps,
  id: string,
  given: Pick<CommandRecord, 'command' | 'step' | 'then'>,
): Promise<void> {
  await clock.run(() => giveOrder(deps, id, { ...given, reason: 'a test', by: OLGA }, noDoor));
}

async function faultsOf(deps: StartDeps, id: string): Promise<string[]> {
  const events = await clock.run(() => deps.executions.events(id));
  return events.filter(({ type }) => type === 'fault-met').map(({ at }) => at);
}

function failovers(): number {
  return azure.sent.filter((call) => call === 'failover sql-cafe-west').length;
}

describe('a step kind that breaks', () => {
  it.each<[keyof BoundMotion, sent: number]>([
    ['observe', 0],
    ['act', 0],
    ['poll', 1],
    ['verify', 1],
  ])('in %s is tried a few times within minutes, and then a person is asked', async (way, sent) => {
    const deps = appWith(breaking('sql/failover-group', way));
    const id = await started(deps);
    const { state, pause } = await untilStill(deps, id);
    expect(state).toBe('paused');
    expect(pause).toMatchObject({ step: 'database', from: 'running' });
    expect(pause?.why).toContain(BUG);
    expect(pause?.choices.map(({ command }) => command)).toEqual([
      'retry',
      'skip',
      'go-unplanned',
      'cancel',
    ]);
    expect(failovers()).toBe(sent);
    const times = await faultsOf(deps, id);
    expect(times).toHaveLength(5);
    const gaps = times.slice(1).map((at, index) => Date.parse(at) - Date.parse(times[index]!));
    expect(gaps).toEqual([...gaps].sort((left, right) => left - right));
    expect(Date.parse(times.at(-1)!) - Date.parse(times[0]!)).toBeLessThan(180_000);
  });

  it('is logged with its stack at each try', async () => {
    const deps = appWith(breaking('sql/failover-group', 'observe'));
    await untilStill(deps, await started(deps));
    const stacks = logged.map(({ data }) => String(data?.['stack']));
    expect(stacks).toHaveLength(5);
    expect(stacks.every((stack) => stack.includes('faults.test.ts'))).toBe(true);
  });

  it('and comes right after a try goes on by itself', async () => {
    let broken = 3;
    const deps = appWith((plan) => {
      broken -= 1;
      return broken > 0 ? breaking('validate/sql', 'observe')(plan) : plan;
    });
    expect((await untilStill(deps, await started(deps))).state).toBe('succeeded');
  });

  it('goes on where it stood when it is mended and tried again, and sends nothing twice', async () => {
    const deps = appWith(breaking('sql/failover-group', 'poll'));
    const id = await started(deps);
    await untilStill(deps, id);
    await order(mended, id, { command: 'retry' });
    expect((await untilStill(mended, id)).state).toBe('succeeded');
    expect(failovers()).toBe(1);
    expect((await headerOf(mended, id)).dataLossSeconds).toBe(0);
  });

  it('has all its tries again after each retry', async () => {
    const deps = appWith(breaking('sql/failover-group', 'observe'));
    const id = await started(deps);
    await untilStill(deps, id);
    await order(deps, id, { command: 'retry', step: 'database' });
    await untilStill(deps, id);
    expect(await faultsOf(deps, id)).toHaveLength(10);
  });

  it('is gone past when a person skips it', async () => {
    const deps = appWith(breaking('validate/sql', 'verify'));
    const id = await started(deps);
    await untilStill(deps, id);
    await order(deps, id, { command: 'skip' });
    expect((await untilStill(deps, id)).state).toBe('succeeded');
    expect((await stepOf(deps, id, 'database-writable')).state).toBe('skipped');
  });

  it('lets what was done before be undone', async () => {
    const deps = appWith(breaking('validate/sql', 'observe'));
    const id = await started(deps);
    await untilStill(deps, id);
    await order(deps, id, { command: 'cancel', then: 'compensate' });
    expect((await untilStill(deps, id)).state).toBe('compensated');
    expect((await stepOf(deps, id, 'database')).state).toBe('undone');
  });

  it('waits for the person also when the store loses the answer to that', async () => {
    const deps = appWith(breaking('sql/failover-group', 'observe'));
    const id = await started(deps);
    let lost = 0;
    const write: StartDeps['executions']['write'] = async (...entry) => {
      await deps.executions.write(...entry);
      const [, , { steps = [] }] = entry;
      if (lost > 0 || steps.every(({ after }) => after.held?.why !== 'fault')) return;
      lost += 1;
      throw new Error('The answer of the state store is lost.');
    };
    const losing = { ...deps, executions: { ...deps.executions, write } };
    await expect(untilStill(losing, id)).rejects.toThrow('The answer of the state store is lost.');

    // The platform tries the activity again, by now with an app that is mended.
    const { run } = await stepOf(mended, id, 'database');
    await clock.run(() => turn(mended, { executionId: id, stepId: 'database', run }));
    expect(failovers()).toBe(0);
    expect((await untilStill(mended, id)).state).toBe('paused');
    await order(mended, id, { command: 'retry' });
    expect((await untilStill(mended, id)).state).toBe('succeeded');
    expect(failovers()).toBe(1);
  });

  it('while the state store is away is no bug of the step', async () => {
    const deps = appWith(breaking('sql/failover-group', 'observe'));
    const id = await started(deps);
    const away = { ...deps.executions, step: () => Promise.reject(unavailable()) };
    await expect(clock.run(() => drive({ ...deps, executions: away }, clock, id))).rejects.toThrow(
      'The state store is away.',
    );
    expect(await faultsOf(deps, id)).toEqual([]);
  });
});

function unavailable(): Error {
  return new SwitchoverError('STORE_UNAVAILABLE', 'The state store is away.');
}

describe('deciding what comes next', () => {
  /** As when the next version of the app cannot open the plan any more that this execution began with. */
  function breakingFrom(stage: number): (plan: PinnedPlan, header: ExecutionRecord) => PinnedPlan {
    return (plan, header) => {
      if (header.stage >= stage) throw new TypeError(BUG);
      return plan;
    };
  }

  it('that breaks before anything was changed ends refused, and frees the plan', async () => {
    const deps = appWith(breakingFrom(0));
    const id = await started(deps);
    const { state, outcome } = await untilStill(deps, id);
    expect(state).toBe('refused');
    expect(outcome).toContain(BUG);
    expect(await faultsOf(deps, id)).toHaveLength(5);
    await clock.run(() => advance(deps, id));
    expect(await clock.run(() => deps.locks.held())).toEqual([]);
  });

  it('that breaks halfway pauses after a few tries, and goes on when it is mended', async () => {
    const deps = appWith(breakingFrom(1));
    const id = await started(deps);
    const { state, pause } = await untilStill(deps, id);
    expect(state).toBe('paused');
    expect(pause?.why).toContain(BUG);
    expect(pause?.choices.map(({ command }) => command)).toEqual(['resume', 'cancel']);
    expect(await faultsOf(deps, id)).toHaveLength(5);
    expect(logged.filter(({ data }) => String(data?.['stack']).includes('TypeError'))).toHaveLength(
      5,
    );

    await order(mended, id, { command: 'resume' });
    expect((await untilStill(mended, id)).state).toBe('succeeded');
    expect(failovers()).toBe(1);
  });

  it('that breaks on an order refuses the order, and stays paused', async () => {
    const deps = appWith(breakingFrom(1));
    const id = await started(deps);
    await untilStill(deps, id);
    await order(deps, id, { command: 'resume' });
    for (let round = 0; round < 6; round += 1) {
      await clock.run(() => advance(deps, id));
      await clock.run(() => clock.sleep(130_000));
    }
    const { state, commandsDone } = await headerOf(deps, id);
    expect({ state, commandsDone }).toEqual({ state: 'paused', commandsDone: 1 });
    const events = await clock.run(() => deps.executions.events(id));
    const refused = events.filter(({ type }) => type === 'command-refused');
    expect(refused.map(({ data }) => data)).toMatchObject([{ sequence: 1, command: 'resume' }]);

    await order(mended, id, { command: 'cancel', then: 'compensate' });
    expect((await untilStill(mended, id)).state).toBe('compensated');
  });
});

describe('a step whose starts come to nothing', () => {
  it('stops for a person when they are too many, and is started again when one says so', async () => {
    const id = await started(mended);
    const until = async (): Promise<ExecutionRecord> => {
      // Nobody runs what advancing starts, as if each run died before it could be recorded.
      for (let round = 0; round < 600; round += 1) {
        const next = await clock.run(() => advance(mended, id));
        if (next.do === 'wait') return headerOf(mended, id);
      }
      throw new Error('It is started again and again.');
    };
    const faulty = await until();
    expect(faulty.faults).toBe(1);
    const { run } = await stepOf(mended, id, 'database');
    expect(run).toBe(500);

    await order(mended, id, { command: 'pause' });
    expect((await until()).state).toBe('paused');
    await order(mended, id, { command: 'resume' });
    expect(await untilStill(mended, id)).toMatchObject({ state: 'succeeded' });
  });
});
