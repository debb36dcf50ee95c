import type { TrafficEndpoint } from '../../azure/access.ts';
import type { Foreseen, StepContext } from '../contract.ts';
import { lookAtPair, status } from './endpoints.ts';
import type { Settings } from './settings.ts';

/** As the plan stands: a later step of the same plan may find that an earlier one has done part of it. */
export async function foresee(
  context: StepContext,
  settings: Settings,
): Promise<readonly Foreseen[]> {
  const pair = await lookAtPair(context, settings);
  if ('missing' in pair) return [];
  const { from, to } = pair;
  const change = (endpoint: TrafficEndpoint, then: 'enabled' | 'disabled'): Foreseen => ({
    resource: `${settings.profile}/${endpoint.type}/${endpoint.name}`,
    now: status(endpoint),
    then,
  });
  return [
    ...(settings.part === 'close' || to.enabled ? [] : [change(to, 'enabled')]),
    ...(from.enabled ? [change(from, 'disabled')] : []),
  ];
}
