import type { Mode } from '../core/execution.ts';
import type { StepRecord } from '../core/step.ts';
import type { PinnedStage, PinnedStep } from './pinned.ts';

/** Planned rolls back, unplanned rolls forward: compensating towards a dead side would make it worse. */
export function failureRule(
  { onFailure }: Pick<PinnedStep, 'onFailure'>,
  mode: Mode,
): 'compensate' | 'pause' | 'continue' {
  return onFailure ?? (mode === 'planned' ? 'compensate' : 'pause');
}

/** The member of the stage that has failed so that all of it will be undone; null when there is none. */
export function doomedBy(
  stage: PinnedStage,
  steps: readonly StepRecord[],
  mode: Mode,
): StepRecord | null {
  const failed = steps.filter(({ state }) => state === 'failed');
  const rules = stage.steps.map((member) => ({ id: member.id, rule: failureRule(member, mode) }));
  const ruleOf = (step: StepRecord): string | undefined =>
    rules.find(({ id }) => id === step.id)?.rule;
  if (failed.some((step) => ruleOf(step) === 'pause')) return null;
  return failed.find((step) => ruleOf(step) === 'compensate') ?? null;
}
