import { instant } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Deps } from '../deps.ts';
import { writeEvidence } from '../evidence.ts';

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
  try {
    await writeEvidence(deps, id);
  } catch (error) {
    // The records hold all of it, and the API gives it at any time; the plan must not stay locked for its copy.
    deps.log({
      level: 'error',
      message: `The evidence of execution ${id} could not be written: ${messageOf(error)}.`,
    });
  }
  await deps.locks.release(plan, id);
}
