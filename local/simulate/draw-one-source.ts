import { seededRandom } from '../simulator/random.ts';
import { dice } from './dice.ts';
import type { Dice } from './dice.ts';
import type { WatchShape } from './plan-shape.ts';
import type { Happening } from './happenings.ts';
import type { Schedule } from './schedule.ts';

/** Apart from the seed itself, so that all that was drawn before stays. */
const OWN = 0xb11d;
/** Of the seeds that watch. */
const SHARE = 0.2;

interface OneSource {
  readonly watch: WatchShape;
  readonly tells: Happening;
}

/**
 * All that speaks against the site that serves comes from one source, and the plan wants more, which hardly ever comes
 * together by chance. Instances still die and the state store still fails; what else could confirm it is left out.
 */
export function drawOneSource(drawn: Schedule): Schedule {
  const { seed, plan, happenings } = drawn;
  const chance = dice(seededRandom(seed + OWN));
  if (plan.watch === undefined || !chance.chance(SHARE)) return drawn;
  const at = Math.round(chance.between(150, 400));
  const acts = { ...plan.watch, action: chance.one(['act', 'act', 'ask']) } as const;
  const { watch, tells } = chance.chance(0.5)
    ? ourNetwork(chance, acts, at)
    : oneAlert(chance, acts, at);
  const stays = happenings.filter((one) => one.do === 'die' || one.do === 'store');
  return {
    ...drawn,
    plan: { ...plan, watch },
    happenings: [tells, ...stays].toSorted((left, right) => left.at - right.at),
  };
}

/** Two probes of ours, and the way from us to the site is cut: what both of them see is one view. */
function ourNetwork(chance: Dice, watch: WatchShape, at: number): OneSource {
  const signals = [...new Set(['front', 'console', ...watch.signals] as const)];
  return {
    watch: { ...watch, signals, quorum: 2 },
    tells: { do: 'cut', at, what: 'eastus', seconds: chance.one([130, 400]) },
  };
}

/** An alert that wants to be confirmed, and nothing that confirms it. */
function oneAlert(chance: Dice, watch: WatchShape, at: number): OneSource {
  const rule = chance.one(['endpoint-alert', 'public-alert', 'sql-alert']);
  const signals = [...new Set([...watch.signals, rule] as const)];
  const alert = { do: 'alerts', at, rule, site: 'east', is: 'Fired' } as const;
  return {
    watch: { ...watch, signals, quorum: 1, confirmed: false },
    tells: { ...alert, copies: 1, same: true, ageSeconds: 0 },
  };
}
