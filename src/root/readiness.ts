import type { Services } from '../functions/services.ts';
import { askReadiness } from '../orchestration/readiness/ask.ts';
import { readinessOfBroken } from '../orchestration/readiness/broken.ts';
import type { ReadinessDeps } from '../orchestration/readiness/deps.ts';
import type { Catalogue } from './plans.ts';
import { unknownPlan } from '../core/unknown-plan.ts';

/** What the doors ask of plans' readiness. */
export function createReadinessDoor(
  deps: ReadinessDeps,
  catalogue: Catalogue,
): Services['readiness'] {
  return async (name, { fresh }) => {
    const broken = (await catalogue.broken()).find((plan) => plan.name === name);
    if (broken !== undefined) return readinessOfBroken(deps, broken);
    const found = await catalogue.find(name);
    if (found === null) throw unknownPlan(name);
    return askReadiness(deps, found.plan, fresh);
  };
}
