import { isTerminal } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Deps } from '../deps.ts';

/** Keeps how a drill ended; a live one that has arrived at the other site is to come back. */
export async function noteDrill(
  { drills }: Pick<Deps, 'drills'>,
  header: ExecutionRecord,
): Promise<void> {
  const { id, plan, level, state, from, partOf, endedAt, requestedAt, outcome } = header;
  if (level === undefined || !isTerminal(state)) return;
  const arrived = level === 'live' && state === 'succeeded' && partOf === undefined;
  await drills.note(
    {
      ...{ plan, level, at: endedAt ?? requestedAt, execution: id },
      ...{ is: state, sentence: outcome ?? state },
    },
    arrived ? { execution: id, site: from } : undefined,
  );
}
