import { resourceName } from '../../core/resource-id.ts';
import type { Foreseen, StepContext } from '../contract.ts';
import { lookAtPlaces } from './places.ts';
import type { Settings } from './settings.ts';

export async function foresee(
  context: StepContext,
  settings: Settings,
): Promise<readonly Foreseen[]> {
  const places = await lookAtPlaces(context, settings);
  return places
    .filter(({ is }) => is !== 'attached')
    .map(({ wanted, sentence }) => ({
      resource: wanted.address,
      now: sentence,
      then: `attached to the interface ${wanted.interfacePrefix}… in ${resourceName(settings.group)}`,
    }));
}
