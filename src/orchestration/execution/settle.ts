import { instant } from '../../core/clock.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Deps } from '../deps.ts';
import { writeEvidence } from '../evidence.ts';

/** What follows from an execution's end, each part harmless when done again. The lock goes last: until then nobody else may touch the plan. */
export async function settle(deps: Deps, header: ExecutionRecord): Promise<void> {
  if (header.state === 'succeeded' && header.kind !== 'drill') {
    await deps.planStates.setActive({
      plan: header.plan,
      site: header.to,
      since: header.endedAt ?? instant(deps.clock.now()),
      by: header.id,
    });
  }
  await writeEvidence(deps, header.id);
  await deps.locks.release(header.plan, header.id);
}
