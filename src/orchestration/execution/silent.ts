import { secondsBetween } from '../../core/clock.ts';
import { isRehearsal } from '../../core/execution.ts';
import type { CommandRecord } from '../../core/execution.ts';
import type { Instant } from '../../core/clock.ts';
import { noteProblem } from '../drill/problems.ts';
import { isStale, staleFor } from '../silence.ts';
import { RESUME, cancelChoices, pause } from './choices.ts';
import { beginCompensation } from './compensate.ts';
import type { Draft } from './draft.ts';

/** Between steps, too: an execution that wakes after a long silence looks for a person before it goes on. */
export function pausedForSilence(draft: Draft): boolean {
  const header = draft.header();
  if (header.state !== 'running' && header.state !== 'compensating') return false;
  const since = lastSign(draft);
  if (!isStale(since, draft.now)) return false;
  draft.patch(
    {},
    {
      type: 'silence-noticed',
      data: { expectedAt: since, seconds: secondsBetween(since, draft.now) },
    },
  );
  if (isRehearsal(header)) {
    cleanUpAfterSilence(draft);
    return true;
  }
  const why = `Nothing was heard of this execution for ${staleFor(since, draft.now)}: Switchover's own host was down. Somebody may have acted meanwhile. Look before you go on.`;
  pause(draft, { why }, [RESUME, ...cancelChoices(header)]);
  return true;
}

/**
 * Nobody need look before a rehearsal is cleaned up: that touches nothing that serves, and looks itself before it acts.
 * Left standing it would keep a real failover waiting.
 */
export function cleanUpAfterSilence(draft: Draft): void {
  for (const { id, held } of draft.stepsOf(draft.plan.stages.flatMap((stage) => stage.steps)))
    if (held?.why === 'silence') draft.patchStep(id, { held: null });
  draft.patch({ expectedAt: draft.now });
  if (draft.header().state !== 'running') return;
  const why = "Switchover's own host was down in the middle of the rehearsal";
  noteProblem(draft, why);
  beginCompensation(draft, why);
}

/**
 * Why an order does not count any more; null when it does. Whoever gave it did not know that nothing would happen for
 * so long, and has not looked since. While the execution moves an order may wait for what runs, and is none the worse.
 */
export function saidBeforeSilence(draft: Draft, { at, by }: CommandRecord): string | null {
  const header = draft.header();
  const moves = header.state === 'running' || header.state === 'compensating';
  if (isRehearsal(header) || by.kind === 'system' || (!moves && header.state !== 'paused'))
    return null;
  const heard = moves ? lastSign(draft) : at;
  if (!isStale(heard, draft.now) || isStale(heard, at)) return null;
  return `nothing was heard of this execution for ${staleFor(heard, draft.now)} after it was given: look, and give it again`;
}

/** The latest time at which anybody worked on it. */
function lastSign(draft: Draft): Instant {
  const header = draft.header();
  const times = draft.plan.stages
    .flatMap((stage) => draft.stepsOf(stage.steps))
    .flatMap(({ endedAt, expectedAt }) => [endedAt ?? '', expectedAt ?? '']);
  return (
    [header.requestedAt, header.startedAt ?? '', header.expectedAt ?? '', ...times].sort().at(-1) ??
    header.requestedAt
  );
}
