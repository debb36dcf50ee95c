import { instant } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Log } from '../../core/log.ts';
import type { Executions } from '../../records/executions.ts';
import { LEVELS } from '../announce.ts';
import { standingsOf } from './tell.ts';

interface SayDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The same record, of which the log says what people are to know, whether a plan wants anybody told or not: alert rules
 * and the workbook are made from it. Said by the write that makes it so, and therefore once.
 */
export function saidExecutions(executions: Executions, deps: SayDeps): Executions {
  return {
    ...executions,
    async write(id, at, entry) {
      await executions.write(id, at, entry);
      const { header } = entry;
      if (header !== undefined) sayNew(deps, header.before.value, header.after);
    },
  };
}

function sayNew({ clock, log }: SayDeps, before: ExecutionRecord, after: ExecutionRecord): void {
  const now = instant(clock.now());
  const known = new Set(standingsOf(before, now).map(({ once }) => once));
  // Who goes on after a pause began before it.
  if (before.startedAt !== undefined) known.add('started');
  for (const { what, severity, sentence, once } of standingsOf(after, now)) {
    if (known.has(once)) continue;
    const { plan, id: execution } = after;
    const data = { plan, what, execution };
    log({ level: LEVELS[severity], message: `${plan}: ${sentence}`, data });
  }
}
