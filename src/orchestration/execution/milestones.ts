import { later } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import { isRehearsal } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { StepRecord } from '../../core/step.ts';
import type { Closing } from '../../steps/contract.ts';
import type { PinnedStage } from '../pinned.ts';
import type { Draft } from './draft.ts';
import { leftOut } from './left-out.ts';

/** What a finished stage means for the whole: when the application was closed, when it served again, what is lost. */
export function milestones(draft: Draft, stage: PinnedStage): void {
  // Whatever a rehearsal proves, the application has stayed where it was.
  if (isRehearsal(draft.header())) return;
  for (const member of stage.steps) {
    const step = draft.step(member.id);
    if (step.fencing !== undefined) draft.patch({ fencing: step.fencing });
    if (step.state !== 'done' && step.state !== 'presumed' && step.state !== 'satisfied') continue;
    const { closesApplication: closing } = member.bound;
    if (closing !== false && step.endedAt !== undefined)
      draft.patch({
        closedAt: knowsItsEnd(draft, step, closing)
          ? step.endedAt
          : whenForgotten(draft, step.endedAt),
      });
    if (step.lossSeconds !== undefined) stateLoss(draft, step);
    if (member.probesPublicName) servedAgain(draft, step);
  }
}

/** In a planned run the step itself waits until nobody comes any more; an unplanned one has no time for that. */
function knowsItsEnd(draft: Draft, { mode }: StepRecord, closing: Closing): boolean {
  return closing === 'at once' || (mode ?? draft.header().mode) === 'planned';
}

/** Clients that remember the old address still write there, until its time to live has passed. */
function whenForgotten(draft: Draft, closed: Instant): Instant {
  return later(closed, draft.plan.plan.dnsTtlSeconds);
}

/** The worst of all data in the plan; unknown beats any number. */
function stateLoss(draft: Draft, step: StepRecord): void {
  const { dataLossSeconds } = draft.header();
  const loss = step.lossSeconds ?? null;
  const worst: ExecutionRecord['dataLossSeconds'] =
    loss === null || dataLossSeconds === null ? null : Math.max(dataLossSeconds ?? 0, loss);
  draft.patch(
    { dataLossSeconds: worst },
    { type: 'data-loss-stated', data: { seconds: loss, basis: `${step.id}: ${step.sentence}` } },
  );
}

/**
 * The worst of all data that was touched, also by steps that failed or were skipped: one of which it is not known what
 * it lost makes the whole unknown.
 */
export function stateWholeLoss(draft: Draft): void {
  const skipped = new Set(leftOut(draft).map(({ id }) => id));
  const moved = draft.plan.stages
    .flatMap((stage) => stage.steps)
    .filter((member) => member.bound.makesWritable)
    .map((member) => draft.step(member.id))
    .filter((step) => step.touched || step.state === 'satisfied' || skipped.has(step.id));
  const unstated = moved.filter((step) => step.lossSeconds === undefined);
  if (unstated.length === 0) return;
  const basis = `${unstated.map((step) => step.id).join(', ')} did not come to an end that would tell.`;
  draft.patch(
    { dataLossSeconds: null },
    { type: 'data-loss-stated', data: { seconds: null, basis } },
  );
}

function servedAgain(draft: Draft, step: StepRecord): void {
  const header = draft.header();
  if (header.servedAgainAt !== undefined || step.endedAt === undefined) return;
  draft.patch(
    { servedAgainAt: step.endedAt },
    {
      type: 'served-again',
      data: { site: header.to, url: draft.plan.plan.publicUrl, at: step.endedAt },
    },
  );
}
