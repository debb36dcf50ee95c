import { instant } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Hold, StepRecord } from '../../core/step.ts';
import type { Deps } from '../deps.ts';
import { MOST_FAULTS, logFault, secondsAfterFault } from '../fault.ts';
import type { StepNext, StepRun } from '../next.ts';
import { standing } from './fail.ts';
import { rowsOf } from './page.ts';

/**
 * A turn broke on a bug: it is tried again a few times, later and later, and then the step stands still for a person.
 * Read anew, because the broken turn may have written; past the plan, because opening that may be what broke.
 */
export async function broken(deps: Deps, run: StepRun, error: unknown): Promise<StepNext> {
  logFault(deps.log, `Step ${run.stepId} of execution ${run.executionId}`, error);
  const rows = await rowsOf(deps, run);
  if (rows === null || rows.page.step.value.held !== undefined) return { do: 'end' };
  const step = rows.page.step.value;
  const tries = (step.faults ?? 0) + 1;
  const message = messageOf(error);
  const seconds = tries < MOST_FAULTS ? secondsAfterFault(tries) : null;
  const now = deps.clock.now();
  await deps.executions.write(run.executionId, instant(now), {
    steps: [
      {
        before: rows.page.step,
        after: { ...step, sentence: message, ...next(step, message, tries, seconds, now) },
        events: [{ type: 'fault-met', data: { step: step.id, tries, message } }],
      },
    ],
  });
  return seconds === null ? { do: 'end' } : { do: 'again', seconds };
}

function next(
  step: StepRecord,
  message: string,
  tries: number,
  seconds: number | null,
  now: number,
): Partial<StepRecord> {
  if (seconds !== null) return { faults: tries, expectedAt: instant(now + seconds * 1000) };
  const held: Hold = { why: 'fault', message };
  return { faults: 0, held, state: standing(step, held) };
}
