import { instant } from '../../core/clock.ts';
import { UNBEGUN } from '../../core/execution.ts';
import type { ExecutionRecord, Mode } from '../../core/execution.ts';
import { SYSTEM } from '../../core/principal.ts';
import { SOME_EXECUTION } from '../../plan/journey.ts';
import type { Journey } from '../../plan/journey.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Subject } from '../checks.ts';
import { freshSteps } from '../fresh-steps.ts';
import { pin } from '../pinned.ts';
import { ORCHESTRATION_VERSION } from '../start/order.ts';
import type { ReadinessDeps } from './deps.ts';

/** An execution that nobody has asked for, so far as looking at its steps goes. It is on no record. */
export function imagined(
  deps: ReadinessDeps,
  plan: Plan,
  { from, to, mode }: Journey & { readonly mode: Mode },
): Subject {
  const header: ExecutionRecord = {
    id: SOME_EXECUTION,
    plan: plan.name,
    planHash: deps.facts.hash(plan),
    kind: to === plan.home ? 'failback' : 'failover',
    ...{ mode, from, to },
    state: 'preflight',
    reason: 'readiness',
    requestedBy: SYSTEM,
    requestedAt: instant(deps.clock.now()),
    token: 0,
    orchestrationVersion: ORCHESTRATION_VERSION,
    ...UNBEGUN,
  };
  const pinned = pin(plan, header);
  const steps = new Map(freshSteps(pinned).map((step) => [step.id, step]));
  return {
    ...{ deps, header, plan: pinned },
    step(id) {
      const found = steps.get(id);
      if (found === undefined) throw new Error(`Plan ${plan.name} has no step ${id}.`);
      return found;
    },
  };
}
