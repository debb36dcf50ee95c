import { instant, secondsBetween } from '../../core/clock.ts';
import type { Deps } from '../deps.ts';
import { isStoreTrouble } from '../fault.ts';
import type { StepNext, StepRun } from '../next.ts';
import { tellOfStep } from '../notices/tell-of-step.ts';
import { begin } from './begin.ts';
import { broken } from './broken.ts';
import { heldByOrder, look } from './look.ts';
import { openPage } from './page.ts';
import type { Page } from './page.ts';
import { pollOperations } from './poll.ts';
import { holdIfStale } from './stale.ts';
import { lostOnTheWayThere, settleWayThere } from './way-there.ts';

/** Shorter waits are made inside the activity: a queue message and a timer would cost as much. */
const INLINE_SECONDS = 3;
/** Durable timers come up to a second early. Who comes before that was woken, and asks no service before its time. */
const TIMER_SECONDS = 1;
/** An activity that stays longer than this gives way; the platform may end it at any time. */
const TURN_SECONDS = 60;

/**
 * One turn of a step: looks at the rows, does the next thing, and goes on until it must wait. It may be killed
 * between any two lines and run again, also while its predecessor still lives: rows decide, and each is written
 * conditionally.
 */
export async function turn(deps: Deps, run: StepRun): Promise<StepNext> {
  const until = deps.clock.now() + TURN_SECONDS * 1000;
  for (;;) {
    const next = await unlessBroken(deps, run);
    if (next.do === 'end') {
      await tellOfStep(deps, run);
      return next;
    }
    const wait = next.seconds * 1000;
    if (next.seconds > INLINE_SECONDS || deps.clock.now() + wait > until) return next;
    if (wait > 0) await deps.clock.sleep(wait);
  }
}

async function unlessBroken(deps: Deps, run: StepRun): Promise<StepNext> {
  try {
    const page = await openPage(deps, run);
    // A turn whose answer was lost comes again, although it had made the step stand still: only a new run goes on.
    return page === null || page.step.held !== undefined ? { do: 'end' } : await once(page);
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    return broken(deps, run, error);
  }
}

async function once(page: Page): Promise<StepNext> {
  const { step } = page;
  const stale = await holdIfStale(page);
  if (stale !== null) return stale;
  if (step.runStartedAt === undefined) return begin(page);
  const held = step.operations.length > 0 ? null : await heldByOrder(page);
  if (held !== null) return held;
  const now = instant(page.deps.clock.now());
  const early = secondsBetween(now, step.expectedAt ?? now);
  if (early > TIMER_SECONDS) return { do: 'again', seconds: early };
  if (step.operations.length > 0) return pollOperations(page);
  if (lostOnTheWayThere(page).length > 0) return settleWayThere(page);
  return look(page);
}
