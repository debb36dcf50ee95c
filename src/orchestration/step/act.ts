import { AzureError } from '../../azure/errors.ts';
import { instant, secondsBetween } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { Fencing } from '../../core/execution.ts';
import type { Call, Observation } from '../../steps/contract.ts';
import type { StepNext } from '../next.ts';
import { afterTrouble, attemptFailed, failed, hold, lookAgain } from './fail.ts';
import { changed, firstSight } from './sight.ts';
import { askPeople } from './ask-people.ts';
import { ofThisAttempt } from './page.ts';
import type { Page } from './page.ts';
import { send } from './send.ts';
import { verify } from './verify.ts';

const NO_EFFECT_LOOK_SECONDS = 5;

/** The goal is unmet and nothing of ours is open: fences or asks, then sends what the kind says. */
export async function act(page: Page, seen: Observation): Promise<StepNext> {
  const gate = await fenceOrAsk(page, seen);
  if (gate !== null) return gate;
  let answer;
  try {
    answer = await page.asking(() => page.motion.act(page.context, seen));
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return lookAgain(page, afterTrouble(page, error), error.message);
  }
  if ('refuse' in answer) return failed(page, answer.refuse, changed(page, seen));
  if ('ask' in answer) {
    return hold(
      page,
      {
        why: 'ask',
        needs: answer.ask,
        sentence: answer.sentence,
        ...(answer.upToSeconds === undefined ? {} : { upToSeconds: answer.upToSeconds }),
      },
      answer.sentence,
      [...changed(page, seen), asked(page, answer.ask, answer.sentence)],
    );
  }
  if ('people' in answer) return askPeople(page, seen, answer);
  if (answer.length === 0) return verify(page, seen);
  const fresh = answer.filter((call) => !ofThisAttempt(page).has(call.name));
  if (fresh.length === 0) return noEffectYet(page, seen, answer);
  const names = new Set(fresh.map((call) => call.name));
  const ready = fresh.filter((call) => !(call.after ?? []).some((name) => names.has(name)));
  return send(page, seen, ready);
}

/** All calls were answered, but the resource does not show it yet. Sending them again would be a second effect. */
async function noEffectYet(
  page: Page,
  seen: Observation,
  calls: readonly Call[],
): Promise<StepNext> {
  const { settleSeconds } = page.pinned.bound;
  const answeredAt = [...ofThisAttempt(page).values()]
    .map((attempt) => attempt.answeredAt ?? attempt.sentAt)
    .sort()
    .at(-1);
  const waited =
    answeredAt === undefined ? 0 : secondsBetween(answeredAt, instant(page.deps.clock.now()));
  if (waited < settleSeconds) {
    return lookAgain(
      page,
      Math.min(settleSeconds - waited, NO_EFFECT_LOOK_SECONDS),
      seen.sentence,
      changed(page, seen),
    );
  }
  const error = {
    code: 'NO_EFFECT',
    message: `${calls.map((call) => call.name).join(', ')} was answered, but after ${settleSeconds} s: ${seen.sentence}`,
  };
  return attemptFailed(page, { error, transient: true });
}

/**
 * Before the other side is made writable, the old side must be proven stopped, or a person (or the plan's rule) takes
 * "presumed" for enough: a partition looks the same as a dead region. Planned failovers are fenced by the services.
 */
async function fenceOrAsk(page: Page, seen: Observation): Promise<StepNext | null> {
  const { header, step, pinned, plan } = page;
  if (!pinned.bound.makesWritable || step.direction === 'undo' || header.mode === 'planned')
    return null;
  const fencing = await page.asking(() => page.context.fencing());
  if (fencing.state === 'fenced' || mayPresume(page, fencing)) {
    const known = step.fencing;
    if (known?.state === fencing.state && known.at >= (step.runStartedAt ?? known.at)) return null;
    await page.save({ fencing, ...firstSight(page, seen) }, [
      { type: 'fencing-assessed', data: fencing },
    ]);
    return { do: 'again', seconds: 0 };
  }
  const sentence =
    `${header.from} is not proven stopped (${fencing.state}): ` +
    `${fencing.observers.map((one) => `${one.observer} sees ${one.sees}`).join('; ')}. ` +
    `If it still serves, ${header.to} would become a second writable side. ` +
    (plan.plan.fencing.presumed === 'ask' ? 'The plan wants a person to decide.' : '');
  return hold(
    page,
    { why: 'ask', needs: 'presumed-fence', sentence: sentence.trim() },
    sentence.trim(),
    [{ type: 'fencing-assessed', data: fencing }, asked(page, 'presumed-fence', sentence.trim())],
    // What was seen is what an answer is about.
    { fencing },
  );
}

function mayPresume(page: Page, fencing: Fencing): boolean {
  const byPlan = fencing.state === 'presumed' && page.plan.plan.fencing.presumed === 'accept';
  const noMoreAlive = page.header.accepted.some(
    ({ what, down = [] }) =>
      what === 'presumed-fence' &&
      down.every((name) =>
        fencing.observers.some(({ observer, down: still }) => observer === name && still),
      ),
  );
  return byPlan || noMoreAlive;
}

function asked(
  page: Page,
  acceptance: 'data-loss' | 'presumed-fence',
  sentence: string,
): Happening {
  return { type: 'asked', data: { acceptance, sentence, step: page.step.id } };
}
