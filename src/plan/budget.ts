import type { Mode } from '../core/execution.ts';
import { everyRun } from './journey.ts';
import type { Run } from './journey.ts';
import { kindOf } from './kinds.ts';
import type { PlanKinds } from './kinds.ts';
import type { Plan } from './plan.ts';
import { resolveSteps } from './resolve.ts';
import type { ResolvedStage, ResolvedStep } from './resolve.ts';
import { placedSteps } from './roles.ts';

/**
 * How long clients are without the application when a plan's slowest run goes as such runs typically go: noticing at
 * worst, the stages up to the one that moves the traffic, and the old answer in resolvers' caches.
 */
export interface TimeBudget {
  readonly from: string;
  readonly to: string;
  readonly mode: Mode;
  /** What adds up to the total: detection, stages, DNS. */
  readonly parts: readonly BudgetPart[];
  /** Stages that follow the traffic's move: the application serves meanwhile. */
  readonly afterwards: readonly BudgetPart[];
  readonly totalSeconds: number;
  readonly rtoSeconds: number;
}

export interface BudgetPart {
  readonly name: string;
  readonly seconds: number;
}

/** The budget of the slowest of all runs, both directions and both modes. */
export function timeBudget(plan: Plan, kinds: PlanKinds): TimeBudget {
  return everyRun(plan)
    .map((run) => budgetOf(plan, run, kinds))
    .reduce((worst, budget) => (budget.totalSeconds > worst.totalSeconds ? budget : worst));
}

export function typicalSeconds(step: ResolvedStep, kinds: PlanKinds): number {
  return kindOf(step, kinds).typicalSeconds(step.with);
}

function budgetOf(plan: Plan, run: Run & { readonly mode: Mode }, kinds: PlanKinds): TimeBudget {
  const resolved = resolveSteps(plan, run);
  const stages = resolved.map((stage) => stagePart(stage, kinds));
  const traffic = placedSteps(resolved, kinds).findLast(({ role }) => role === 'traffic');
  const counting = traffic === undefined ? stages.length : traffic.stage + 1;
  // Nobody has to notice that a planned run is needed.
  const noticing = run.mode === 'unplanned' ? plan.detection.worstCaseSeconds : 0;
  const parts = [
    { name: 'detection', seconds: noticing },
    ...stages.slice(0, counting),
    { name: 'DNS', seconds: plan.dnsTtlSeconds },
  ];
  return {
    from: run.from,
    to: run.to,
    mode: run.mode,
    parts,
    afterwards: stages.slice(counting),
    totalSeconds: parts.reduce((total, { seconds }) => total + seconds, 0),
    rtoSeconds: plan.objectives.rtoSeconds,
  };
}

/** Steps of a stage run together, so the slowest one counts. */
function stagePart({ name, steps }: ResolvedStage, kinds: PlanKinds): BudgetPart {
  return { name, seconds: Math.max(0, ...steps.map((step) => typicalSeconds(step, kinds))) };
}
