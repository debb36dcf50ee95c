import { messageOf } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { lintPlan } from '../../plan/lint.ts';
import { lockedResources } from '../../plan/locked.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Readiness } from '../../records/readiness.ts';
import { stepKinds } from '../../steps/registry.ts';
import { lookAtReadiness } from '../readiness/assess.ts';
import type { PlanDeps } from './deps.ts';

/** What is to be said of a text before it becomes a version. */
export interface Assessment {
  /** What the text itself gets wrong, whatever the world is like. */
  readonly flaws: readonly Finding[];
  /** What stands in the way of a run now. */
  readonly obstacles: readonly Finding[];
  readonly findings: readonly Finding[];
  /** Null when it could not be found out. */
  readonly readiness: Readiness | null;
}

/** Looks at the plan as if it were the newest already. Changes nothing. */
export async function assessPush(
  deps: PlanDeps,
  plan: Plan,
  previous: Plan | null,
): Promise<Assessment> {
  const active = await deps.planStates.active(plan.name, (previous ?? plan).home);
  const strange = strangerFindings(plan, active);
  const flaws = [...lintPlan(plan, stepKinds).findings.filter(isCritical), ...strange];
  // From a site that the plan does not know nothing can be looked at.
  const [readiness, trouble] = strange.length > 0 ? [null, []] : await look(deps, plan, active);
  const seen = [...(readiness?.findings ?? []), ...trouble];
  const known = new Set(flaws.map((one) => JSON.stringify(one)));
  const obstacles = seen.filter((one) => isCritical(one) && !known.has(JSON.stringify(one)));
  const shared = await sharedFindings(deps, plan);
  return { flaws, obstacles, readiness, findings: [...strange, ...seen, ...shared] };
}

function isCritical({ severity }: Finding): boolean {
  return severity === 'critical';
}

/** A plan that has lost the site that serves would be watched no more, and could not be run. */
function strangerFindings({ name, sites }: Plan, active: string): readonly Finding[] {
  if (sites[active] !== undefined) return [];
  return [
    {
      severity: 'critical',
      resource: name,
      problem: `serves from ${active}, which is none of the sites ${Object.keys(sites).join(' and ')}`,
      remedy: `Keep the name of the site, or bring the application to the other one first.`,
    },
  ];
}

async function look(
  deps: PlanDeps,
  plan: Plan,
  active: string,
): Promise<readonly [Readiness | null, readonly Finding[]]> {
  try {
    return [await lookAtReadiness(deps, plan, active), []];
  } catch (error) {
    const trouble: Finding = {
      severity: 'critical',
      resource: plan.name,
      problem: `could not be checked: ${messageOf(error)}`,
      remedy: 'Push it again when Azure answers.',
    };
    return [null, [trouble]];
  }
}

/** Two plans that change the same resource never run at the same time: nothing wrong, and good to know. */
async function sharedFindings({ plans }: PlanDeps, plan: Plan): Promise<readonly Finding[]> {
  const own = new Set(lockedResources(plan, stepKinds));
  const others = (await plans()).filter(({ name }) => name !== plan.name);
  return others.flatMap((other): Finding[] => {
    const shared = lockedResources(other, stepKinds).filter((resource) => own.has(resource));
    const [first] = shared;
    if (first === undefined) return [];
    return [
      {
        severity: 'info',
        resource: first,
        problem: `is changed by the plan ${other.name}, too${shared.length > 1 ? `, and so are ${shared.length - 1} more` : ''}`,
        remedy: 'The two never run at the same time: while one does, the other is refused.',
      },
    ];
  });
}
