import type { Instant } from '../core/clock.ts';
import { formatSeconds } from '../core/duration.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { LagBound } from '../steps/contract.ts';
import type { PinnedStage, PinnedStep } from './pinned.ts';

type Way = Pick<ExecutionRecord, 'mode' | 'from' | 'to'>;

/** Whether an execution in this mode runs the step at all. */
export function isAhead({ when }: PinnedStep, { mode }: Pick<Way, 'mode'>): boolean {
  return when === 'always' || when === mode;
}

/** What these steps do, in words for whoever has to agree to it. */
export function deedsOf(steps: readonly PinnedStep[], { mode, from, to }: Way): string {
  return steps.map(({ bound }) => bound.describe({ mode, from, to })).join(' ');
}

/** What changes something in these stages: proofs and waits are nothing that people agree to. */
export function changesIn(stages: readonly PinnedStage[], way: Way): readonly PinnedStep[] {
  return stages.flatMap(({ steps }) =>
    steps.filter((step) => isAhead(step, way) && step.bound.effect !== 'none'),
  );
}

/** What is known of it now; nothing when no data is moved in these stages. */
export async function whatMayBeLost(
  stages: readonly PinnedStage[],
  way: Way,
  { lag, now }: { readonly lag: () => Promise<LagBound | null>; readonly now: Instant },
): Promise<string> {
  if (!changesIn(stages, way).some(({ bound }) => bound.makesWritable)) return '';
  const bound = await lag();
  return bound === null
    ? 'How much data has not reached the other side is not known.'
    : `At most ${formatSeconds(bound.seconds)} of data had not reached ${way.to} at ${now}.`;
}
