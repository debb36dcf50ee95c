import { instant } from '../../core/clock.ts';
import type { Mode } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import type { Journey } from '../../plan/journey.ts';
import type { Plan } from '../../plan/plan.ts';
import { sideOf } from '../../plan/side.ts';
import { witnessFindings } from '../../plan/witness.ts';
import type { Readiness, ReadinessFinding } from '../../records/readiness.ts';
import { overdueFindings } from '../drill/overdue.ts';
import { inOneLook } from '../one-look.ts';
import type { ReadinessDeps } from './deps.ts';
import { lagFindings, signalFindings, runFindings } from './find.ts';

/** Checks now whether the plan could be run, and keeps the answer. */
export async function assessReadiness(
  deps: ReadinessDeps,
  plan: Plan,
  active: string,
): Promise<Readiness> {
  const readiness = await lookAtReadiness(deps, plan, active);
  await deps.readiness.put(readiness);
  return readiness;
}

/** Checks now, from what serves to the other site, whether the plan could be run. Changes nothing. */
export async function lookAtReadiness(
  deps: ReadinessDeps,
  plan: Plan,
  active: string,
): Promise<Readiness> {
  const to = Object.keys(plan.sites).find((site) => site !== active) ?? active;
  const journey = { from: active, to };
  const now = instant(deps.clock.now());
  const look = inOneLook(deps);
  const [drills, planned, unplanned, lag, signals] = await Promise.all([
    deps.drills.standings(),
    runFindings(look, plan, { ...journey, mode: 'planned' }),
    runFindings(look, plan, { ...journey, mode: 'unplanned' }),
    lagFindings(deps, plan, journey),
    signalFindings(look, plan, journey),
  ]);
  const findings = [
    ...deps.facts.findings(plan),
    ...placeFindings(plan, deps.region),
    ...overdueFindings(plan, drills.get(plan.name), now),
    ...lag,
    ...signals.map((one) =>
      one.severity === 'critical' ? ({ ...one, side: 'entered' } as const) : one,
    ),
    ...byMode(planned, unplanned).map((one) => ({ ...one, ...sided(plan, journey, one) })),
  ];
  return {
    plan: plan.name,
    planHash: deps.facts.hash(plan),
    at: instant(deps.clock.now()),
    ...journey,
    findings: findings.toSorted((one, other) => rank(one) - rank(other)),
  };
}

function placeFindings(plan: Plan, region: string | null): readonly Finding[] {
  if (region !== null) return witnessFindings(plan, region);
  return [
    {
      severity: 'info',
      resource: plan.name,
      problem: "It is not known whether Switchover runs in one of the plan's regions.",
      remedy: 'Set SWITCHOVER_REGION to the region that the app runs in.',
    },
  ];
}

/** What both kinds of run find is said once. */
function byMode(
  planned: readonly Finding[],
  unplanned: readonly Finding[],
): readonly ReadinessFinding[] {
  const keys = { planned: keysOf(planned), unplanned: keysOf(unplanned) };
  const only = (mode: Mode, findings: readonly Finding[], others: ReadonlySet<string>) =>
    findings.filter((one) => !others.has(keyOf(one))).map((one) => ({ ...one, mode }));
  return [
    ...planned.filter((one) => keys.unplanned.has(keyOf(one))),
    ...only('planned', planned, keys.unplanned),
    ...only('unplanned', unplanned, keys.planned),
  ];
}

function keysOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.map(keyOf));
}

function keyOf(finding: Finding): string {
  return JSON.stringify(finding);
}

function sided(
  plan: Plan,
  journey: Journey,
  { resource }: Finding,
): Pick<ReadinessFinding, 'side'> {
  const side = sideOf(plan, journey, resource);
  return side === null ? {} : { side };
}

function rank({ severity }: Finding): number {
  return ['critical', 'warning', 'info'].indexOf(severity);
}
