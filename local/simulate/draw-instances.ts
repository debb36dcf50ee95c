import { seededRandom } from '../simulator/random.ts';
import { dice } from './dice.ts';
import type { Schedule } from './schedule.ts';

/** Apart from the seed itself, so that all that was drawn before stays. */
const OWN = 0x2_0000;

/** The platform may have scaled out: what one instance keeps in its memory, the others do not know. */
export function drawInstances(drawn: Schedule): Schedule {
  const chance = dice(seededRandom(drawn.seed + OWN));
  return chance.chance(0.15) ? { ...drawn, instances: 2 } : drawn;
}
