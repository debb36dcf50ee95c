import { isTerminal } from '../../src/core/execution.ts';
import type { Instant } from '../../src/core/clock.ts';
import type { ExecutionRecord } from '../../src/core/execution.ts';
import type { Log } from '../../src/core/log.ts';
import { SYSTEM } from '../../src/core/principal.ts';
import { createDrills } from '../../src/records/drills.ts';
import type { DrillNote } from '../../src/records/drills.ts';
import { createWatchStates } from '../../src/records/watch-states.ts';
import type { Explanation } from '../../src/records/watch-states.ts';
import { jumpingClock } from '../clock/jumping.ts';
import type { JumpingClock } from '../clock/jumping.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';
import { createVirtualStack } from '../stack/virtual-stack.ts';
import type { WorldOptions } from '../stack/world.ts';
import { createInstance, failStore, stealLock } from './instance.ts';
import type { Absence, Instance } from './instance.ts';
import { createOperators } from './operators.ts';
import type { Asked, Operators } from './operators.ts';
import { PLAN_NAME, START, plansOf } from './plans.ts';
import type { PlanShape } from './plan-shape.ts';
import { createReceiver } from './receiver.ts';
import type { Effect, Receiver } from './receiver.ts';
import { readRecords } from './records.ts';
import type { Told } from './records.ts';
import { createProbeLine } from './probes.ts';
import type { ProbeLine, SeenProbe } from './probes.ts';
import type { Cut, Happening, HappeningOf } from './happenings.ts';
import type { Schedule } from './schedule.ts';
import { watchStack } from './witness.ts';
import type { Witness } from './witness.ts';
import { scenarioOf } from './worlds.ts';

/** Everything that is known of one run after it: from outside, and from the app's own records. */
export interface Run extends Witness {
  readonly schedule: Schedule;
  readonly begunAt: number;
  readonly endedAt: number;
  /** When the last thing happened that was arranged. */
  readonly quietSince: number;
  readonly asked: readonly Asked[];
  readonly told: readonly Told[];
  /** What became of the drills, newest first. */
  readonly drills: readonly DrillNote[];
  /** When the app's clock showed this: once, never while it was set past it, or twice. */
  readonly moments: (shown: Instant) => readonly number[];
  /** When the app's instance was down. */
  readonly absences: readonly Absence[];
  /** What the receiver of webhooks did. */
  readonly effects: readonly Effect[];
  /** What the app's own probes heard. */
  readonly probes: readonly SeenProbe[];
  /** What the watch said of what it saw and did, newest first. */
  readonly explanations: readonly Explanation[];
  /** What the host and the app logged as errors. */
  readonly errors: readonly { readonly at: number; readonly message: string }[];
}

export interface RunParts {
  /** The compiled app. */
  readonly bundle: URL;
  /** Gives the text of an example plan. */
  readonly readPlan: (file: string) => Promise<string>;
  /** What stands between the app and Azure's APIs. */
  readonly azure?: WorldOptions['azure'];
}

const LOOK_SECONDS = 15;
/** After the last thing happened: long enough for whatever it does to be noticed. */
const WATCHED_SECONDS = 400;
/** Nothing may move for longer than this after the last thing happened: more than both ways of the longest plan. */
const PATIENCE_SECONDS = 6 * 3_600;
/** Long enough for the reaper to have passed, and for anything late to show. */
const AFTERMATH_SECONDS = 200;

export async function runSchedule(schedule: Schedule, parts: RunParts): Promise<Run> {
  const scenario = scenarioOf(schedule.plan);
  const errors: { at: number; message: string }[] = [];
  const log: Log = ({ level, message }) => {
    if (level === 'error') errors.push({ at: stack.clock.now(), message });
  };
  const appClock = jumpingClock({
    now: () => stack.clock.now(),
    sleep: (milliseconds, signal) => stack.clock.sleep(milliseconds, signal),
  });
  const line = createProbeLine();
  const receiver = createReceiver();
  const instance = createInstance(() => stack);
  const stack: VirtualStack = await createVirtualStack({
    ...{ bundle: parts.bundle, start: START, seed: schedule.seed, scenario, log },
    ...(schedule.latency === undefined ? {} : { latency: schedule.latency }),
    ...(schedule.instances === undefined ? {} : { instances: schedule.instances }),
    ...(schedule.again === undefined ? {} : { timersAgainMs: schedule.again }),
    ...(parts.azure === undefined ? {} : { azure: parts.azure }),
    ...(schedule.hops === undefined ? {} : { latencies: schedule.hops }),
    probes: (simulated) =>
      line.through(
        () => stack.clock,
        receiver.through(() => stack.clock, simulated),
      ),
    appClock,
    plans: await plansOf(schedule, parts.readPlan),
    timerJitter: schedule.jitter,
    crashPoint: instance.crashPoint,
  });
  const witness = watchStack(stack, scenario);
  const operators = createOperators(stack, witness, schedule.answers);
  try {
    await stack.clock.run(() => stack.host.start());
    const quietSince = await stack.clock.run(() =>
      play({ stack, schedule, instance, operators, line, receiver, appClock }),
    );
    await stack.clock.run(() => untilStill(stack, witness, instance, operators, quietSince));
    return {
      ...witness,
      ...{ schedule, errors, quietSince, begunAt: START, endedAt: stack.clock.now() },
      asked: operators.asked,
      told: await readRecords(stack, witness),
      moments: (shown) => appClock.moments(Date.parse(shown)),
      probes: line.seen,
      absences: instance.absences,
      effects: receiver.effects,
      explanations: await createWatchStates(stack.tables).explanations(PLAN_NAME),
      drills: await createDrills(stack.tables).history(50),
    };
  } finally {
    // What is in flight ends in its own time, which must pass for it.
    if (instance.isUp) await stack.clock.run(() => stack.host.stop());
    stack.clock.stop();
  }
}

/** What happenings happen to. */
interface Stage {
  readonly stack: VirtualStack;
  readonly schedule: Schedule;
  readonly instance: Instance;
  readonly operators: Operators;
  readonly line: ProbeLine;
  readonly receiver: Receiver;
  readonly appClock: JumpingClock;
}

async function play(stage: Stage): Promise<number> {
  const { clock } = stage.stack;
  const { happenings, plan } = stage.schedule;
  for (const happening of happenings) {
    await clock.sleep(START + happening.at * 1_000 - clock.now());
    carryOut(stage, happening);
  }
  const watched = plan.watch === undefined ? 0 : WATCHED_SECONDS;
  const until = Math.max(clock.now() + watched * 1_000, START + dueSeconds(plan) * 1_000);
  await clock.sleep(until - clock.now());
  return clock.now();
}

/** Until when something may begin by itself. */
function dueSeconds({ drill }: PlanShape): number {
  return drill === undefined ? 0 : (drill.atMinutes + drill.windowMinutes + 2) * 60;
}

/** Nobody waits for what people do: the next thing may happen before they have their answer. */
function carryOut(stage: Stage, happening: Happening): void {
  const { stack, instance, operators, line, receiver } = stage;
  const { simulator, clock } = stack;
  switch (happening.do) {
    case 'outage':
      simulator.control.outage(happening.region, happening.size);
      return;
    case 'fault':
      simulator.control.fault(happening.fault);
      return;
    case 'start':
      clock.spawn(() => operators.start(happening));
      return;
    case 'order':
      clock.spawn(() => operators.order(happening));
      return;
    case 'terminate':
      clock.spawn(() => operators.terminate());
      return;
    case 'steal':
      // The store may fail for outsiders, too.
      clock.spawn(() => stealLock(stack).catch(() => undefined));
      return;
    case 'die':
      instance.die(happening);
      return;
    case 'store':
      failStore(stack, happening);
      return;
    case 'hold':
      clock.spawn(() => operators.hold(happening.lift));
      return;
    case 'lift-cooldown':
      clock.spawn(() => operators.liftCooldown());
      return;
    case 'alerts':
      clock.spawn(() => operators.alert(happening));
      return;
    case 'cut':
      cut(stack, line, happening);
      return;
    case 'clock':
      stage.appClock.jump(happening.seconds * 1_000);
      return;
    case 'receiver':
      receiver.fare(happening.fate, happening.times);
      return;
    case 'deny':
      deny(stack, happening);
      return;
  }
}

/** Somebody has changed the role, and changes it back. */
function deny(
  { simulator: { control }, clock }: VirtualStack,
  { action, seconds }: HappeningOf<'deny'>,
): void {
  control.deny({ action, scope: '' });
  clock.setTimer(clock.now() + seconds * 1_000, () => control.grantAll());
}

function cut({ clock, network }: VirtualStack, line: ProbeLine, { what, seconds }: Cut): void {
  const until = clock.now() + seconds * 1_000;
  if (what !== 'everything') {
    line.cut(what, until);
    return;
  }
  network.cut = true;
  clock.setTimer(until, () => {
    network.cut = false;
  });
}

/** Until everything has ended, or waits for a person who does nothing more. */
async function untilStill(
  { clock }: VirtualStack,
  witness: Witness,
  instance: Instance,
  operators: Operators,
  quietSince: number,
): Promise<void> {
  const ids = (): Set<string> => new Set(witness.headers.map(({ record }) => record.id));
  const isStill = (): boolean =>
    instance.isUp &&
    !operators.isBusy() &&
    [...ids()].every((id) => {
      const record = witness.latest(id);
      return record === undefined || isTerminal(record.state) || awaitsPeople(record);
    });
  let stillFor = 0;
  while (stillFor < AFTERMATH_SECONDS && clock.now() < quietSince + PATIENCE_SECONDS * 1_000) {
    await clock.sleep(LOOK_SECONDS * 1_000);
    stillFor = isStill() ? stillFor + LOOK_SECONDS : 0;
  }
}

/** What the watch has prepared waits for as long as it may: nobody has asked for it. */
function awaitsPeople({ state, requestedBy }: ExecutionRecord): boolean {
  return state === 'paused' || (state === 'awaiting-approval' && requestedBy.id === SYSTEM.id);
}
