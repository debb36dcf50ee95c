import { isRehearsal } from '../../core/execution.ts';
import { SYSTEM } from '../../core/principal.ts';
import { stepEnded } from '../../core/step.ts';
import type { StepRecord } from '../../core/step.ts';
import { failureRule } from '../failure-rule.ts';
import type { ExecutionNext } from '../next.ts';
import type { PinnedStage, PinnedStep } from '../pinned.ts';
import { noteProblems } from '../drill/problems.ts';
import { afterFailedStep, pause } from './choices.ts';
import { beginCompensation } from './compensate.ts';
import type { Draft } from './draft.ts';
import { end } from './end.ts';
import { holdsOf } from './holds.ts';
import { leftOut } from './left-out.ts';
import { milestones } from './milestones.ts';
import { anchor } from './anchor.ts';
import { startSteps } from './start-steps.ts';

/** The stage that stands: starts what has not ended, decides about what failed, or goes on to the next stage. */
export async function forward(draft: Draft): Promise<ExecutionNext | null> {
  const header = draft.header();
  const stage = draft.plan.stages[header.stage];
  if (stage === undefined) {
    if (isRehearsal(header)) beginCompensation(draft, 'The rehearsal is over.');
    else end(draft, 'succeeded', outcomeOf(draft));
    return null;
  }
  skipOtherMode(draft, stage);
  if (holdsOf(draft, stage)) return null;
  // What was ordered to be tried again comes before judgement on what failed beside it.
  const open = draft
    .stepsOf(stage.steps)
    .filter((step) => !stepEnded(step.state) && step.held?.why !== 'doomed');
  if (open.length > 0) {
    if (draft.stepsOf(stage.steps).every((step) => step.run === 0 || step.state === 'skipped'))
      stageBegan(draft, stage);
    return startSteps(
      draft,
      open.map((step) => step.id),
      'forward',
    );
  }
  const failures = draft
    .stepsOf(stage.steps)
    .filter((step) => step.state === 'failed' && !tolerated(stage, step));
  if (failures.length > 0) {
    afterFailure(draft, stage, failures);
    return null;
  }
  milestones(draft, stage);
  noteProblems(draft, toleratedFailures(draft, stage));
  const outcome = draft.stepsOf(stage.steps).some((step) => step.state === 'failed')
    ? 'failed'
    : 'done';
  draft.patch(
    { stage: header.stage + 1 },
    {
      type: 'stage-ended',
      data: { stage: header.stage, name: stage.name, direction: 'forward', outcome },
    },
  );
  await anchor(draft);
  return null;
}

/** What people left out is theirs to know of: nothing is claimed that only those steps would have done, or shown. */
function outcomeOf(draft: Draft): string {
  const { plan, to, servedAgainAt } = draft.header();
  const names = leftOut(draft).map(({ id }) => id);
  if (names.length === 0) return `${plan} serves from ${to}.`;
  return servedAgainAt === undefined
    ? `Everything but ${names.join(', ')} is done, and nothing has shown that ${plan} serves from ${to}. Look from where it serves.`
    : `${plan} serves from ${to}. Left out: ${names.join(', ')}.`;
}

function stageBegan(draft: Draft, stage: PinnedStage): void {
  const steps = draft.stepsOf(stage.steps).filter((step) => step.state !== 'skipped');
  draft.patch(
    {},
    {
      type: 'stage-began',
      data: {
        stage: draft.header().stage,
        name: stage.name,
        direction: 'forward',
        steps: steps.map((step) => step.id),
      },
    },
  );
}

function skipOtherMode(draft: Draft, stage: PinnedStage): void {
  const { mode } = draft.header();
  for (const member of stage.steps) {
    const step = draft.step(member.id);
    if (
      member.when === 'always' ||
      member.when === mode ||
      step.state !== 'pending' ||
      step.run > 0
    )
      continue;
    const reason = `This step belongs to ${member.when} executions only.`;
    draft.patchStep(
      member.id,
      { state: 'skipped', sentence: reason, endedAt: draft.now },
      {
        type: 'step-skipped',
        data: { step: member.id, by: SYSTEM, reason },
      },
    );
  }
}

function memberOf(stage: PinnedStage, step: StepRecord): PinnedStep | undefined {
  return stage.steps.find((member) => member.id === step.id);
}

function tolerated(stage: PinnedStage, step: StepRecord): boolean {
  // A no, or nobody's yes, is never gone past.
  return memberOf(stage, step)?.onFailure === 'continue' && step.approval === undefined;
}

/** A step that may fail all the same shows a drill that something is wrong. */
function toleratedFailures(draft: Draft, stage: PinnedStage): readonly StepRecord[] {
  return draft.stepsOf(stage.steps).filter(({ state }) => state === 'failed');
}

function afterFailure(draft: Draft, stage: PinnedStage, failures: readonly StepRecord[]): void {
  const header = draft.header();
  const rules = failures.map((step) => failureRule(memberOf(stage, step) ?? {}, header.mode));
  const words = failures
    .map((step) => `${step.id}: ${step.error?.message ?? step.sentence}`)
    .join(' ');
  draft.patch(
    {},
    {
      type: 'stage-ended',
      data: { stage: header.stage, name: stage.name, direction: 'forward', outcome: 'failed' },
    },
  );
  noteProblems(draft, failures);
  if (rules.includes('pause')) {
    const names = failures.map((step) => step.id);
    const [first] = names;
    pause(
      draft,
      { why: words, ...(first === undefined ? {} : { step: first }) },
      afterFailedStep(
        header,
        names,
        failures.every((step) => step.approval === undefined),
      ),
    );
  } else beginCompensation(draft, words);
}
