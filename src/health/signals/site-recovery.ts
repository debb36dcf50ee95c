import type { ProtectedItem } from '../../azure/access.ts';
import { canonicalId, resourceName } from '../../core/resource-id.ts';
import type { SignalSettings } from '../../plan/signals.ts';
import { allows, isTested } from '../../steps/site-recovery/items.ts';
import { readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Said, SignalSource } from './source.ts';
import { together } from './together.ts';

/** Whether the machines are replicated so well that the other site could start them. */
export const siteRecovery: SignalSource<'site-recovery'> = {
  isDear: true,
  async read(through, wanted) {
    const vaults = await readOnce(
      through,
      wanted,
      ({ signal }) => canonicalId(signal.with.vault),
      ({ signal }) => through.azure.siteRecovery.items(signal.with.vault),
    );
    return wanted.map((one) => ({
      of: one,
      judges: 'readiness',
      ...judge(vaults(one), one.signal.with),
    }));
  },
};

function judge(
  found: Found<readonly ProtectedItem[]>,
  { vault, machines }: SignalSettings<'site-recovery'>,
): Said {
  if (found.is === 'trouble') return unclear(found);
  const names = machines ?? found.value.map(({ friendlyName }) => friendlyName);
  const parts = names.map((name) => ofMachine(name, found.value));
  return together(parts, `${resourceName(vault)} protects no machine`);
}

function ofMachine(name: string, items: readonly ProtectedItem[]): Said {
  const item = items.find((one) => one.friendlyName.toLowerCase() === name.toLowerCase());
  if (item === undefined) return { as: 'bad', sees: `${name} is not protected` };
  const { replicationHealth: health, protectionState, currentScenario } = item;
  if (health === 'Critical') return { as: 'bad', sees: `${name} Critical` };
  // A job that runs, or a test that was not cleaned up, is in the way of a failover but will not stay there.
  if (currentScenario !== null)
    return { as: 'unclear', sees: `${name} busy with ${currentScenario.name}` };
  if (isTested(item)) return { as: 'unclear', sees: `${name} in a test failover` };
  if (!allows(item, 'UnplannedFailover')) return { as: 'bad', sees: `${name} ${protectionState}` };
  return { as: 'good', sees: `${name} ${health}` };
}
