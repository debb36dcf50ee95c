import { instant } from '../../core/clock.ts';
import { SwitchoverError } from '../../core/errors.ts';
import { SYSTEM } from '../../core/principal.ts';
import { canonicalId } from '../../core/resource-id.ts';
import { lockedResources } from '../../plan/locked.ts';
import type { Plan } from '../../plan/plan.ts';
import type { DrillStanding } from '../../records/drills.ts';
import { stepKinds } from '../../steps/registry.ts';
import { announce } from '../announce.ts';
import type { DurableDoor } from '../door.ts';
import { startExecution } from '../start/start.ts';
import type { StartDeps } from '../start/order.ts';
import { openWindow } from './drillable.ts';

/**
 * The second half of a live drill. It begins inside the window or not at all: whoever finds the application at its other
 * site after the window brings it home when it suits them.
 */
export async function goBack(
  deps: StartDeps,
  plan: Plan,
  { execution, site }: NonNullable<DrillStanding['goBack']>,
  door: DurableDoor,
): Promise<void> {
  try {
    await startExecution(
      deps,
      {
        plan,
        resources: lockedResources(plan, stepKinds).map(canonicalId),
        ...{ kind: 'drill', mode: 'planned', level: 'live' },
        ...{ to: site, partOf: execution },
        reason: `the way back of the live drill ${execution}`,
        by: SYSTEM,
        idempotencyKey: `drill-back ${execution}`,
      },
      door,
    );
    await forget(deps, plan, execution);
  } catch (error) {
    if (!(error instanceof SwitchoverError && error.isMistake)) throw error;
    const now = deps.clock.now();
    const mayStill = error.code === 'LOCKED' && openWindow(plan, 'live', now) !== null;
    if (mayStill) return;
    const sentence = `The live drill ${execution} went there and did not come back: ${error.message} Bring ${plan.name} back to ${site} when it suits you.`;
    await deps.drills.note({
      ...{ plan: plan.name, level: 'live', at: instant(now), execution: null },
      is: 'skipped',
      sentence,
    });
    await announce(deps, {
      ...{ plan: plan.name, what: 'drill-failed', severity: 'critical' },
      ...{ sentence, execution },
    });
    await forget(deps, plan, execution);
  }
}

/** It is begun, or given up; asked for again it would be the same execution, by its key. */
async function forget(deps: StartDeps, plan: Plan, execution: string): Promise<void> {
  const standing = (await deps.drills.standings()).get(plan.name);
  if (standing?.goBack?.execution !== execution) return;
  const { goBack: done, ...rest } = standing;
  if (done.execution === execution) await deps.drills.save(standing, rest);
}
