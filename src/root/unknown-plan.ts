import { SwitchoverError } from '../core/errors.ts';
import type { Catalogue } from './plans.ts';

/** Why a plan that was named cannot be used. */
export async function unknownPlan(catalogue: Catalogue, name: string): Promise<SwitchoverError> {
  const broken = (await catalogue.doors.list()).find((plan) => plan.name === name);
  return broken === undefined
    ? new SwitchoverError(
        'PLAN_UNKNOWN',
        `There is no plan named ${name}. List them: switchover plans`,
      )
    : new SwitchoverError(
        'PLAN_INVALID',
        `Plan ${name} cannot be run until it is mended: ${broken.problems.join(' ')}`,
      );
}
