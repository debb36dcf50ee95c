import type { Foreseen, StepContext } from '../contract.ts';
import type { Settings } from './settings.ts';
import { lookAtSides, words } from './sides.ts';

export async function foresee(
  context: StepContext,
  settings: Settings,
): Promise<readonly Foreseen[]> {
  const { from, to } = await lookAtSides(context, settings);
  if (to.is === 'Primary') return [];
  const group = (server: string): string => `${server}/failoverGroups/${settings.group}`;
  return [
    { resource: group(settings.to), now: words(to), then: 'Primary' },
    { resource: group(settings.from), now: words(from), then: 'Secondary' },
  ];
}
