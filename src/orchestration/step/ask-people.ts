import type { StepApproval } from '../../core/approval.ts';
import { instant } from '../../core/clock.ts';
import { formatSeconds } from '../../core/duration.ts';
import { stepEnded } from '../../core/step.ts';
import type { AskPeople, Observation } from '../../steps/contract.ts';
import { asked } from '../execution/approval.ts';
import type { StepNext } from '../next.ts';
import type { PinnedStep } from '../pinned.ts';
import type { Page } from './page.ts';
import { hold } from './fail.ts';
import { changed } from './sight.ts';

/** Stands still until people have agreed. Asked once: a step that looks again goes on waiting for the same end. */
export async function askPeople(
  page: Page,
  seen: Observation,
  { people, sentence }: AskPeople,
): Promise<StepNext> {
  const { id, approval: standing } = page.step;
  const { needed, expiresSeconds, onExpiry } = people;
  const now = instant(page.deps.clock.now());
  const approval: StepApproval = standing ?? {
    ...asked(needed, expiresSeconds, onExpiry, now),
    agreed: [],
  };
  const { expiresAt } = approval;
  const next = await whatFollows(page);
  const whole = [sentence, next, await whatMayBeLost(page)].filter(Boolean).join(' ');
  const event = {
    type: 'approval-awaited',
    data: { step: id, needed, expiresAt, onExpiry },
  } as const;
  const events = standing === undefined ? [...changed(page, seen), event] : [];
  return hold(page, { why: 'approval', sentence: whole, next }, whole, events, { approval });
}

/** What the rest of this stage does, or the next one when nothing of this is left. */
async function whatFollows({ deps, header, step, plan }: Page): Promise<string> {
  const ended = new Set(
    (await deps.executions.steps(header.id))
      .filter(({ value }) => stepEnded(value.state))
      .map(({ value }) => value.id),
  );
  for (const stage of plan.stages.slice(step.stage + 1)) {
    const open = stage.steps.filter((one) => isAhead(one, header.mode) && !ended.has(one.id));
    if (open.length === 0) continue;
    const { mode, from, to } = header;
    const words = open.map(({ bound }) => bound.describe({ mode, from, to }));
    return `Next is "${stage.name}": ${words.join(' ')}`;
  }
  return 'Nothing follows but the end.';
}

function isAhead({ when }: PinnedStep, mode: 'planned' | 'unplanned'): boolean {
  return when === 'always' || when === mode;
}

/** What is known of it now; nothing when no data is moved after this step. */
async function whatMayBeLost({ context, header, step, plan }: Page): Promise<string> {
  const moves = plan.stages
    .slice(step.stage + 1)
    .some((stage) =>
      stage.steps.some((one) => isAhead(one, header.mode) && one.bound.makesWritable),
    );
  if (!moves) return '';
  const lag = await context.lag();
  return lag === null
    ? 'How much data has not reached the other side is not known.'
    : `At most ${formatSeconds(lag.seconds)} of data had not reached ${header.to} just now.`;
}
