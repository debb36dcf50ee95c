import { SYSTEM } from '../../core/principal.ts';
import { isReadOnly, isTerminal } from '../../core/execution.ts';
import { formatSeconds } from '../../core/duration.ts';
import { secondsBetween } from '../../core/clock.ts';
import { whileContended } from '../../records/partition.ts';
import type { Deps } from '../deps.ts';
import { reportDrill } from '../drill/report.ts';
import { isStoreTrouble } from '../fault.ts';
import type { ExecutionNext } from '../next.ts';
import { keepEvidence } from '../evidence.ts';
import { approvalExpired, saidInTime, untilApproved } from './approval.ts';
import { compensate } from './compensate.ts';
import { broken } from './broken.ts';
import { openSheet, withPlan } from './draft.ts';
import type { Draft } from './draft.ts';
import { forward } from './forward.ts';
import { carryOutOrders } from './orders.ts';
import { preflight } from './preflight.ts';
import { tellOf } from '../notices/tell.ts';
import { settle } from './settle.ts';
import { atStepExpiry, expiredStep, expiresIn } from './step-approval.ts';
import { pausedForSilence } from './silent.ts';

/**
 * Decides what an execution does next, from its rows alone, and writes the decision down. May be killed and run
 * again at any line: every write is conditional on what was read.
 */
export async function advance(deps: Deps, executionId: string): Promise<ExecutionNext> {
  try {
    for (;;) {
      const next = await whileContended(10, () => decideOnce(deps, executionId));
      if (next !== null) return next;
    }
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    return broken(deps, executionId, error);
  }
}

/** One decision; null when the next one can follow at once. */
async function decideOnce(deps: Deps, executionId: string): Promise<ExecutionNext | null> {
  const sheet = await openSheet(deps, executionId);
  if (sheet === null) return { do: 'end' };
  if (isTerminal(sheet.header().state)) {
    await settle(deps, sheet.header());
    return { do: 'end' };
  }
  const draft = await withPlan(sheet);
  const wasPaused = draft.header().state === 'paused';
  const next = await decide(draft);
  await draft.commit();
  await tellOf(deps, draft.header());
  if (draft.header().state === 'paused' && !wasPaused) await keepEvidence(deps, executionId);
  return next;
}

async function decide(draft: Draft): Promise<ExecutionNext | null> {
  const late = expiredStep(draft);
  const ended = approvalExpired(draft) ? draft.header().approval : late?.approval;
  if (ended !== undefined && !(await carryOutOrders(draft, saidInTime(ended, draft.now)))) {
    if (late === null) return untilApproved(draft);
    atStepExpiry(draft, late);
    return null;
  }
  if (ended !== undefined || (await carryOutOrders(draft))) return null;
  if (pausedForSilence(draft)) return null;
  switch (draft.header().state) {
    case 'requested':
      draft.move('preflight', 'claim');
      return null;
    case 'preflight':
      await (isReadOnly(draft.header()) ? reportDrill(draft) : preflight(draft));
      return null;
    case 'awaiting-approval':
      return untilApproved(draft);
    case 'running':
      return forward(draft);
    case 'compensating':
      return compensate(draft);
    case 'paused':
      return wait(draft);
    default:
      throw new Error(
        `Execution ${draft.header().id} is ${draft.header().state}, which nothing follows from.`,
      );
  }
}

/** Paused: says so again from time to time, so that nobody forgets a half-moved application. */
function wait(draft: Draft): ExecutionNext {
  const { pause } = draft.header();
  const every = draft.plan.plan.reminderSeconds;
  if (pause === undefined) return { do: 'wait', seconds: every };
  const waited = secondsBetween(pause.since, draft.now);
  const due = Math.floor(waited / every);
  if (due > pause.reminders) {
    const why = `${pause.why} (for ${formatSeconds(waited)})`;
    draft.patch(
      { pause: { ...pause, reminders: due } },
      { type: 'reminded', data: { reminder: due, why } },
    );
    draft.deps.log({
      level: 'warning',
      message: `Execution ${draft.header().id} is paused: ${why}`,
      data: { by: SYSTEM.id },
    });
  }
  const seconds = Math.min(every - (waited % every), expiresIn(draft) ?? every);
  return { do: 'wait', seconds: Math.max(1, seconds) };
}
