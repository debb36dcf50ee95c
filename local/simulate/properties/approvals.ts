import { movesApplication } from '../../../src/core/execution.ts';
import type { Property, Violation } from './property.ts';

export const approvals: Property = {
  name: 'H3',
  promise: 'nothing runs before as many different people agreed as the plan wants',
  broken: ({ told, headers }) =>
    told.flatMap(({ header, plan }): readonly Violation[] => {
      const began = headers.find(
        ({ record }) => record.id === header.id && record.state === 'running',
      );
      const people = new Set(began?.record.approvals.map(({ by }) => by.id));
      people.delete(header.requestedBy.id);
      // What only reads and what lies beside what serves needs nobody's word.
      if (!movesApplication(header)) return [];
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
};
