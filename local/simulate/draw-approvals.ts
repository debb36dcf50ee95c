import { seededRandom } from '../simulator/random.ts';
import { dice } from './dice.ts';
import type { Schedule } from './schedule.ts';

/** Apart from the seed itself, so that all that was drawn before stays. */
const OWN = 0x5eed;

/**
 * Where a plan wants a person's word: who asked may be one who could give it, and the word may be due within two
 * minutes, which is when somebody on call often answers.
 */
export function drawApprovals(drawn: Schedule): Schedule {
  const { seed, plan, happenings } = drawn;
  if (plan.approvals === 0) return drawn;
  const chance = dice(seededRandom(seed + OWN));
  const as = chance.chance(0.5) ? 'chief' : null;
  return {
    ...drawn,
    plan: { ...plan, ...(chance.chance(0.5) ? { expires: '2m' } : {}) },
    happenings: happenings.map((one) =>
      one.do === 'start' && one.as === 'operator' && as !== null ? { ...one, as } : one,
    ),
  };
}
