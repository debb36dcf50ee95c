import { isRehearsal } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import type { Draft } from '../execution/draft.ts';
import { end } from '../execution/end.ts';

/** Steps whose work stands although it was to be undone. */
export function leftOf(draft: Draft): readonly string[] {
  return draft.plan.stages
    .flatMap((stage) => draft.stepsOf(stage.steps))
    .filter((step) => step.touched && step.state !== 'undone')
    .map((step) => step.id);
}

/** Nothing is begun that could not be cleaned up. */
export function uncleanable(draft: Draft): readonly Finding[] {
  const { mode } = draft.header();
  if (!isRehearsal(draft.header())) return [];
  return draft.plan.stages
    .flatMap((stage) => stage.steps)
    .filter(({ bound }) => bound.effect === 'changes' && bound.undoSafety(mode) !== 'safe')
    .map(({ id, bound }) => ({
      severity: 'critical',
      resource: id,
      step: id,
      problem: `what ${id} makes cannot be cleaned up safely (its undo is ${bound.undoSafety(mode)})`,
      remedy: 'Give the step an undo, or leave it out of the rehearsal.',
    }));
}

/** The clean-up is through. The rehearsal succeeded when it found nothing wrong and left nothing behind. */
export function endRehearsal(draft: Draft): void {
  const { problems = [], undoOrdered } = draft.header();
  const after = afterRehearsal(draft);
  const cancel = draft.orders.findLast(({ command }) => command === 'cancel');
  if (undoOrdered === true && cancel !== undefined) {
    const { by, reason } = cancel;
    end(draft, 'cancelled', `${by.name} cancelled it: ${reason} ${after}`);
  } else if (problems.length > 0)
    end(draft, 'failed', `The rehearsal found a problem: ${problems.join('; ')}. ${after}`);
  else if (leftOf(draft).length > 0) end(draft, 'failed', `The rehearsal went well. ${after}`);
  else end(draft, 'succeeded', `The rehearsal found nothing wrong. ${after}`);
}

/** What a rehearsal leaves behind, or that it leaves nothing. */
export function afterRehearsal(draft: Draft): string {
  const { plan, from } = draft.header();
  const left = leftOf(draft);
  return left.length === 0
    ? `Everything it made is cleaned up; ${plan} serves from ${from} as before.`
    : `What ${left.join(', ')} made is left: clean it up by hand.`;
}
