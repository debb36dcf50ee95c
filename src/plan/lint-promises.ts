import { formatSeconds } from '../core/duration.ts';
import { warning } from '../core/finding.ts';
import type { Finding } from '../core/finding.ts';
import { typicalSeconds } from './budget.ts';
import type { TimeBudget } from './budget.ts';
import { resolveFencing } from './fencing.ts';
import { everyRun, rehearsalRuns } from './journey.ts';
import type { PlanKinds } from './kinds.ts';
import type { Plan } from './plan.ts';
import { resolveSteps } from './resolve.ts';
import { placedSteps } from './roles.ts';

/** Whether the plan can do what its objectives, limits and time-outs say. */
export function promiseFindings(plan: Plan, budget: TimeBudget, kinds: PlanKinds): Finding[] {
  return [
    ...timeFindings(plan, budget),
    ...[...everyRun(plan), ...rehearsalRuns(plan)].flatMap((run) =>
      resolveSteps(plan, run).flatMap(({ steps }) =>
        steps.flatMap((step) => timeoutFindings(plan, step, typicalSeconds(step, kinds))),
      ),
    ),
    ...lossFindings(plan, kinds),
    ...fencingFindings(plan, kinds),
    ...regionFindings(plan),
  ];
}

function timeFindings(plan: Plan, budget: TimeBudget): Finding[] {
  if (budget.totalSeconds <= budget.rtoSeconds) return [];
  const { from, to, mode, detectionSeconds, dnsSeconds } = budget;
  const sums = [
    { name: 'detection', seconds: detectionSeconds },
    ...budget.stages.filter(({ counts }) => counts),
    { name: 'DNS', seconds: dnsSeconds },
  ]
    .filter(({ seconds }) => seconds > 0)
    .map(({ name, seconds }) => `${name} ${formatSeconds(seconds)}`);
  return [
    warning(
      plan.name,
      `A run of this plan (${mode}, from ${from} to ${to}) typically takes ${formatSeconds(budget.totalSeconds)}, ` +
        `longer than the recovery time objective of ${formatSeconds(budget.rtoSeconds)}: ${sums.join(', ')}.`,
      'Let more steps share a stage, shorten detection or dnsTtl, or set an objective that can be met.',
    ),
  ];
}

function timeoutFindings(
  plan: Plan,
  step: { readonly id: string; readonly timeoutSeconds: number },
  typical: number,
): Finding[] {
  if (typical <= step.timeoutSeconds) return [];
  return [
    {
      ...warning(
        plan.name,
        `Step "${step.id}" times out after ${formatSeconds(step.timeoutSeconds)} but typically takes ${formatSeconds(typical)}.`,
        'Raise its timeout well above the typical duration.',
      ),
      step: step.id,
    },
  ];
}

function lossFindings(plan: Plan, kinds: PlanKinds): Finding[] {
  const { dataLoss, objectives } = plan;
  return [
    ...(dataLoss.limitSeconds > objectives.rpoSeconds
      ? [
          warning(
            plan.name,
            `A loss of up to ${formatSeconds(dataLoss.limitSeconds)} is accepted without asking, more than the recovery point objective of ${formatSeconds(objectives.rpoSeconds)}.`,
            'Lower dataLoss.limit to the objective.',
          ),
        ]
      : []),
    ...(dataLoss.databases.length === 0 && movesData(plan, kinds)
      ? [
          warning(
            plan.name,
            'No database is named in dataLoss.databases, so the loss of an unplanned run is never known and every one has to ask.',
            'Name the databases whose replication lag counts.',
          ),
        ]
      : []),
  ];
}

function fencingFindings(plan: Plan, kinds: PlanKinds): Finding[] {
  if (!movesData(plan, kinds)) return [];
  const lonely = everyRun(plan).some((run) => {
    const { machines, probeUrl, trafficManager } = resolveFencing(plan, run);
    const observers = [machines.length > 0, probeUrl !== undefined, trafficManager !== undefined];
    return observers.filter(Boolean).length < 2;
  });
  return lonely
    ? [
        warning(
          plan.name,
          'Fewer than two observers are named in fencing, so no unplanned run can presume that the old side is down and every one has to ask.',
          'Name at least two of fencing.machines, fencing.probeUrl and fencing.trafficManager.',
        ),
      ]
    : [];
}

function movesData(plan: Plan, kinds: PlanKinds): boolean {
  return everyRun(plan)
    .filter(({ mode }) => mode === 'unplanned')
    .some((run) => placedSteps(resolveSteps(plan, run), kinds).some(({ role }) => role === 'data'));
}

function regionFindings(plan: Plan): Finding[] {
  const [first, second] = Object.values(plan.sites);
  if (first === undefined || first.region !== second?.region) return [];
  return [
    warning(
      plan.name,
      `Both sites are in ${first.region}: its loss takes both.`,
      'Place the sites in two regions.',
    ),
  ];
}
