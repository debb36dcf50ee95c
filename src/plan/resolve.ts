import { SwitchoverError } from '../core/errors.ts';
import { stagesOf } from './journey.ts';
import type { Run } from './journey.ts';
import type { Plan, Stage, Step } from './plan.ts';
import { formatPath } from './problem.ts';
import { stepScope } from './scope.ts';
import { substituteObject } from './template.ts';

/** Templates closed, `${captured.…}` excepted: those are the step kind's. */
export type ResolvedStep = Step;

export interface ResolvedStage extends Stage {
  readonly steps: readonly ResolvedStep[];
}

/**
 * The stages of one execution, for its direction and mode. A stage whose steps are all left out stays, empty: stage
 * numbers must not move when a running execution is switched to unplanned.
 */
export function resolveSteps(plan: Plan, run: Run): readonly ResolvedStage[] {
  return stagesOf(plan, run).map((stage) => ({
    name: stage.name,
    steps: stage.steps
      .filter(({ when }) => run.mode === 'any' || when === 'always' || when === run.mode)
      .map((step) => resolveStep(plan, run, step)),
  }));
}

function resolveStep(plan: Plan, run: Run, step: Step): ResolvedStep {
  const scope = stepScope(plan.sites, run, run.executionId, step.with);
  const { value, complaints } = substituteObject(step.with, scope, ['with']);
  const [first] = complaints;
  if (first !== undefined) {
    throw new SwitchoverError(
      'PLAN_INVALID',
      `Step ${step.id} of plan ${plan.name} cannot be run from ${run.from} to ${run.to}: ` +
        `${formatPath(first.path)}: ${first.message}. Validate the plan.`,
    );
  }
  return { ...step, with: value };
}
