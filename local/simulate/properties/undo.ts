import type { Told } from '../records.ts';
import type { Property, Violation } from './property.ts';

export const undo: Property = {
  name: 'S6',
  promise: 'compensation undoes exactly what was done, in reverse',
  broken: ({ told }) => told.flatMap((one) => [...left(one), ...wrongOrder(one)]),
};

function left({ header, steps, plan }: Told): readonly Violation[] {
  if (header.state !== 'compensated') return [];
  const at = Date.parse(header.endedAt ?? header.requestedAt);
  return steps.flatMap((step) => {
    const undoable = plan.step(step.id).bound.motion('undo') !== null;
    const violation = (why: string): Violation => ({
      at,
      sentence: `${header.id} is compensated, but ${step.id} ${why}`,
    });
    if (step.touched && undoable && step.state !== 'undone' && step.waived !== true)
      return [violation(`is ${step.state}`)];
    return !step.touched && step.state === 'undone' ? [violation('was undone untouched')] : [];
  });
}

/** A later stage is undone before an earlier one begins to be. */
function wrongOrder({ header, steps, events }: Told): readonly Violation[] {
  const stageOf = new Map(steps.map(({ id, stage }) => [id, stage]));
  const violations: Violation[] = [];
  let lowest = Infinity;
  for (const event of events) {
    if (event.type !== 'undo-began') continue;
    const { step } = event.data;
    const stage = stageOf.get(step) ?? 0;
    if (stage > lowest) {
      violations.push({
        at: Date.parse(event.at),
        sentence: `${header.id}: ${step} began to be undone after an earlier stage`,
      });
    }
    lowest = Math.min(lowest, stage);
  }
  return violations;
}
