import type { ProtectedItem } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { StepContext, Verification } from '../contract.ts';
import { lookAt, words } from '../machines/sight.ts';
import { lookAtVault, names } from '../site-recovery/items.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';
import { rest } from './observe.ts';

const LOOK_SECONDS = 10;

/** Every machine has arrived by Site Recovery's word, and runs by Resource Manager's. */
export async function verify(
  context: StepContext,
  settings: FailoverSettings,
): Promise<Verification> {
  const vault = await lookAtVault(context, settings);
  const left = rest(context, vault);
  if (left.length > 0 || vault.unclear.length > 0) {
    const sentence = `${[...left.map(({ friendlyName }) => friendlyName), ...vault.unclear].join(', ')} have not failed over.`;
    return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
  }
  const machines = vault.items.flatMap((item) => newMachine(item) ?? []);
  const sights = await lookAt(context, machines);
  if (machines.length < vault.items.length || sights.some(({ power }) => power !== 'running')) {
    return { holds: false, sentence: words(sights), retryAfterSeconds: LOOK_SECONDS };
  }
  const lossSeconds = await loss(context, settings, vault.items);
  return {
    holds: true,
    sentence: `${names(vault.items)} have failed over and run.`,
    lossSeconds,
    proof: {
      lossSeconds,
      items: vault.items.map((item) => ({
        name: item.friendlyName,
        state: item.protectionState,
        machine: newMachine(item),
        recoveryPoint: item.failoverRecoveryPointId,
      })),
    },
  };
}

/** The machine that runs now; after reprotecting, the replica has become the source. */
export function newMachine(item: ProtectedItem): string | null {
  if (item.activeLocation !== 'Recovery') return item.sourceMachineId;
  const { recoveryMachineId, recoveryResourceGroupId, recoveryMachineName } = item;
  if (recoveryMachineId !== null) return recoveryMachineId;
  return recoveryResourceGroupId === null || recoveryMachineName === null
    ? null
    : `${recoveryResourceGroupId}/providers/Microsoft.Compute/virtualMachines/${recoveryMachineName}`;
}

/**
 * From the recovery point that was used to the sending of the failover, the worst machine's. Nothing is lost of an
 * application that was closed before a point that the step has waited for. Somebody else's failover is unknown.
 */
async function loss(
  context: StepContext,
  settings: FailoverSettings,
  items: readonly ProtectedItem[],
): Promise<number | null> {
  const sentAt = Math.max(...context.sent.map((one) => Date.parse(one.sentAt)));
  if (!Number.isFinite(sentAt)) return null;
  const reached = await Promise.all(items.map((item) => reachedUpTo(context, settings, item)));
  const known = reached.filter((time) => time !== null);
  if (known.length < reached.length) return null;
  const { closedAt } = context;
  if (closedAt !== null && Math.min(...known) >= Date.parse(closedAt)) return 0;
  return Math.max(0, (sentAt - Math.min(...known)) / 1000);
}

/** Up to when the new machine holds what the old one wrote; null when nothing tells. */
async function reachedUpTo(
  context: StepContext,
  { recoveryPoint }: FailoverSettings,
  item: ProtectedItem,
): Promise<number | null> {
  const points = await context.azure.siteRecovery.recoveryPoints(item.id);
  const used = item.failoverRecoveryPointId;
  // The id carries the container's GUID where the path has its name: only the last segment can be compared.
  const point = points.find(({ name }) => used !== null && name === resourceName(used));
  if (point !== undefined) return Date.parse(point.at);
  const { rpoSeconds, rpoAt } = item;
  return recoveryPoint === 'Latest' && rpoSeconds !== null && rpoAt !== null
    ? Date.parse(rpoAt) - rpoSeconds * 1000
    : null;
}
