import { AzureError } from '../../azure/errors.ts';
import { doomedBy } from '../failure-rule.ts';
import type { Observation } from '../../steps/contract.ts';
import type { StepNext } from '../next.ts';
import { act } from './act.ts';
import { afterTrouble, attemptFailed, failed, hold, lookAgain, timedOut } from './fail.ts';
import { lookAgainForEffect } from './overdue.ts';
import { isLate, ofThisAttempt, unanswered } from './page.ts';
import type { Page } from './page.ts';
import { settlesIn, showsIn } from './settling.ts';
import { changed, firstSight, resolved } from './sight.ts';
import { verify } from './verify.ts';

/** For a kind that does not say when to look again. */
const BLOCKED_SECONDS = 10;
/** How often an unanswered call's effect is looked for. */
const SETTLE_LOOK_SECONDS = 5;

/** Nothing of ours runs: sees what the resource is now, and goes on from there. */
export async function look(page: Page): Promise<StepNext> {
  const held = await reasonNotToBegin(page);
  if (held !== null) return held;
  let seen: Observation;
  try {
    seen = await page.asking(() => page.motion.observe(page.context));
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return lookAgainForEffect(page, afterTrouble(page, error), error.message);
  }
  switch (seen.goal) {
    case 'met':
      return verify(page, seen, resolved(page, seen, true));
    case 'moving':
      return follow(page, seen);
    case 'blocked':
      if (seen.ofAzure === true) page.waiting(seen.retryAfterSeconds ?? BLOCKED_SECONDS);
      return lookAgainForEffect(
        page,
        seen.retryAfterSeconds ?? BLOCKED_SECONDS,
        seen.sentence,
        changed(page, seen),
        { state: page.step.direction === 'undo' ? 'undoing' : 'waiting' },
      );
    case 'unmet':
      return unmet(page, seen);
  }
}

/** Before anything is decided: has an operator spoken? */
export async function heldByOrder(page: Page): Promise<StepNext | null> {
  const { deps, header } = page;
  const orders = await deps.executions.commands(header.id);
  if (orders.some((order) => order.sequence > header.commandsDone)) {
    return hold(page, { why: 'command' }, 'An operator gave an order; it is carried out first.');
  }
  return null;
}

/** What would be undone at once had better not begin: nothing new is sent in a stage that is lost. */
async function reasonNotToBegin(page: Page): Promise<StepNext | null> {
  const { deps, header, step, plan } = page;
  const stage = plan.stages[step.stage];
  const begun = step.touched || step.direction === 'undo';
  if (begun || stage === undefined || stage.steps.length === 1) return null;
  const members = stage.steps.map(({ id }) => id);
  const rows = await deps.executions.stepsAmong(header.id, members);
  const failed = doomedBy(
    stage,
    rows.map(({ value }) => value),
    header.mode,
  );
  if (failed === null) return null;
  const sentence = `Does not begin: ${failed.id} failed, so what this stage did is undone.`;
  return hold(
    page,
    { why: 'doomed' },
    sentence,
    changed(page, { goal: 'blocked', sentence, facts: {} }),
  );
}

/** An operation of the same direction runs, ours from before a crash or somebody else's: it is followed. */
async function follow(page: Page, seen: Observation): Promise<StepNext> {
  const attempts = resolved(page, seen, true);
  const state = page.step.direction === 'undo' ? 'undoing' : 'waiting';
  if (seen.operation === undefined) {
    const seconds = seen.retryAfterSeconds ?? BLOCKED_SECONDS;
    page.waiting(seconds);
    const events = [...changed(page, seen), ...attempts.events];
    return lookAgain(page, seconds, seen.sentence, events, { state }, attempts.rows);
  }
  await page.save(
    {
      state,
      operations: [{ ...seen.operation, direction: page.step.direction }],
      sentence: seen.sentence,
      ...firstSight(page, seen),
    },
    [...changed(page, seen), ...attempts.events],
    attempts.rows,
  );
  return { do: 'again', seconds: 0 };
}

async function unmet(page: Page, seen: Observation): Promise<StepNext> {
  const open = unanswered(page);
  const left = Math.max(settlesIn(page, open), showsIn(page));
  if (left > 0) {
    const seconds = Math.min(left, SETTLE_LOOK_SECONDS);
    return lookAgain(page, seconds, seen.sentence, changed(page, seen));
  }
  if (open.length > 0) {
    const { events, rows } = resolved(page, seen, false);
    const error = {
      code: 'ANSWER_LOST',
      message: `${open.map(({ value }) => value.call).join(', ')} was not answered and showed no effect within ${page.pinned.bound.settleSeconds} s.`,
    };
    return attemptFailed(page, { error, transient: true }, events, rows);
  }
  const refused = [...ofThisAttempt(page).values()].find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) {
    // It was refused beside others that were accepted; those have ended now.
    const { code = 'AZURE_REFUSED', message = 'It was refused.', transient = false } = refused;
    return attemptFailed(page, { error: { code, message }, transient });
  }
  if (isLate(page)) return failed(page, timedOut(page, seen.sentence), changed(page, seen));
  return act(page, seen);
}
