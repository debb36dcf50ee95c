import type { Plan } from '../../plan/plan.ts';
import type { DeployedPlans } from '../../records/deployed-plans.ts';
import type { ReadinessDeps } from '../readiness/deps.ts';

/** What changing plans works with. */
export interface PlanDeps extends ReadinessDeps {
  readonly deployed: DeployedPlans;
  /** Every plan that can be run now. */
  readonly plans: () => Promise<readonly Plan[]>;
}
