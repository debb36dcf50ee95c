import type { Mode } from '../core/execution.ts';
import { DEAR_SECONDS, TICK_SECONDS } from '../core/watching.ts';
import { everyRun } from './journey.ts';
import type { Run } from './journey.ts';
import { kindOf } from './kinds.ts';
import type { PlanKinds } from './kinds.ts';
import type { Plan } from './plan.ts';
import { resolveSteps } from './resolve.ts';
import type { ResolvedStage, ResolvedStep } from './resolve.ts';
import { placedSteps } from './roles.ts';
import { looksOften } from './signals.ts';

/**
 * How long clients are without the application when a plan's slowest run goes as such runs typically go: noticing at
 * worst, the stages up to the one that moves the traffic, and the old answer in resolvers' caches.
 */
export interface TimeBudget {
  readonly from: string;
  readonly to: string;
  readonly mode: Mode;
  readonly detectionSeconds: number;
  readonly stages: readonly BudgetedStage[];
  readonly dnsSeconds: number;
  /** Detection, the stages that count, DNS. */
  readonly totalSeconds: number;
  readonly rtoSeconds: number;
}

export interface BudgetedStage {
  readonly name: string;
  /** Of its slowest step: steps of a stage run together. */
  readonly seconds: number;
  readonly slowest: string | null;
  /** False once the traffic has moved: the application serves again. */
  readonly counts: boolean;
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
  const { from, to, mode } = run;
  const resolved = resolveSteps(plan, run);
  const traffic = placedSteps(resolved, kinds).findLast(({ role }) => role === 'traffic');
  const stages = resolved.map((stage, index) => ({
    ...slowestOf(stage, kinds),
    counts: traffic === undefined || index <= traffic.stage,
  }));
  const detectionSeconds = mode === 'unplanned' ? unnoticedSeconds(plan) : 0;
  const dnsSeconds = plan.dnsTtlSeconds;
  const counting = stages.filter(({ counts }) => counts);
  return {
    from,
    to,
    mode,
    detectionSeconds,
    stages,
    dnsSeconds,
    totalSeconds: counting.reduce(
      (sum, { seconds }) => sum + seconds,
      detectionSeconds + dnsSeconds,
    ),
    rtoSeconds: plan.objectives.rtoSeconds,
  };
}

/**
 * Until an outage is noticed, at worst; nobody has to notice that a planned run is needed. A watch that begins something
 * counts its looks from the first one that Traffic Manager, late itself, says the same to.
 */
function unnoticedSeconds(plan: Plan): number {
  const { detection, watch } = plan;
  if (watch === undefined || watch.action === 'notify') return detection.worstCaseSeconds;
  const untilRead = looksOften(plan) ? 0 : DEAR_SECONDS;
  return detection.worstCaseSeconds + untilRead + watch.rule.failures * TICK_SECONDS;
}

function slowestOf(stage: ResolvedStage, kinds: PlanKinds): Omit<BudgetedStage, 'counts'> {
  const [slowest] = stage.steps
    .map((step) => ({ id: step.id, seconds: typicalSeconds(step, kinds) }))
    .toSorted((left, right) => right.seconds - left.seconds);
  return { name: stage.name, seconds: slowest?.seconds ?? 0, slowest: slowest?.id ?? null };
}
