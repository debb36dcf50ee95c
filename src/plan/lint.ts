import type { Finding } from '../core/finding.ts';
import { timeBudget } from './budget.ts';
import type { TimeBudget } from './budget.ts';
import { everyRun } from './journey.ts';
import type { PlanKinds } from './kinds.ts';
import { drillFindings } from './lint-drills.ts';
import { orderFindings } from './lint-order.ts';
import { promiseFindings } from './lint-promises.ts';
import { watchFindings } from './lint-watch.ts';
import type { Plan } from './plan.ts';
import { resolveSteps } from './resolve.ts';
import { placedSteps } from './roles.ts';

export interface PlanLint {
  readonly findings: readonly Finding[];
  readonly budget: TimeBudget;
}

/** What is unwise in a plan that is valid: its order in every direction and mode, and whether it can keep its word. */
export function lintPlan(plan: Plan, kinds: PlanKinds): PlanLint {
  const budget = timeBudget(plan, kinds);
  const ordered = everyRun(plan).flatMap((run) =>
    orderFindings(plan, run, placedSteps(resolveSteps(plan, run), kinds)),
  );
  const findings = [
    ...ordered,
    ...promiseFindings(plan, budget, kinds),
    ...drillFindings(plan),
    ...watchFindings(plan),
  ];
  return { budget, findings: distinct(findings) };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}
