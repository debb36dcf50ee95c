import { seededRandom } from '../simulator/random.ts';
import { dice } from './dice.ts';
import type { Happening } from './happenings.ts';
import type { Schedule } from './schedule.ts';

/** Apart from the seed itself, so that all that was drawn before stays. */
const OWN = 0x51e7;
/** Of the seeds in which nobody watches. */
const SILENT = 0.05;

/**
 * An execution in whose midst the app is gone for so long that what it knew is stale, and to which nothing else
 * happens: elsewhere an absence as long seldom meets one that would still change something after it.
 */
export function drawSilence(drawn: Schedule): Schedule {
  const { seed, plan } = drawn;
  const chance = dice(seededRandom(seed + OWN));
  if (plan.watch !== undefined || !chance.chance(SILENT)) return drawn;
  const mode = chance.one(['planned', 'planned', 'unplanned']);
  const happenings: readonly Happening[] = [
    { do: 'start', at: 200, kind: 'failover', mode, as: 'operator', key: null },
    {
      ...{ do: 'die', at: 201, where: 'write', nth: chance.whole(5, 40) },
      downSeconds: chance.one([1_500, 2_400]),
      lingers: chance.chance(0.35),
    },
  ];
  return { ...drawn, plan: { ...plan, approvals: 0 }, happenings };
}
