import { instant } from '../../core/clock.ts';
import { isReadOnly, isTerminal, movesApplication } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import { SYSTEM } from '../../core/principal.ts';
import type { Deps } from '../deps.ts';
import { noteDrill } from '../drill/note.ts';
import { keepEvidence } from '../evidence.ts';
import { tellOf } from '../notices/tell.ts';

/**
 * What follows from an execution's end, each part harmless when done again. Only the holder of the lock says which side
 * serves: an ended orchestration that is started again would else overwrite what came after it. The lock goes last.
 */
export async function settle(deps: Deps, header: ExecutionRecord): Promise<void> {
  const { plan, id, token } = header;
  await tellOf(deps, header);
  if (!isReadOnly(header) && !(await deps.locks.holds(plan, id, token))) return;
  if (header.state === 'succeeded' && movesApplication(header)) {
    const since = header.endedAt ?? instant(deps.clock.now());
    await deps.planStates.setActive({ plan, site: header.to, since, by: id });
  }
  // A drill that moves nothing leaves nothing to cool down from.
  if (movesApplication(header)) await recordEnd(deps, header);
  await noteDrill(deps, header);
  await keepEvidence(deps, id);
  await deps.locks.release(plan, id);
}

/** What the next start has to know of this one: what cools down, and what a person did not want. */
async function recordEnd(deps: Deps, header: ExecutionRecord): Promise<void> {
  const { id, plan, state, requestedBy, approvals, requestedAt, endedAt } = header;
  if (!isTerminal(state)) return;
  const [steps, orders] = await Promise.all([
    deps.executions.steps(id),
    deps.executions.commands(id),
  ]);
  const changed = steps.some(({ value }) => value.touched);
  // What the watch itself withdraws, nobody has declined.
  const cancelled = orders.some(({ command, by }) => command === 'cancel' && by.kind !== 'system');
  await deps.ended.record(plan, {
    execution: id,
    state,
    at: endedAt ?? requestedAt,
    changed,
    byItself: requestedBy.id === SYSTEM.id && approvals.length === 0,
    declined: !changed && (state === 'rejected' || cancelled),
  });
}
