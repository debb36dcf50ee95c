import type { StepApproval } from '../../core/approval.ts';
import { instant } from '../../core/clock.ts';
import { stepEnded } from '../../core/step.ts';
import type { AskPeople, Observation } from '../../steps/contract.ts';
import { asked } from '../execution/approval.ts';
import type { StepNext } from '../next.ts';
import { deedsOf, isAhead, whatMayBeLost } from '../what-follows.ts';
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
  const { context, header, plan } = page;
  const rest = plan.stages.slice(page.step.stage + 1);
  const loss = await whatMayBeLost(rest, header, { lag: () => context.lag(), now });
  const whole = [sentence, next, loss].filter(Boolean).join(' ');
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
    const open = stage.steps.filter((one) => isAhead(one, header) && !ended.has(one.id));
    if (open.length === 0) continue;
    return `Next is "${stage.name}": ${deedsOf(open, header)}`;
  }
  return 'Nothing follows but the end.';
}
