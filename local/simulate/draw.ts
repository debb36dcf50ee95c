import { seededRandom } from '../simulator/random.ts';
import { dice } from './dice.ts';
import type { Dice } from './dice.ts';
import { drawApprovals } from './draw-approvals.ts';
import { drawCalendarLine, drawDrill } from './draw-drill.ts';
import { drawFault } from './draw-fault.ts';
import { drawInstances } from './draw-instances.ts';
import { drawOneSource } from './draw-one-source.ts';
import { drawOrder } from './draw-order.ts';
import { drawSilence } from './draw-silence.ts';
import { turningRound } from './draw-turning.ts';
import { drawWatched } from './draw-watch.ts';
import type { Further } from './further-steps.ts';
import type { PlanShape } from './plan-shape.ts';
import type { Happening, HappeningOf } from './happenings.ts';
import type { Answer, Schedule } from './schedule.ts';

/** One seed's world and everything that goes wrong in it. */
export function drawSchedule(seed: number): Schedule {
  return drawInstances(drawApprovals(drawOneSource(drawSilence(drawWithout(seed)))));
}

/** All but what is asked of people beforehand, and what would hardly ever come together by chance. */
function drawWithout(seed: number): Schedule {
  const chance = dice(seededRandom(seed));
  const plan = drawPlan(chance);
  const startAt = chance.chance(0.9) ? chance.between(195, 260) : chance.between(5, 120);
  // Storms find what breaks; calm runs get far enough for what breaks late.
  const trouble = chance.one([0, 1, 2, 3, 5, 8, 14]);
  const happenings: Happening[] = [
    ...drawStarts(chance, startAt),
    ...times(trouble, () => drawTrouble(chance, startAt)),
  ];
  const schedule: Schedule = {
    seed,
    plan,
    jitter: {
      earlyMs: chance.one([0, 0, 300, 1_000]),
      lateMs: chance.one([0, 0, 2_000, 20_000]),
    },
    happenings,
    ...(chance.chance(0.15) ? { latency: SLOW[chance.one(['busy', 'bad'] as const)] } : {}),
    answers: times(chance.whole(0, 6), () => drawAnswer(chance)),
  };
  const drills = chance.chance(0.3)
    ? times(chance.whole(1, 2), () => drawDrill(chance, startAt))
    : [];
  const further = chance.chance(0.25) ? drawFurther(chance, plan) : [];
  const whole: Schedule = {
    ...schedule,
    plan: {
      ...plan,
      ...(chance.chance(0.15) ? { drill: drawCalendarLine(chance, plan) } : {}),
      ...(further.length > 0 ? { further } : {}),
    },
    ...(chance.chance(0.2) ? { hops: HOPS[chance.one(['storage', 'busy'] as const)] } : {}),
    ...(chance.chance(0.1) ? { again: chance.one([200, 5_000, 25_000]) } : {}),
    happenings: inOrder([
      ...schedule.happenings,
      ...drills,
      ...(further.includes('webhook') ? [drawFate(chance, startAt)] : []),
    ]),
  };
  if (!chance.chance(WATCHED)) return chance.chance(0.15) ? turningRound(chance, whole) : whole;
  const watched = drawWatched(chance, whole.plan);
  return { ...whole, plan: watched.plan, happenings: inOrder(watched.happenings) };
}

/** So many of the seeds watch: a look every half minute makes a run longer. */
const WATCHED = 0.25;

/** To tenths of a second, as people write them. */
function inOrder(happenings: readonly Happening[]): readonly Happening[] {
  return happenings
    .map((one) => ({ ...one, at: Math.round(one.at * 10) / 10 }))
    .toSorted((left, right) => left.at - right.at);
}

/** Milliseconds. The first is a guess at an instance before cloud storage, the second at one that is overloaded. */
const HOPS = {
  storage: { activityMs: 90, subOrchestrationMs: 120, turnMs: 15 },
  busy: { activityMs: 900, subOrchestrationMs: 1_200, turnMs: 150 },
} as const;

/** Milliseconds: a busy day, and a very bad one. */
const SLOW = {
  busy: { low: 200, high: 3_000 },
  bad: { low: 1_000, high: 20_000 },
} as const;

function times<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

function drawPlan(chance: Dice): PlanShape {
  const base = chance.one(['cafe', 'cafe', 'published', 'data', 'data', 'data-and-traffic']);
  const steps = ['close-endpoint', 'database', 'machines', 'traffic', 'database-writable'] as const;
  return {
    base,
    presumed: chance.one(['accept', 'ask']),
    lossLimit: chance.one(['10m', '10m', '1s', '90s']),
    approvals: chance.chance(0.2) ? 1 : 0,
    onFailure: chance.chance(0.2)
      ? { [chance.one(steps)]: chance.one(['compensate', 'pause', 'continue']) }
      : {},
  };
}

/** The failover itself, the outage that it may be for, and perhaps the way back. */
function drawStarts(chance: Dice, startAt: number): Happening[] {
  const mode = chance.one(['planned', 'unplanned']);
  const start: HappeningOf<'start'> = {
    do: 'start',
    at: startAt,
    kind: 'failover',
    mode,
    as: 'operator',
    key: chance.chance(0.5) ? 'first' : null,
  };
  const starts: Happening[] = [start];
  if (chance.chance(0.3)) starts.push({ ...start, at: startAt + chance.between(0, 40) });
  if (chance.chance(0.4)) {
    const back = {
      kind: 'failback',
      mode: chance.one(['planned', 'unplanned']),
      key: null,
    } as const;
    starts.push({ ...start, ...back, at: startAt + chance.between(300, 1_800) });
  }
  if (chance.chance(0.15)) {
    // The side that is entered is not what it should be, for a while.
    const at = Math.max(1, startAt + chance.between(-30, 200));
    const size = chance.one(['application', 'application', 'data']);
    starts.push({ do: 'outage', at, region: 'westus', size });
    const over = at + chance.between(20, 600);
    starts.push({ do: 'outage', at: over, region: 'westus', size: 'none' });
  }
  if (mode === 'unplanned' && chance.chance(0.85)) {
    const size = chance.one(['application', 'database', 'data', 'data', 'control', 'control']);
    const at = Math.max(1, startAt - chance.between(5, 150));
    starts.push({ do: 'outage', at, region: 'eastus', size });
    if (chance.chance(0.6)) {
      const over = startAt + chance.between(10, 1_500);
      starts.push({ do: 'outage', at: over, region: 'eastus', size: 'none' });
    }
  }
  return starts;
}

function drawTrouble(chance: Dice, startAt: number): Happening {
  const at = startAt + chance.between(-20, chance.one([30, 120, 600, 1_500]));
  const kind = chance.one([
    'fault',
    'fault',
    'fault',
    'fault',
    'order',
    'die',
    'die',
    'store',
    'outage',
    'terminate',
    'start',
    'start',
    'steal',
    'cut',
    'deny',
    'clock',
  ]);
  switch (kind) {
    case 'fault':
      return { do: 'fault', at, fault: drawFault(chance) };
    case 'order':
      return { at, ...drawOrder(chance) };
    case 'die':
      return { at, ...drawDeath(chance) };
    case 'store':
      return {
        do: 'store',
        at,
        how: chance.one(['refuse', 'lose-answer', 'conflict']),
        writes: chance.one([1, 1, 2, 5, 40]),
        seconds: chance.one([5, 60, 300]),
      };
    case 'outage':
      return {
        do: 'outage',
        at,
        region: chance.one(['eastus', 'westus']),
        size: chance.one(['none', 'none', 'application', 'database', 'data', 'control']),
      };
    case 'cut':
      return {
        do: 'cut',
        at,
        what: chance.one(['everything', 'eastus', 'westus']),
        seconds: chance.one([10, 60, 400]),
      };
    case 'deny':
      return {
        do: 'deny',
        at,
        action: chance.one([
          'Microsoft.Sql/*',
          'Microsoft.Compute/virtualMachines/*',
          'Microsoft.RecoveryServices/*',
          'Microsoft.Network/trafficManagerProfiles/*/write',
          '*/read',
          '*',
        ]),
        seconds: chance.one([30, 200, 2_000]),
      };
    case 'clock':
      return { do: 'clock', at, seconds: chance.one([-300, -30, -2, 2, 30, 300]) };
    case 'terminate':
    case 'steal':
      return { do: kind, at };
    case 'start':
      return {
        do: 'start',
        at,
        kind: chance.one(['failover', 'failback']),
        mode: chance.one(['planned', 'unplanned']),
        as: chance.one(['operator', 'automation', 'viewer']),
        key: chance.one([null, 'first', 'second']),
        ...(chance.chance(0.5) ? { rival: true } : {}),
      };
  }
}

function drawDeath(chance: Dice): Omit<HappeningOf<'die'>, 'at'> {
  return {
    do: 'die',
    where: chance.one(['here', 'write', 'write', 'commit']),
    nth: chance.whole(1, 30),
    downSeconds: chance.one([0, 1, 30, 120, 1_000, 2_400]),
    lingers: chance.chance(0.35),
  };
}

function drawAnswer(chance: Dice): Answer {
  return {
    afterSeconds: chance.one([1, 20, 120, 900]),
    pick: Math.round(chance.between(0, 1) * 100) / 100,
    then: chance.one(['compensate', 'stay']),
  };
}

function drawFurther(chance: Dice, { base }: PlanShape): readonly Further[] {
  const kinds: readonly Further[] = ['approval', 'webhook', ...(base === 'data' ? REST : [])];
  return kinds.filter(() => chance.chance(0.6));
}

/** Where machines are moved, one that was stopped before would be another story. */
const REST: readonly Further[] = ['rest'];

function drawFate(chance: Dice, startAt: number): Happening {
  return {
    do: 'receiver',
    at: startAt - 1,
    fate: chance.one(['lost-there', 'lost-back', 'lost-back', 'refused', 'takes-long']),
    times: chance.one([1, 2, 5]),
  };
}
