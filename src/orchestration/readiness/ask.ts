import { instant } from '../../core/clock.ts';
import { otherSiteReady } from '../../health/readiness.ts';
import type { OtherSide } from '../../health/readiness.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Readiness } from '../../records/readiness.ts';
import { assessReadiness } from './assess.ts';
import type { ReadinessDeps } from './deps.ts';

export interface ReadinessAnswer extends Readiness {
  /** Whether the other site could take over at all: what the watch asks before anything starts by itself. */
  readonly otherSite: OtherSide;
}

/** The latest check of the plan as it is now; made at once when there is none, or when a fresh one is asked for. */
export async function askReadiness(
  deps: ReadinessDeps,
  plan: Plan,
  fresh: boolean,
): Promise<ReadinessAnswer> {
  const active = await deps.planStates.active(plan.name, plan.home);
  const known = fresh ? null : await deps.readiness.of(plan.name);
  const holds = known?.planHash === deps.facts.hash(plan) && known.from === active;
  const readiness = holds ? known : await assessReadiness(deps, plan, active);
  const now = instant(deps.clock.now());
  return { ...readiness, otherSite: otherSiteReady(readiness, { active, now }) };
}
