import { instant } from '../../core/clock.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Deps } from '../deps.ts';
import { keepEvidence } from '../evidence.ts';

/**
 * What follows from an execution's end, each part harmless when done again. Only the holder of the lock says which side
 * serves: an ended orchestration that is started again would else overwrite what came after it. The lock goes last.
 */
export async function settle(deps: Deps, header: ExecutionRecord): Promise<void> {
  const { plan, id, token } = header;
  if (!(await deps.locks.holds(plan, id, token))) return;
  if (header.state === 'succeeded' && header.kind !== 'drill') {
    const since = header.endedAt ?? instant(deps.clock.now());
    await deps.planStates.setActive({ plan, site: header.to, since, by: id });
  }
  await keepEvidence(deps, id);
  await deps.locks.release(plan, id);
}
