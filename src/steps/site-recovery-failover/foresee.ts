import type { ProtectedItem } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Foreseen, StepContext } from '../contract.ts';
import { reading } from '../reading.ts';
import { activeRegion, lookAtVault } from '../site-recovery/items.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';
import { rest } from './observe.ts';

export async function foresee(
  context: StepContext,
  settings: FailoverSettings,
): Promise<readonly Foreseen[]> {
  const vault = await lookAtVault(context, settings);
  const group = settings.targetGroup;
  return Promise.all(
    rest(context, vault).map(async (item) => {
      const { friendlyName, protectionState, recoveryMachineName } = item;
      const { region } = context.execution.to;
      const where = group ?? item.recoveryResourceGroupId;
      const made = `${recoveryMachineName ?? friendlyName} in ${region}`;
      return {
        resource: item.id,
        now: `${friendlyName} is ${protectionState} in ${activeRegion(item)}`,
        then: `failed over to ${made}${where === null ? '' : `, group ${resourceName(where)}`}`,
        machine: {
          subscription: (where ?? settings.vault).split('/')[2] ?? '',
          region,
          size: item.recoveryMachineSize ?? (await sizeOf(context, item)),
        },
      };
    }),
  );
}

/** Unless its replication says otherwise, the new machine is as large as the old one. */
async function sizeOf(
  context: StepContext,
  { sourceMachineId }: ProtectedItem,
): Promise<string | null> {
  const seen = await reading(() => context.azure.machines.get(sourceMachineId));
  return 'read' in seen ? (seen.read?.size ?? null) : null;
}
