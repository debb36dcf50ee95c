import { isRehearsal } from '../../core/execution.ts';
import type { StepRecord } from '../../core/step.ts';
import type { ExecutionNext } from '../next.ts';
import type { PinnedStage, PinnedStep } from '../pinned.ts';
import { anchor } from './anchor.ts';
import { endRehearsal, leftOf } from '../drill/rehearsal.ts';
import { afterFailedStep, pause } from './choices.ts';
import type { Draft } from './draft.ts';
import { end } from './end.ts';
import { holdsOf } from './holds.ts';
import { startSteps } from './start-steps.ts';

/**
 * Turns round: what this execution did is undone, last first. Only safe and degrading undos happen unasked, and none
 * when somebody else did part of the work: undoing only ours could leave the application on one side and its data on
 * the other. An operator's order overrides
 * the cost, not the half.
 */
export function beginCompensation(draft: Draft, why: string): void {
  const header = draft.header();
  // What a rehearsal made lies beside what serves: taking part of it away can do no harm.
  const obstacles = isRehearsal(header) ? [] : obstaclesOf(draft, header.undoOrdered === true);
  if (obstacles.length > 0) {
    pause(
      draft,
      {
        why: `${why} It is not undone${header.undoOrdered === true ? '' : ' automatically'}: ${obstacles.join('; ')}. Undoing the rest alone could leave the application on one side and its data on the other.`,
      },
      afterFailedStep(header, failedSteps(draft)),
    );
    draft.clear('undoOrdered');
    return;
  }
  draft.move('compensating', 'compensate');
  draft.clear('pause');
  draft.patch({ direction: 'undo', stage: lastTouched(draft) });
}

/** Not where it stands: who has gone back for what was left out stands before stages that are done. -1: nowhere. */
function lastTouched(draft: Draft): number {
  return draft.plan.stages.findLastIndex(({ steps }) =>
    draft.stepsOf(steps).some(({ touched }) => touched),
  );
}

/** An order overrides what an undo costs, but not what makes it a half: somebody else's work, or what has no way back. */
function obstaclesOf(draft: Draft, ordered: boolean): string[] {
  return draft.plan.stages.flatMap((stage) =>
    stage.steps.flatMap((member) => {
      const step = draft.step(member.id);
      if (member.bound.effect === 'none') return [];
      if (step.state === 'satisfied') return [`${step.id} was done by somebody else`];
      if (!step.touched) return [];
      const undo = member.bound.undoSafety(step.mode ?? draft.header().mode);
      const stops = undo === 'impossible' || (undo === 'lossy' && !ordered);
      return stops ? [`undoing ${step.id} is ${undo}`] : [];
    }),
  );
}

function failedSteps(draft: Draft): string[] {
  return draft.plan.stages
    .flatMap((stage) => draft.stepsOf(stage.steps))
    .filter((step) => step.state === 'failed')
    .map((step) => step.id);
}

/** One stage backwards: undoes its steps side by side, then the stage before it. */
export async function compensate(draft: Draft): Promise<ExecutionNext | null> {
  const header = draft.header();
  const stage = draft.plan.stages[header.stage];
  if (stage === undefined) {
    if (isRehearsal(header)) endRehearsal(draft);
    else end(draft, 'compensated', outcomeOf(draft));
    return null;
  }
  if (holdsOf(draft, stage)) return null;
  const members = stage.steps.filter((member) => isToUndo(draft.step(member.id), member));
  const failed = draft.stepsOf(members).filter((step) => step.state === 'undo-failed');
  if (failed.length > 0) {
    const names = failed.map((step) => step.id);
    const why = failed
      .map((step) => `Undoing ${step.id} failed: ${step.error?.message ?? step.sentence}`)
      .join(' ');
    const [first] = names;
    pause(
      draft,
      { why, ...(first === undefined ? {} : { step: first }) },
      afterFailedStep(header, names),
    );
    return null;
  }
  if (members.length > 0) {
    if (members.every((member) => draft.step(member.id).direction === 'forward'))
      undoingBegan(draft, stage, members);
    return startSteps(
      draft,
      members.map((member) => member.id),
      'undo',
    );
  }
  if (stage.steps.some((member) => draft.step(member.id).direction === 'undo')) {
    draft.patch(
      {},
      {
        type: 'stage-ended',
        data: { stage: header.stage, name: stage.name, direction: 'undo', outcome: 'done' },
      },
    );
    await anchor(draft);
  }
  draft.patch({ stage: header.stage - 1 });
  return null;
}

function outcomeOf(draft: Draft): string {
  const { plan, from } = draft.header();
  const left = leftOf(draft);
  return left.length === 0
    ? `Everything that was done is undone; ${plan} serves from ${from}.`
    : `What could be undone is undone, but not ${left.join(', ')}. Look from where ${plan} serves.`;
}

/** Undo exactly what was done: steps that sent anything, and that are not undone or waived yet. */
function isToUndo(step: StepRecord, member: PinnedStep): boolean {
  if (!step.touched || step.waived === true || step.state === 'undone') return false;
  return member.bound.motion('undo') !== null;
}

function undoingBegan(draft: Draft, stage: PinnedStage, members: readonly PinnedStep[]): void {
  draft.patch(
    {},
    {
      type: 'stage-began',
      data: {
        stage: draft.header().stage,
        name: stage.name,
        direction: 'undo',
        steps: members.map((member) => member.id),
      },
    },
  );
}
