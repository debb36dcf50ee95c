import type { Finding } from '../core/finding.ts';
import { planHash } from './hash.ts';
import type { PlanKinds } from './kinds.ts';
import { lintPlan } from './lint.ts';
import type { Plan } from './plan.ts';
import { resolveSignals } from './signals.ts';
import type { WatchedSignal } from './signals.ts';

/** What follows from a plan alone. Plans never change once they are read, and these are asked for every minute. */
export interface PlanFacts {
  hash(plan: Plan): string;
  /** What is unwise in it. */
  findings(plan: Plan): readonly Finding[];
  /** Its signals as they look at one of its sites. */
  signals(plan: Plan, site: string): readonly WatchedSignal[];
}

export function createPlanFacts(kinds: PlanKinds): PlanFacts {
  const resolved = once(() => new Map<string, readonly WatchedSignal[]>());
  return {
    hash: once(planHash),
    findings: once((plan) => lintPlan(plan, kinds).findings),
    signals: (plan, site) => {
      const bySite = resolved(plan);
      const signals = bySite.get(site) ?? resolveSignals(plan, site);
      bySite.set(site, signals);
      return signals;
    },
  };
}

/** Found out once of each plan, for as long as anybody holds it. */
function once<T>(find: (plan: Plan) => T): (plan: Plan) => T {
  const found = new WeakMap<Plan, { readonly value: T }>();
  return (plan) => {
    const known = found.get(plan) ?? { value: find(plan) };
    found.set(plan, known);
    return known.value;
  };
}
