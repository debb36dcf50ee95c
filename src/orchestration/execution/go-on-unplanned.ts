import type { CommandRecord } from '../../core/execution.ts';
import type { StepState } from '../../core/step.ts';
import type { Draft } from './draft.ts';
import { goOn } from './go-on.ts';

const DONE: readonly StepState[] = ['done', 'presumed', 'satisfied', 'skipped'];

/** Steps that were left out because they belong to unplanned executions are gone back for: they stop the old side. */
export function goOnUnplanned(draft: Draft, order: CommandRecord): void {
  const { by, reason } = order;
  goOn(draft, order);
  draft.patch(
    { mode: 'unplanned' },
    { type: 'mode-changed', data: { from: 'planned', to: 'unplanned', by, reason } },
  );
  draft.plan.stages.forEach((stage, index) => {
    for (const member of stage.steps) {
      const { state, run } = draft.step(member.id);
      const leftOut = state === 'skipped' && run === 0 && member.when === 'unplanned';
      const plannedOnly = member.when === 'planned' && run > 0 && !DONE.includes(state);
      if (plannedOnly) {
        const sentence = 'It belongs to planned executions only, and this is none any more.';
        draft.patchStep(member.id, { state: 'skipped', sentence, endedAt: draft.now });
      } else if (leftOut || (state === 'failed' && member.onFailure !== 'continue')) {
        draft.patchStep(member.id, { state: 'pending', endedAt: null });
        draft.patch({ stage: Math.min(draft.header().stage, index) });
      }
    }
  });
}
