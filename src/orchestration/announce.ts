import type { Deps } from './deps.ts';

/** Something that people should know at once. */
export interface Notice {
  readonly plan: string;
  readonly what: 'site-failed' | 'both-down' | 'cut-off' | 'withheld' | 'recovered';
  readonly severity: 'info' | 'warning' | 'critical';
  readonly sentence: string;
  readonly execution?: string;
}

const LEVELS = { info: 'info', warning: 'warning', critical: 'error' } as const;

/** Tells people. Never fails, and nothing waits for it. */
export async function announce({ log }: Pick<Deps, 'log'>, notice: Notice): Promise<void> {
  const { plan, what, severity, sentence, execution } = notice;
  log({
    level: LEVELS[severity],
    message: `${plan}: ${sentence}`,
    data: { plan, what, ...(execution === undefined ? {} : { execution }) },
  });
  await Promise.resolve();
}
