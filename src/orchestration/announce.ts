import { instant } from '../core/clock.ts';
import type { Notice } from '../core/notice.ts';
import { enqueue } from './notices/enqueue.ts';
import type { NoticeDeps } from './notices/enqueue.ts';

export type { Notice } from '../core/notice.ts';

/** How loud the log says it. */
export const LEVELS = { info: 'info', warning: 'warning', critical: 'error' } as const;

/** Says it in the log, and to everybody whom the plan wants told. Never fails, and nothing waits for a receiver. */
export async function announce(deps: NoticeDeps, notice: Notice): Promise<void> {
  const { plan, what, severity, sentence, execution } = notice;
  deps.log({
    level: LEVELS[severity],
    message: `${plan}: ${sentence}`,
    data: { plan, what, ...(execution === undefined ? {} : { execution }) },
  });
  const since = instant(deps.clock.now());
  await enqueue(deps, { notice, once: `${what}~${since}`, since });
}
