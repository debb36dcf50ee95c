import { EXECUTION_STREAM, stepStream } from '../../core/events.ts';
import type { ChainHead } from '../../core/execution.ts';
import type { Draft } from './draft.ts';

/**
 * Fixes the heads of all chains in the immutable container, and in the execution's own chain: a record that is
 * rewritten or cut later shows against them. Written before the event that tells of it; a crash in between leaves an
 * anchor of the same heads.
 */
export async function anchor(draft: Draft): Promise<void> {
  const header = draft.header();
  const heads: Record<string, ChainHead> = { [EXECUTION_STREAM]: header.head };
  for (const stage of draft.plan.stages) {
    for (const step of draft.stepsOf(stage.steps)) {
      if (step.head.sequence > 0) heads[stepStream(step.id)] = step.head;
    }
  }
  const number = header.head.sequence + 1;
  await draft.deps.blobs.create(
    'evidence',
    `anchors/${header.id}/${String(number).padStart(6, '0')}.json`,
    JSON.stringify({ execution: header.id, anchor: number, at: draft.now, heads }),
    'application/json',
  );
  draft.patch({}, { type: 'heads-anchored', data: { anchor: number, heads } });
}
