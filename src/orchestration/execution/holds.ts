import { isRehearsal } from '../../core/execution.ts';
import type { StepRecord } from '../../core/step.ts';
import type { PinnedStage } from '../pinned.ts';
import {
  LEAVE_IT,
  RESUME,
  afterFailedStep,
  afterQuestion,
  cancelChoices,
  pause,
} from './choices.ts';
import type { Draft } from './draft.ts';
import { cleanUpAfterSilence } from './silent.ts';
import { pauseForApproval } from './step-approval.ts';

/** A step that stands still for a reason stops the execution, which then asks. True when that was decided. */
export function holdsOf(draft: Draft, stage: PinnedStage): boolean {
  const held = draft
    .stepsOf(stage.steps)
    .find(({ held }) => held !== undefined && held.why !== 'command' && held.why !== 'doomed');
  if (held === undefined) return false;
  if (held.held?.why === 'silence' && isRehearsal(draft.header())) cleanUpAfterSilence(draft);
  else pauseFor(draft, held);
  return true;
}

function pauseFor(draft: Draft, step: StepRecord): void {
  const header = draft.header();
  const { held } = step;
  switch (held?.why) {
    case 'ask':
      pause(
        draft,
        { why: held.sentence, step: step.id, needs: held.needs },
        afterQuestion(header, held.needs),
      );
      return;
    case 'approval':
      pauseForApproval(draft, step);
      return;
    case 'silence':
      pause(
        draft,
        {
          why: `Nothing was heard of this execution since ${held.since}: Switchover's own host was down. Somebody may have acted meanwhile. Look before you go on.`,
          step: step.id,
        },
        [RESUME, ...cancelChoices(header)],
      );
      return;
    case 'fault':
      pause(
        draft,
        {
          why: `Switchover itself broke on ${step.id}: ${held.message}. What it was doing there may be half done. Look before you go on.`,
          step: step.id,
        },
        afterFailedStep(header, [step.id]),
      );
      return;
    case 'overdue':
      pause(
        draft,
        {
          why: `${step.id}: ${step.sentence} It is not cancelled, because that could leave it on neither side.`,
          step: step.id,
        },
        [{ command: 'resume', does: 'goes on following it' }, ...cancelChoices(header)],
      );
      return;
    case 'lock-lost':
      pause(
        draft,
        {
          why: `The lock on ${header.plan} is no longer held by this execution. Nothing more is sent.`,
          step: step.id,
        },
        [RESUME, LEAVE_IT],
      );
      return;
    default:
      return;
  }
}
