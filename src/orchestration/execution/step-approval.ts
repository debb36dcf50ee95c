import type { CommandRecord, ExecutionRecord } from '../../core/execution.ts';
import { SYSTEM } from '../../core/principal.ts';
import type { Principal } from '../../core/principal.ts';
import { stepEnded } from '../../core/step.ts';
import type { StepRecord } from '../../core/step.ts';
import { expired, extended, whyNoApproval } from './approval.ts';
import { cancelChoices, goUnplanned, pause } from './choices.ts';
import type { Draft } from './draft.ts';
import { goOn } from './go-on.ts';

/** Approvals that a step waits for (`control/approval`), beside the one before an execution begins. */

type Order = Pick<CommandRecord, 'command' | 'by'>;

function waits({ approval, state }: StepRecord): boolean {
  return approval !== undefined && approval.through === undefined && !stepEnded(state);
}

/** Null when this order about a step's approval can be carried out, else why not. */
export function whyNotHere(
  header: ExecutionRecord,
  step: StepRecord,
  { command, by }: Order,
): string | null {
  if (!waits(step)) return `step ${step.id} does not wait for approval`;
  return command === 'reject' ? null : whyNoApproval(header, step.approval?.agreed ?? [], by);
}

/** Stops for the people: what follows, what may be lost, and what each word does. */
export function pauseForApproval(draft: Draft, step: StepRecord): void {
  const header = draft.header();
  const { approval, held } = step;
  if (approval === undefined || held?.why !== 'approval') return;
  const more = approval.needed - approval.agreed.length;
  const people = more === 1 ? 'one person' : `${more} people`;
  const why = `${step.id} waits for ${people} to agree until ${approval.expiresAt}: ${held.sentence}`;
  pause(draft, { why, step: step.id }, [
    {
      command: 'approve',
      does: more > 1 ? `counts as one of ${more} that are still needed` : `goes on: ${held.next}`,
    },
    {
      command: 'reject',
      does:
        header.mode === 'planned'
          ? `fails the step, so that what was done is undone and ${header.from} serves again, unless the step says otherwise`
          : 'fails the step; what follows is decided then',
    },
    ...goUnplanned(header),
    ...cancelChoices(header),
  ]);
}

export function approveStep(draft: Draft, id: string, order: CommandRecord): void {
  const { approval } = draft.step(id);
  if (approval === undefined) return;
  const { by, reason } = order;
  const agreed = [...approval.agreed, { by, at: draft.now, reason }];
  if (agreed.length >= approval.needed) {
    draft.patchStep(id, { approval: { ...approval, agreed, through: 'agreed' }, held: null });
    goOn(draft, order);
    return;
  }
  draft.patchStep(id, { approval: { ...approval, agreed } });
  if (isAbout(draft, id)) pauseForApproval(draft, draft.step(id));
}

export function rejectStep(draft: Draft, id: string, order: CommandRecord): void {
  const { by, reason } = order;
  failStep(draft, id, 'APPROVAL_REJECTED', `${by.name} rejected it: ${reason}`, by);
}

/** The step whose approval has expired while the execution is paused for it; null when there is none. */
export function expiredStep(draft: Draft): StepRecord | null {
  const { state, pause: paused } = draft.header();
  if (state !== 'paused' || paused?.step === undefined) return null;
  const step = draft.step(paused.step);
  const { approval, held } = step;
  const asked = held?.why === 'approval' && approval !== undefined && waits(step);
  return asked && expired(approval, draft.now) ? step : null;
}

/** Seconds until the approval that the pause is about expires; null when it is about none. */
export function expiresIn(draft: Draft): number | null {
  const { pause: paused } = draft.header();
  const step = paused?.step === undefined ? undefined : draft.step(paused.step);
  if (step?.held?.why !== 'approval' || step.approval === undefined) return null;
  return (Date.parse(step.approval.expiresAt) - Date.parse(draft.now)) / 1000;
}

export function atStepExpiry(draft: Draft, { id, approval }: StepRecord): void {
  if (approval === undefined) return;
  const { needed, agreed, onExpiry: then = 'abort' } = approval;
  const data = { step: id, needed, given: agreed.length, then };
  if (then === 'remind') {
    const again = { ...approval, ...extended(approval, draft.now) };
    draft.patchStep(id, { approval: again });
    draft.patch({}, { type: 'approval-expired', data: { ...data, until: again.expiresAt } });
    pauseForApproval(draft, draft.step(id));
    return;
  }
  draft.patch({}, { type: 'approval-expired', data });
  if (then === 'continue') {
    draft.patchStep(id, { approval: { ...approval, through: 'expired' }, held: null });
    goOn(draft, { command: 'expire', by: SYSTEM, reason: 'the plan lets it go on without them' });
    return;
  }
  const words = `Only ${agreed.length} of ${needed} people agreed by ${approval.expiresAt}.`;
  failStep(draft, id, 'APPROVAL_EXPIRED', words, SYSTEM);
}

function failStep(draft: Draft, id: string, code: string, message: string, by: Principal): void {
  goOn(draft, { command: 'fail the step', by, reason: message });
  draft.patchStep(
    id,
    {
      state: 'failed',
      error: { code, message },
      sentence: message,
      endedAt: draft.now,
      held: null,
    },
    { type: 'step-failed', data: { step: id, code, message } },
  );
}

function isAbout(draft: Draft, id: string): boolean {
  const { state, pause: paused } = draft.header();
  return state === 'paused' && paused?.step === id;
}
