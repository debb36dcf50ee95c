import { AzureError } from '../../azure/errors.ts';
import { instant, secondsBetween } from '../../core/clock.ts';
import type { Observation, Verification } from '../../steps/contract.ts';
import type { StepNext } from '../next.ts';
import { afterTrouble, lookAgain } from './fail.ts';
import { NOTHING_RESOLVED, changed, firstSight } from './sight.ts';
import type { Resolved } from './sight.ts';
import type { Page } from './page.ts';

/** Asks for proof that the goal holds. Without it the step looks again until its timeout. */
export async function verify(
  page: Page,
  seen: Observation,
  resolved: Resolved = NOTHING_RESOLVED,
): Promise<StepNext> {
  let verification: Verification;
  try {
    verification = await page.asking(() => page.motion.verify(page.context));
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    verification = {
      holds: false,
      sentence: error.message,
      retryAfterSeconds: afterTrouble(page, error),
    };
  }
  if (!verification.holds) {
    const { sentence, retryAfterSeconds, ofAzure } = verification;
    if (ofAzure === true) page.waiting(retryAfterSeconds);
    const events = [...changed(page, { ...seen, sentence }), ...resolved.events];
    return lookAgain(page, retryAfterSeconds, sentence, events, {}, resolved.rows);
  }
  return proven(page, seen, verification, resolved);
}

async function proven(
  page: Page,
  seen: Observation,
  verification: Extract<Verification, { holds: true }>,
  resolved: Resolved,
): Promise<StepNext> {
  const { step } = page;
  const endedAt = instant(page.deps.clock.now());
  const { proof, sentence } = verification;
  const seconds = secondsBetween(step.runStartedAt ?? endedAt, endedAt);
  const azureSeconds = Math.min(seconds, step.azureSeconds ?? 0);
  const common = {
    endedAt,
    proof,
    sentence,
    operations: [],
    ...(verification.lossSeconds === undefined ? {} : { lossSeconds: verification.lossSeconds }),
    ...firstSight(page, seen),
  };
  const events = [...changed(page, seen), ...resolved.events];
  if (step.direction === 'undo') {
    await page.save(
      { ...common, state: 'undone' },
      [...events, { type: 'step-undone', data: { step: step.id, sentence, proof, seconds } }],
      resolved.rows,
    );
    return { do: 'end' };
  }
  const presumed = seen.presumed === true;
  // Met before this execution sent anything: somebody else was faster, and it is not ours to undo. What is only
  // presumed was done by nobody that we know of.
  const adopted = page.pinned.bound.effect === 'changes' && !step.touched && !presumed;
  const state = adopted ? 'satisfied' : presumed ? 'presumed' : 'done';
  await page.save(
    { ...common, state, adopted },
    [
      ...events,
      adopted
        ? { type: 'step-satisfied', data: { step: step.id, sentence } }
        : {
            type: 'step-done',
            data: {
              step: step.id,
              sentence,
              proof,
              seconds,
              azureSeconds,
              ...(presumed ? { presumed } : {}),
            },
          },
    ],
    resolved.rows,
  );
  return { do: 'end' };
}
