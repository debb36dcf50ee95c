import { faultsOf } from '../demo/faults.ts';
import type { Dice } from './dice.ts';
import type { Happening, HappeningOf } from './happenings.ts';
import type { Schedule } from './schedule.ts';

/** Steps late enough that there is much to undo, whose failing leaves the way back open. */
const LATE_STEPS = {
  cafe: ['machines', 'addresses', 'console', 'traffic', 'public-name', 'coffee'],
  'data-and-traffic': ['traffic'],
} as const;

/**
 * An execution that has to turn round, or to ask whether it may: what it comes to late fails however often it is tried.
 * Instances still die and the state store still fails; whatever else would keep it from getting so far is left out.
 */
export function turningRound(chance: Dice, drawn: Schedule): Schedule {
  const base = chance.one(['cafe', 'cafe', 'data-and-traffic'] as const);
  const mode = chance.one(['planned', 'planned', 'unplanned']);
  const start: HappeningOf<'start'> = {
    ...{ do: 'start', at: 200, kind: 'failover', mode, as: 'operator', key: null },
  };
  const faults = faultsOf(chance.one<string>(LATE_STEPS[base])).map((fault): Happening => ({
    do: 'fault',
    at: 201,
    fault,
  }));
  const stays = drawn.happenings.filter((one) => one.do === 'die' || one.do === 'store');
  const happenings = [start, ...faults, ...stays];
  const { presumed, lossLimit } = drawn.plan;
  return {
    ...drawn,
    plan: { base, presumed, lossLimit, approvals: 0, onFailure: {} },
    happenings: happenings.toSorted((left, right) => left.at - right.at),
  };
}
