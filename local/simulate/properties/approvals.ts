import { movesApplication } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Property, Violation } from './property.ts';

export const approvals: Property = {
  name: 'H3',
  promise: 'nothing runs before as many different people agreed as the plan wants',
  broken: ({ told, headers }) => [
    ...told.flatMap(passedUnasked),
    ...told.flatMap(({ header, plan, commands }): readonly Violation[] => {
      const began = headers.find(
        ({ record }) => record.id === header.id && record.state === 'running',
      );
      const people = inTime(commands, began?.record.approval?.expiresAt);
      people.delete(header.requestedBy.id);
      // What only reads and what lies beside what serves needs nobody's word.
      // Who agreed to a live drill agreed to its way back.
      if (!movesApplication(header) || header.partOf !== undefined) return [];
      const count = Math.max(plan.plan.approvals.count, header.approvalsNeeded ?? 0);
      return began === undefined || people.size >= count
        ? []
        : [
            {
              at: began.at,
              sentence: `${header.id} ran with ${people.size} of ${count} approvals`,
            },
          ];
    }),
  ],
};

/** Who agreed before it was too late, by the app's own clock. */
function inTime(commands: Told['commands'], until = ''): Set<string> {
  const said = commands.filter(({ command, at }) => command === 'approve' && at < until);
  return new Set(said.map(({ by }) => by.id));
}

/** A step that waits for people is done only once somebody other than the one who asked has said so. */
function passedUnasked({ header, steps, commands }: Told): readonly Violation[] {
  const agreed = commands.some(
    ({ command, by }) => command === 'approve' && by.id !== header.requestedBy.id,
  );
  if (agreed) return [];
  return steps
    .filter(
      ({ uses, state }) => uses === 'control/approval' && ['done', 'satisfied'].includes(state),
    )
    .map(({ id, endedAt }) => ({
      at: Date.parse(endedAt ?? header.requestedAt),
      sentence: `${header.id}: ${id} is through, and nobody agreed`,
    }));
}
