import { AzureError } from '../../azure/errors.ts';
import type { Operation } from '../../core/step.ts';
import type { Progress } from '../../steps/contract.ts';
import { instant, secondsBetween } from '../../core/clock.ts';
import { isLate } from './page.ts';
import type { Page } from './page.ts';

/** Services keep an operation for a while only (SQL answers OperationIdNotFound then). */
const FORGOTTEN: readonly unknown[] = [404, 410];

/**
 * An operation that its service does not know has ended, but nobody can say how. Soon after it began that may be a
 * replica that lags behind, so it is believed when it is old, and then only by what the resource shows: that it had its
 * effect, or, of one of the way there, that there is nothing to be undone. Otherwise a person must look.
 */
export async function endedUnseen(
  page: Page,
  operation: Operation,
  error: AzureError,
): Promise<Progress | null> {
  if (!FORGOTTEN.includes(error.status) || !isOld(page, operation)) return null;
  const { direction = page.step.direction } = operation;
  const motion = page.pinned.bound.motion(direction) ?? page.motion;
  const said = 'Its service does not know it any more.';
  try {
    const seen = await motion.observe(page.contextOn(direction));
    if (seen.goal === 'met') return { is: 'done', sentence: `${said} ${seen.sentence}` };
    if (direction === page.step.direction) return null;
    const back = await page.motion.observe(page.context);
    if (back.goal !== 'met') return null;
    const message = `${said} It shows no effect: ${back.sentence}`;
    return { is: 'failed', error: { code: error.code, message }, transient: false };
  } catch (trouble) {
    if (trouble instanceof AzureError) return null;
    throw trouble;
  }
}

/** As old as its step may become, or of a step whose time is over. */
function isOld(page: Page, { startedAt }: Operation): boolean {
  const now = instant(page.deps.clock.now());
  return isLate(page) || secondsBetween(startedAt, now) > page.pinned.timeoutSeconds;
}
