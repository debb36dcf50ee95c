import type { Dice } from './dice.ts';
import { drawFault } from './draw-fault.ts';
import type { PlanShape, WatchShape } from './plan-shape.ts';
import type { Happening, HappeningOf } from './happenings.ts';

/** A plan that watches, and what it sees: sites that die, stumble or only seem to. */
export function drawWatched(
  chance: Dice,
  plan: PlanShape,
): { readonly plan: PlanShape; readonly happenings: readonly Happening[] } {
  const watch = drawWatch(chance);
  const base = plan.base === 'data' ? 'cafe' : plan.base;
  const at = chance.between(150, 400);
  const trouble = drawTrouble(chance, at);
  // Where nothing is wrong, alerts say that something is.
  const isAlerted = trouble.length === 0 || chance.chance(0.5);
  const happenings = [...trouble, ...(isAlerted ? drawAlerts(chance, at) : [])];
  // Half of them are told of nothing else, so that what follows is the watch's own doing.
  if (chance.chance(0.5)) happenings.push(...drawObstacles(chance, at));
  return { plan: { ...plan, base, watch }, happenings };
}

const OWN = ['front', 'traffic', 'database', 'machines'] as const;
const ALERTS = ['endpoint-alert', 'public-alert', 'sql-alert'] as const;

function drawWatch(chance: Dice): WatchShape {
  const action = chance.one(['act', 'act', 'act', 'ask', 'ask', 'notify']);
  const signals: WatchShape['signals'] = [
    ...OWN.filter((id) => chance.chance(id === 'database' || id === 'machines' ? 0.6 : 0.9)),
    ...(chance.chance(0.3) ? (['console'] as const) : []),
    ...ALERTS.filter(() => chance.chance(0.5)),
    // A plan that hears nothing is none.
    ...(chance.chance(0.5) ? [] : (['front'] as const)),
  ];
  return {
    action,
    signals: [...new Set(signals)],
    quorum: chance.one([1, 1, 2, 2, 2]),
    failures: chance.one([2, 3, 3]),
    confirmed: chance.chance(0.15),
    cooldown: chance.one(['1h', '10m']),
    ...(chance.chance(0.1)
      ? { blackout: { atMinutes: chance.whole(1, 12), minutes: chance.one([5, 20]) } }
      : {}),
  };
}

function drawTrouble(chance: Dice, at: number): Happening[] {
  switch (
    chance.one(['death', 'death', 'death', 'stumble', 'flaps', 'lie', 'lie', 'both', 'calm'])
  ) {
    case 'death':
      return [outage(at, 'eastus', drawSize(chance)), ...drawAfter(chance, at)];
    case 'stumble': {
      const over = at + chance.between(5, 200);
      return [outage(at, 'eastus', drawSize(chance)), outage(over, 'eastus', 'none')];
    }
    case 'flaps':
      return drawFlaps(chance, at);
    case 'both':
      return [
        outage(at, 'eastus', drawSize(chance)),
        outage(at + chance.between(-100, 200), 'westus', drawSize(chance)),
      ];
    case 'calm':
      return [];
    case 'lie':
      return drawLies(chance, at);
  }
}

function outage(
  at: number,
  region: HappeningOf<'outage'>['region'],
  size: HappeningOf<'outage'>['size'],
): Happening {
  return { do: 'outage', at: Math.max(1, at), region, size };
}

function drawSize(chance: Dice): HappeningOf<'outage'>['size'] {
  return chance.one(['application', 'application', 'database', 'data', 'data', 'control']);
}

/** The site that was left comes back, or the one that was entered dies, too. */
function drawAfter(chance: Dice, at: number): Happening[] {
  const after: Happening[] = [];
  if (chance.chance(0.5)) after.push(outage(at + chance.between(20, 2_000), 'eastus', 'none'));
  if (chance.chance(0.3)) {
    after.push(outage(at + chance.between(900, 3_000), 'westus', drawSize(chance)));
  }
  return after;
}

function drawFlaps(chance: Dice, at: number): Happening[] {
  const size = drawSize(chance);
  const every = chance.between(15, 90);
  return Array.from({ length: chance.whole(2, 12) }, (_, index) =>
    outage(at + index * every, 'eastus', index % 2 === 0 ? size : 'none'),
  );
}

/** Some see the site down although it serves: we do not reach it, or Traffic Manager does not, or both. */
function drawLies(chance: Dice, at: number): Happening[] {
  const lies: Happening[] = [];
  if (chance.chance(0.7)) {
    const seconds = chance.one([40, 130, 400]);
    const what = chance.one(['eastus', 'eastus', 'everything']);
    lies.push({ do: 'cut', at, what, seconds });
  }
  if (chance.chance(0.5)) {
    const fault = {
      operation: 'traffic-manager/probe',
      resource: 'eastus',
      kind: 'fail-before',
      times: chance.one([3, 12, 40]),
    } as const;
    lies.push({ do: 'fault', at: at + chance.between(-30, 60), fault });
  }
  return lies;
}

/** One alert or a storm, once or again, in time or long after, and perhaps its end. */
function drawAlerts(chance: Dice, at: number): Happening[] {
  const fired: HappeningOf<'alerts'> = {
    do: 'alerts',
    at: Math.max(1, at + chance.between(-60, 300)),
    rule: chance.one(ALERTS),
    site: chance.one(['east', 'east', 'east', 'west']),
    is: 'Fired',
    copies: chance.one([1, 1, 2, 8, 30]),
    same: chance.chance(0.5),
    ageSeconds: chance.one([0, 5, 240, 4_000]),
  };
  const alerts: Happening[] = [fired];
  if (chance.chance(0.4)) alerts.push({ ...fired, at: fired.at + chance.between(1, 300) });
  if (chance.chance(0.4)) {
    alerts.push({ ...fired, is: 'Resolved', at: Math.max(1, fired.at + chance.between(-5, 200)) });
  }
  return alerts;
}

function drawObstacles(chance: Dice, at: number): Happening[] {
  return Array.from({ length: chance.whole(1, 4) }, () => drawObstacle(chance, at)).flat();
}

function drawObstacle(chance: Dice, around: number): Happening[] {
  const at = Math.max(1, around + chance.between(-60, 250));
  switch (chance.one(['hold', 'hold', 'die', 'die', 'fault', 'store', 'cut', 'start', 'lift'])) {
    case 'hold': {
      const lifted = at + chance.between(1, 600);
      const lift: Happening = { do: 'hold', at: lifted, lift: true };
      return [{ do: 'hold', at, lift: false }, ...(chance.chance(0.5) ? [lift] : [])];
    }
    case 'die': {
      // Few writes belong to a look.
      const where = chance.one(['here', 'write', 'write', 'commit']);
      const downSeconds = chance.one([0, 0, 30, 120, 1_000]);
      const lingers = chance.chance(0.5);
      return [{ do: 'die', at, where, nth: chance.whole(1, 5), downSeconds, lingers }];
    }
    case 'fault':
      return [{ do: 'fault', at, fault: drawFault(chance) }];
    case 'store': {
      const how = chance.one(['refuse', 'lose-answer', 'conflict']);
      return [{ do: 'store', at, how, writes: chance.one([1, 3, 40]), seconds: 60 }];
    }
    case 'cut':
      return [{ do: 'cut', at, what: 'everything', seconds: chance.one([20, 60, 200]) }];
    case 'start': {
      const mode = chance.one(['planned', 'unplanned']);
      return [{ do: 'start', at, kind: 'failover', mode, as: 'operator', key: null }];
    }
    case 'lift':
      return [{ do: 'lift-cooldown', at: at + chance.between(600, 2_000) }];
  }
}
