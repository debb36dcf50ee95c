import { AzureError } from '../../azure/errors.ts';
import type { Observation } from '../../steps/contract.ts';
import type { StepPage } from '../../records/executions.ts';
import type { StepNext } from '../next.ts';
import { afterTrouble } from './fail.ts';
import { lookAgainForEffect } from './overdue.ts';
import { unanswered } from './page.ts';
import type { Page } from './page.ts';
import { settlesIn } from './settling.ts';
import { changed, resolved } from './sight.ts';

const LOOK_SECONDS = 5;

/** Calls of the way there that were never answered, seen on the way back. */
export function lostOnTheWayThere(page: Page): StepPage['attempts'] {
  if (page.step.direction === 'forward') return [];
  return unanswered(page).filter(({ value }) => value.direction === 'forward');
}

/**
 * Before anything is undone it must be known whether it was done: an unanswered call may have its effect after the
 * resource was found untouched. Its effect is looked for as it would have been on the way there.
 */
export async function settleWayThere(page: Page): Promise<StepNext> {
  const wayThere = page.pinned.bound.motion('forward');
  if (wayThere === null) throw new Error(`${page.step.uses} has no way there.`);
  let seen: Observation;
  try {
    seen = await page.asking(() => wayThere.observe(page.contextOn('forward')));
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return lookAgainForEffect(page, afterTrouble(page, error), error.message);
  }
  const lost = lostOnTheWayThere(page);
  if (seen.goal === 'moving' && seen.operation !== undefined) {
    const { events, rows } = resolved(page, seen, true, lost);
    const operation = { ...seen.operation, direction: 'forward' as const };
    await page.save({ operations: [operation], sentence: seen.sentence }, events, rows);
    return { do: 'again', seconds: 0 };
  }
  const left = settlesIn(page, lost);
  if (seen.goal === 'moving' || (seen.goal !== 'met' && left > 0)) {
    const seconds = seen.retryAfterSeconds ?? Math.min(Math.max(left, 1), LOOK_SECONDS);
    return lookAgainForEffect(page, seconds, seen.sentence, changed(page, seen));
  }
  const { events, rows } = resolved(page, seen, seen.goal === 'met', lost);
  await page.save({ sentence: seen.sentence }, [...changed(page, seen), ...events], rows);
  return { do: 'again', seconds: 0 };
}
