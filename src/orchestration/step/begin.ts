import { instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { StepNext } from '../next.ts';
import type { Page } from './page.ts';

/** Records that a run of the step began, before anything is looked at: the clock of its timeout starts here. */
export async function begin(page: Page): Promise<StepNext> {
  const { step, header, pinned } = page;
  const now = instant(page.deps.clock.now());
  const sentence = pinned.bound.describe({ mode: header.mode, from: header.from, to: header.to });
  const undo = pinned.bound.undoSafety(header.mode);
  const attempt = step.attempt + 1;
  const event: Happening =
    step.direction === 'forward'
      ? {
          type: 'step-began',
          data: {
            step: step.id,
            uses: step.uses,
            run: step.run,
            attempt,
            mode: header.mode,
            sentence,
            undo,
          },
        }
      : { type: 'undo-began', data: { step: step.id, safety: step.undo, sentence } };
  await page.save(
    {
      state: step.direction === 'forward' ? 'running' : 'undoing',
      attempt,
      triesLeft: pinned.retry.attempts,
      runStartedAt: now,
      startedAt: step.startedAt ?? now,
      expectedAt: now,
      azureSeconds: 0,
      sentence,
      mode: header.mode,
      // What was sent under the forward run's mode decides how it can be undone.
      ...(step.direction === 'forward' ? { undo } : {}),
    },
    [event],
  );
  return { do: 'again', seconds: 0 };
}
