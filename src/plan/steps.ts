import { complaintsBothWays } from './both-ways.ts';
import { check } from './complaints.ts';
import { journeys, SOME_EXECUTION } from './journey.ts';
import type { Journey } from './journey.ts';
import type { PlanKinds } from './kinds.ts';
import type { LocatedStep, Pieces } from './pieces.ts';
import { formatPath } from './problem.ts';
import type { Complaint } from './problem.ts';
import { stepScope } from './scope.ts';
import type { ReadyPieces } from './sites.ts';
import { suggestion } from './suggestion.ts';
import { substituteObject } from './template.ts';

/** What can be said of steps without knowing the sites. */
export function stepComplaints(pieces: Pieces, kinds: PlanKinds): Complaint[] {
  const { stages, failbackStages, rehearsalStages } = pieces;
  return [stages, failbackStages ?? [], rehearsalStages ?? []].flatMap((steps) => [
    ...repeatedIds(steps),
    ...steps.flatMap((located) => unknownKind(located, kinds)),
  ]);
}

function repeatedIds(steps: readonly LocatedStep[]): Complaint[] {
  return steps.flatMap(({ path, step }, index) => {
    const first = steps.slice(0, index).find((other) => other.step.id === step.id);
    return first === undefined
      ? []
      : [
          {
            path: [...path, 'id'],
            message: `step id "${step.id}" is already that of ${formatPath(first.path)}`,
          },
        ];
  });
}

function unknownKind({ path, step }: LocatedStep, kinds: PlanKinds): Complaint[] {
  const names = kinds.map((kind) => kind.uses);
  if (names.includes(step.uses)) return [];
  return [
    {
      path: [...path, 'uses'],
      message: `unknown kind of step "${step.uses}": expected ${names.join(', ')}${suggestion(step.uses, names)}`,
    },
  ];
}

/** Checks every step's settings as they will be: templates closed, once for each direction that the step serves. */
export function settingsComplaints(pieces: ReadyPieces, kinds: PlanKinds): Complaint[] {
  const [away, back] = journeys(pieces);
  const { stages, failbackStages, rehearsalStages } = pieces;
  return [
    ...complaintsOf(rehearsalStages ?? [], [away, back], pieces, kinds),
    ...complaintsOf(stages, failbackStages === null ? [away, back] : [away], pieces, kinds),
    ...complaintsOf(failbackStages ?? [], [back], pieces, kinds),
  ];
}

function complaintsOf(
  steps: readonly LocatedStep[],
  ways: readonly Journey[],
  { sites }: ReadyPieces,
  kinds: PlanKinds,
): Complaint[] {
  return steps.flatMap(({ path, step }) =>
    complaintsBothWays(ways, (journey) => {
      const scope = stepScope(sites, journey, SOME_EXECUTION, step.with);
      const closed = substituteObject(step.with, scope, [...path, 'with']);
      const kind = kinds.find((candidate) => candidate.uses === step.uses);
      if (closed.complaints.length > 0 || kind === undefined) return closed.complaints;
      const settings = check(kind.settings, closed.value, [...path, 'with']);
      return settings.ok ? [] : settings.complaints;
    }),
  );
}
