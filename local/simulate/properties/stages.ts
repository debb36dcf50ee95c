import { setsClockAnew } from '../schedule.ts';
import type { Told } from '../records.ts';
import type { Property, Violation } from './property.ts';

export const stages: Property = {
  name: 'H4',
  promise: 'nothing goes on past a step that failed, unless the plan or a person lets it',
  broken: ({ schedule, told }) => (setsClockAnew(schedule) ? [] : told.flatMap(goneOn)),
};

const MENDED = ['step-began', 'step-done', 'step-satisfied', 'step-skipped'];

function goneOn({ header, plan, events }: Told): readonly Violation[] {
  const failed = new Set<string>();
  const violations: Violation[] = [];
  for (const event of events.toSorted((left, right) => left.at.localeCompare(right.at))) {
    if (event.type === 'step-failed') failed.add(event.data.step);
    else if (MENDED.includes(event.type) && 'step' in event.data) failed.delete(event.data.step);
    else if (event.type === 'stage-began' && event.data.direction === 'forward') {
      const { name } = event.data;
      const inTheWay = [...failed].filter((step) => plan.step(step).onFailure !== 'continue');
      violations.push(
        ...inTheWay.map((step) => ({
          at: Date.parse(event.at),
          sentence: `${header.id} began "${name}" although ${step} had failed`,
        })),
      );
    }
  }
  return violations;
}
