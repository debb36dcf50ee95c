import type { Json } from '../core/json.ts';
import { canonicalId, parseResourceId } from '../core/resource-id.ts';
import { everyRun, rehearsalRuns } from './journey.ts';
import { kindOf } from './kinds.ts';
import type { PlanKinds } from './kinds.ts';
import type { Plan } from './plan.ts';
import { resolveSteps } from './resolve.ts';

/**
 * Canonical ids of everything that an execution of the plan may change, in any direction, and of every resource that
 * its sites name: plans that share one of them share a lock.
 */
export function lockedResources(plan: Plan, kinds: PlanKinds): readonly string[] {
  const changed = [...everyRun(plan), ...rehearsalRuns(plan)].flatMap((run) =>
    resolveSteps(plan, run).flatMap(({ steps }) =>
      steps.flatMap((step) => {
        const kind = kindOf(step, kinds);
        return kind.effect === 'changes' ? kind.resources(step.with) : [];
      }),
    ),
  );
  const named = Object.values(plan.sites).flatMap(({ resources }) => resourceIds(resources));
  return [...new Set([...changed, ...named].map(canonicalId))].toSorted();
}

/** Groups are not resources: two plans may live in one without meeting. */
function resourceIds(value: Json): readonly string[] {
  if (typeof value === 'string') return parseResourceId(value) === null ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((part: Json) => resourceIds(part));
}
