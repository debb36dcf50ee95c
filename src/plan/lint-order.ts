import type { Finding } from '../core/finding.ts';
import type { Run } from './journey.ts';
import type { Plan } from './plan.ts';
import type { PlacedStep, Role } from './roles.ts';

/** Whether data, addresses, validation, traffic and commit follow one another as they must in one run. */
export function orderFindings(plan: Plan, run: Run, steps: readonly PlacedStep[]): Finding[] {
  const has = (role: Role): PlacedStep[] => steps.filter((step) => step.role === role);
  const traffic = has('traffic');
  const automatic = traffic.filter(({ step }) => step.with.control === 'automatic');
  const switched = traffic.filter(({ step }) => step.with.control !== 'automatic');
  return [
    ...switched.flatMap((step) => trafficFindings(plan, step, has('data'), has('proof'))),
    ...automatic.flatMap((step) =>
      automaticFindings(plan, run, step, has('data'), has('addresses')),
    ),
    ...(has('proof').length === 0 ? [unproven(plan)] : []),
    ...has('commit').flatMap((commit) => commitFindings(plan, commit, steps)),
  ];
}

function trafficFindings(
  plan: Plan,
  traffic: PlacedStep,
  data: readonly PlacedStep[],
  proofs: readonly PlacedStep[],
): Finding[] {
  const late = data.filter(({ stage }) => stage >= traffic.stage);
  const lastData = Math.max(-1, ...data.map(({ stage }) => stage));
  const proven = proofs.some(({ stage }) => stage > lastData && stage < traffic.stage);
  return [
    ...late.map(({ step }) =>
      finding(plan, 'critical', traffic, {
        problem: `Step "${traffic.step.id}" moves the traffic before step "${step.id}" has made the new side writable.`,
        remedy: `Put "${traffic.step.id}" into a later stage than "${step.id}".`,
      }),
    ),
    ...(late.length > 0 || proven
      ? []
      : [
          finding(plan, 'critical', traffic, {
            problem: `Step "${traffic.step.id}" moves the traffic to a side that nothing has validated.`,
            remedy: `Validate the new side directly (validate/http, validate/sql) in a stage before "${traffic.step.id}".`,
          }),
        ]),
  ];
}

/** Traffic Manager moves as soon as the new side answers, so nothing may answer before the data is there. */
function automaticFindings(
  plan: Plan,
  { to }: Run,
  traffic: PlacedStep,
  data: readonly PlacedStep[],
  addresses: readonly PlacedStep[],
): Finding[] {
  const early = addresses.flatMap((address) =>
    data.filter(({ stage }) => stage >= address.stage).map((behind) => ({ address, behind })),
  );
  const standby = plan.sites[to]?.standby ?? 'cold';
  return [
    ...early.map(({ address, behind }) =>
      finding(plan, 'critical', address, {
        problem: `Step "${address.step.id}" lets Traffic Manager move the traffic before step "${behind.step.id}" has made the new side writable.`,
        remedy: `With control: automatic, put "${address.step.id}" into a later stage than "${behind.step.id}".`,
      }),
    ),
    ...(standby === 'cold'
      ? []
      : [
          finding(plan, 'critical', traffic, {
            problem: `Site "${to}" answers at rest (standby: ${standby}), so with control: automatic Traffic Manager moves the traffic before the data.`,
            remedy: 'Use control: switchover, or keep the site cold.',
          }),
        ]),
  ];
}

function unproven(plan: Plan): Finding {
  return {
    severity: 'warning',
    resource: plan.name,
    problem:
      'No step validates the new side: a run could succeed with an application that does not answer.',
    remedy: 'Add validate/http and validate/sql steps.',
  };
}

function commitFindings(plan: Plan, commit: PlacedStep, steps: readonly PlacedStep[]): Finding[] {
  const behind = steps.filter(({ role, stage }) => role !== 'commit' && stage >= commit.stage);
  if (behind.length === 0) return [];
  const names = behind.map(({ step }) => `"${step.id}"`).join(', ');
  return [
    finding(plan, 'warning', commit, {
      problem: `Step "${commit.step.id}" is not last: if ${names} fails, the run can no longer be undone.`,
      remedy: `Put "${commit.step.id}" into a stage of its own at the end.`,
    }),
  ];
}

function finding(
  plan: Plan,
  severity: Finding['severity'],
  { step }: PlacedStep,
  words: { readonly problem: string; readonly remedy: string },
): Finding {
  return { severity, resource: plan.name, ...words, step: step.id };
}
