import type { Property } from './property.ts';

export const evidence: Property = {
  name: 'S8',
  promise: 'the record verifies against its chains and its anchors',
  broken: ({ told, endedAt }) =>
    told.flatMap(({ header, flaws }) =>
      flaws.map(({ stream, sequence, why }) => ({
        at: endedAt,
        sentence: `${header.id}: ${stream} ${sequence ?? ''}: ${why}`,
      })),
    ),
};
