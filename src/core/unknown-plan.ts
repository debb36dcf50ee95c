import { SwitchoverError } from './errors.ts';

/** What was retired is a plan no more, and what became of it is still told. */
export function unknownPlan(name: string): SwitchoverError {
  return new SwitchoverError(
    'PLAN_UNKNOWN',
    `There is no plan named ${name}. List them: switchover plans. If it was pushed and retired: switchover plan history ${name}`,
  );
}
