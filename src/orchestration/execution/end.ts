import type { TerminalState } from '../../core/execution.ts';
import type { Draft } from './draft.ts';
import { stateWholeLoss } from './milestones.ts';

/** The last state. What follows from it (active site, evidence, lock) is done by `settle`, which may run twice. */
export function end(draft: Draft, state: TerminalState, outcome: string): void {
  if (draft.header().direction === 'forward') stateWholeLoss(draft);
  draft.move(state, 'end');
  draft.patch(
    { endedAt: draft.now, outcome },
    { type: 'execution-ended', data: { state, outcome } },
  );
}
