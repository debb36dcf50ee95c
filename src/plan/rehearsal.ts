import type { PlanKinds } from './kinds.ts';
import type { LocatedStep, Pieces } from './pieces.ts';
import type { Complaint } from './problem.ts';

/** What a calendar and a rehearsal must not say, whatever the sites are. */
export function drillComplaints(
  { drills, rehearsalStages }: Pieces,
  kinds: PlanKinds,
): Complaint[] {
  const unknown = (drills ?? []).flatMap(({ level }, index): Complaint[] =>
    level === 'rehearsal' && rehearsalStages === null
      ? [
          {
            path: ['drills', 'calendar', index, 'level'],
            message: 'the plan does not say what a rehearsal is: give it a section "rehearsal"',
          },
        ]
      : [],
  );
  return [
    ...unknown,
    ...(rehearsalStages ?? []).flatMap((located) => stepComplaints(located, kinds)),
  ];
}

/** Nobody waits for a rehearsal, and nothing that serves may be touched by one. */
function stepComplaints({ path, step }: LocatedStep, kinds: PlanKinds): Complaint[] {
  const kind = kinds.find(({ uses }) => uses === step.uses);
  const touches = kind?.effect === 'changes' && kind.rehearses !== true;
  return [
    ...(touches
      ? [
          {
            path: [...path, 'uses'],
            message: `${step.uses} changes what serves, so it cannot stand in a rehearsal`,
          },
        ]
      : []),
    ...(step.onFailure === 'pause'
      ? [
          {
            path: [...path, 'onFailure'],
            message: 'a rehearsal does not pause: it is cleaned up, so compensate or continue',
          },
        ]
      : []),
    ...(step.when === 'unplanned'
      ? [
          {
            path: [...path, 'when'],
            message: 'a rehearsal is always planned, so this step would never run',
          },
        ]
      : []),
  ];
}
