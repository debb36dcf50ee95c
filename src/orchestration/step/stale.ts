import { instant, secondsBetween } from '../../core/clock.ts';
import { isStale, staleFor } from '../silence.ts';
import type { StepNext } from '../next.ts';
import { hold } from './fail.ts';
import type { Page } from './page.ts';

/**
 * Nobody looked after the step for long: our host was down, and somebody may have acted meanwhile. Asked before
 * everything else, also before it begins and while an operation runs: on stale knowledge nothing is decided.
 */
export async function holdIfStale(page: Page): Promise<StepNext | null> {
  const { expectedAt } = page.step;
  const now = instant(page.deps.clock.now());
  if (expectedAt === undefined || !isStale(expectedAt, now)) return null;
  return hold(
    page,
    { why: 'silence', since: expectedAt },
    `Nobody looked after this step for ${staleFor(expectedAt, now)}.`,
    [
      {
        type: 'silence-noticed',
        data: { expectedAt, seconds: secondsBetween(expectedAt, now) },
      },
    ],
  );
}
