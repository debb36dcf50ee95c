import type { CommandRecord } from '../../core/execution.ts';
import type { Draft } from './draft.ts';

/** Ends a pause: what stood still looks again. Nothing happens when nothing is paused. */
export function goOn(
  draft: Draft,
  { command, by, reason }: Pick<CommandRecord, 'by' | 'reason'> & { readonly command: string },
): void {
  const { pause: paused } = draft.header();
  if (paused === undefined) return;
  draft.move(paused.from, command);
  draft.clear('pause');
  spoken(draft);
  draft.patch({}, { type: 'resumed', data: { by, reason } });
}

/** A person has looked: what steps stood still for is answered, or is asked again at their next look. */
export function spoken(draft: Draft): void {
  for (const stage of draft.plan.stages)
    for (const step of draft.stepsOf(stage.steps))
      if (step.held !== undefined || step.starts !== undefined)
        draft.patchStep(step.id, { held: null, starts: null });
  draft.patch({ expectedAt: draft.now });
}
