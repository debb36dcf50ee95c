import type { Finding } from '../../core/finding.ts';
import type { StepContext } from '../contract.ts';
import type { Settings } from './settings.ts';
import { lookAt } from './sight.ts';

export async function check(
  context: StepContext,
  { machines }: Settings,
): Promise<readonly Finding[]> {
  const sights = await lookAt(context, machines);
  return sights.flatMap(({ id, power, trouble }): readonly Finding[] => {
    if (power === 'missing') {
      return [
        {
          severity: 'warning',
          resource: id,
          problem: 'the machine does not exist',
          remedy: 'Correct the id in the plan, unless the machine is made on the way.',
        },
      ];
    }
    if (trouble === null) return [];
    return [
      {
        severity: context.execution.mode === 'planned' ? 'critical' : 'info',
        resource: id,
        problem: `cannot be read: ${trouble}`,
        remedy: "Check that its region answers and that the app's identity may read it.",
      },
    ];
  });
}
