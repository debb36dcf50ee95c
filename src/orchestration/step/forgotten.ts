import { AzureError } from '../../azure/errors.ts';
import type { Progress } from '../../steps/contract.ts';
import { isLate } from './page.ts';
import type { Page } from './page.ts';

/** Services keep an operation for a while only (SQL answers OperationIdNotFound then). */
const FORGOTTEN: readonly unknown[] = [404, 410];

/**
 * An operation that its service does not know has ended, but nobody can say how. Soon after it began that may be a
 * replica that lags behind, so it is believed when the step's time is over, and then only if the resource shows the goal:
 * otherwise a person must look.
 */
export async function endedUnseen(page: Page, error: AzureError): Promise<Progress | null> {
  if (!FORGOTTEN.includes(error.status) || !isLate(page)) return null;
  try {
    const seen = await page.motion.observe(page.context);
    if (seen.goal !== 'met') return null;
    return { is: 'done', sentence: `Its service does not know it any more. ${seen.sentence}` };
  } catch (trouble) {
    if (trouble instanceof AzureError) return null;
    throw trouble;
  }
}
