import { SwitchoverError } from '../core/errors.ts';

export function unknownPlan(name: string): SwitchoverError {
  return new SwitchoverError(
    'PLAN_UNKNOWN',
    `There is no plan named ${name}. List them: switchover plans`,
  );
}
