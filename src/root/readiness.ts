import type { Services } from '../functions/services.ts';
import { askReadiness } from '../orchestration/readiness/ask.ts';
import { readinessOfBroken } from '../orchestration/readiness/broken.ts';
import type { ReadinessDeps } from '../orchestration/readiness/deps.ts';
import type { Catalogue } from './plans.ts';
import { unknownPlan } from './unknown-plan.ts';

/** What the doors ask of plans' readiness. */
export function createReadinessDoor(
  deps: ReadinessDeps,
  catalogue: Catalogue,
): Services['readiness'] {
  return async (name, { fresh }) => {
    const found = await catalogue.find(name);
    if (found !== null) return askReadiness(deps, found.plan, fresh);
    const broken = (await catalogue.broken()).find((plan) => plan.name === name);
    if (broken === undefined) throw await unknownPlan(catalogue, name);
    return readinessOfBroken(deps, broken);
  };
}
