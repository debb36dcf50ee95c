import { formatSeconds } from '../core/duration.ts';
import type { DrillLevel, Mode } from '../core/execution.ts';
import { typicalSeconds } from './budget.ts';
import { journeys, SOME_EXECUTION } from './journey.ts';
import type { Journey } from './journey.ts';
import { kindOf } from './kinds.ts';
import type { PlanKinds } from './kinds.ts';
import type { Plan, Site, Step } from './plan.ts';
import { resolveSteps } from './resolve.ts';

/** The plan as a table for a terminal: what it promises, then every stage and step of each direction that differs. */
export function describePlan(plan: Plan, kinds: PlanKinds): string {
  const [away, back] = journeys(plan);
  return [
    plan.description === '' ? plan.name : `${plan.name}: ${plan.description}`,
    ...promises(plan),
    '',
    ...stagesOf(plan, away, kinds, 'Failover'),
    ...(plan.failbackStages === undefined
      ? ['', `Failback (${back.from} to ${back.to}): the same stages the other way round.`]
      : ['', ...stagesOf(plan, back, kinds, 'Failback')]),
    ...(plan.rehearsalStages === undefined
      ? []
      : ['', ...stagesOf(plan, { ...away, level: 'rehearsal' }, kinds, 'Rehearsal')]),
  ].join('\n');
}

function promises(plan: Plan): string[] {
  const { objectives, dataLoss, approvals, drills } = plan;
  const [away] = journeys(plan);
  const sites = [away.from, away.to].flatMap((name) => plan.sites[name] ?? []);
  return [
    `Sites: ${sites.map((site) => describeSite(site, plan.home)).join(', ')}`,
    `Objectives: RTO ${formatSeconds(objectives.rtoSeconds)}, RPO ${formatSeconds(objectives.rpoSeconds)}`,
    dataLoss.limitSeconds === 0
      ? 'Data loss: never accepted without asking'
      : `Data loss: up to ${formatSeconds(dataLoss.limitSeconds)} is accepted without asking`,
    plan.fencing.presumed === 'accept'
      ? 'Fencing: an old side that two observers see down is taken to be down'
      : 'Fencing: a person says whether an old side that cannot be reached is down',
    approvals.count === 0
      ? 'Approvals: none'
      : `Approvals: ${approvals.count} within ${formatSeconds(approvals.expiresSeconds)}`,
    drills === undefined
      ? 'Drills: only when somebody asks for one'
      : `Drills: ${drills.map(({ level, cron, timeZone }) => `${level} at "${cron}" ${timeZone}`).join(', ')}`,
  ];
}

function describeSite({ name, region, standby }: Site, home: string): string {
  return `${name} (${region}, ${standby}${name === home ? ', home' : ''})`;
}

function stagesOf(
  plan: Plan,
  journey: Journey & { readonly level?: DrillLevel },
  kinds: PlanKinds,
  title: string,
): string[] {
  const stages = resolveSteps(plan, { ...journey, mode: 'any', executionId: SOME_EXECUTION });
  const width = (cell: (step: Step) => string): number =>
    Math.max(...stages.flatMap(({ steps }) => steps.map((step) => cell(step).length)));
  const [ids, uses] = [width((step) => step.id), width((step) => step.uses)];
  const time = width((step) => typicalTime(step, kinds));
  return [
    `${title} (${journey.from} to ${journey.to})`,
    ...stages.flatMap(({ name, steps }, index) => [
      `${index + 1}. ${name}`,
      ...steps.flatMap((step) => {
        const cells = [
          step.id.padEnd(ids),
          step.uses.padEnd(uses),
          typicalTime(step, kinds).padStart(time),
        ];
        return sentences(step, journey, kinds)
          .map((sentence, line) =>
            [...(line === 0 ? cells : cells.map((cell) => ' '.repeat(cell.length))), sentence].join(
              '  ',
            ),
          )
          .map((line) => `   ${line}`);
      }),
    ]),
  ];
}

function typicalTime(step: Step, kinds: PlanKinds): string {
  return `~${formatSeconds(typicalSeconds(step, kinds))}`;
}

/** One line where both modes do the same, one for each where they differ. */
function sentences(step: Step, journey: Journey, kinds: PlanKinds): string[] {
  const kind = kindOf(step, kinds);
  const inMode = (mode: Mode): string => kind.describe(step.with, { ...journey, mode });
  if (step.when !== 'always') return [`${inMode(step.when)} (${step.when} only)`];
  const [planned, unplanned] = [inMode('planned'), inMode('unplanned')];
  return planned === unplanned ? [planned] : [`planned: ${planned}`, `unplanned: ${unplanned}`];
}
