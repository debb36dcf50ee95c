import type { StepRecord } from '../../core/step.ts';
import type { Draft } from './draft.ts';

/** Steps that belong to this execution, and that a person had it go on without. */
export function leftOut(draft: Draft): readonly StepRecord[] {
  const { mode } = draft.header();
  return draft.plan.stages
    .flatMap((stage) => stage.steps)
    .filter(({ when }) => when === 'always' || when === mode)
    .map(({ id }) => draft.step(id))
    .filter(({ state, run }) => state === 'skipped' && run > 0);
}
