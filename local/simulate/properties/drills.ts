import { isReadOnly, isRehearsal, isTerminal } from '../../../src/core/execution.ts';
import type { Told } from '../records.ts';
import type { Property, Violation } from './property.ts';

/** S9, and S7: what only reads has sent nothing; what a rehearsal began it has cleaned up, or it names what is left. */
export const drills: Property = {
  name: 'S7',
  promise: 'a drill leaves everything as it found it, or says precisely what is left',
  broken: ({ told }) => told.flatMap((one) => [...sentAnything(one), ...leftBehind(one)]),
};

function sentAnything({ header, attempts }: Told): readonly Violation[] {
  const [first] = attempts;
  if (!isReadOnly(header) || first === undefined) return [];
  return [
    {
      at: Date.parse(first.sentAt),
      sentence: `${header.id} (${header.level ?? ''}) only reads, but ${first.step} sent ${first.call}`,
    },
  ];
}

function leftBehind({ header, steps }: Told): readonly Violation[] {
  if (!isRehearsal(header) || !isTerminal(header.state)) return [];
  const at = Date.parse(header.endedAt ?? header.requestedAt);
  return steps
    .filter(({ touched, state }) => touched && state !== 'undone')
    .filter(({ id }) => header.outcome?.includes(id) !== true || header.state === 'succeeded')
    .map(({ id, state }) => ({
      at,
      sentence: `${header.id} ended ${header.state} with ${id} ${state}, and does not say so: ${header.outcome ?? ''}`,
    }));
}
