import { isReadOnly, isTerminal } from '../../../src/core/execution.ts';
import type { ExecutionRecord } from '../../../src/core/execution.ts';
import type { Property, Violation } from './property.ts';

export const oneAtATime: Property = {
  name: 'S4',
  promise: 'at most one execution of a plan is under way',
  broken: ({ headers, schedule }) => {
    // A lock that was taken away protects nobody; then only the tokens do.
    if (schedule.happenings.some((one) => one.do === 'steal')) return [];
    const open = new Map<string, ExecutionRecord>();
    return headers.flatMap(({ at, record }): readonly Violation[] => {
      // What only reads is in nobody's way.
      if (isReadOnly(record)) return [];
      if (isTerminal(record.state)) {
        open.delete(record.id);
        return [];
      }
      const known = open.has(record.id);
      open.set(record.id, record);
      const others = [...open.keys()].filter((id) => id !== record.id);
      return known || others.length === 0
        ? []
        : [{ at, sentence: `${record.id} began while ${others.join(', ')} was under way` }];
    });
  },
};
