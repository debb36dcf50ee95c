import type { Finding } from '../../core/finding.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { StepContext, StepKind } from '../contract.ts';
import { subscriptionOf } from '../permissions.ts';
import { foresee } from './foresee.ts';
import { forward } from './forward.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

export const networkPublicIp: StepKind<Settings> = {
  uses: 'network/public-ip',
  summary: 'Attaches prepared public IP addresses to the network interfaces of restored machines.',
  settings,
  effect: 'changes',
  makesWritable: false,
  settleSeconds: 60,
  typicalSeconds: () => 10,
  resources: ({ attach }) => attach.map(({ address }) => address),
  permissions: ({ group, attach }) => [
    { action: 'Microsoft.Network/networkInterfaces/read', scope: group },
    { action: 'Microsoft.Network/networkInterfaces/write', scope: group },
    // Writing an interface needs the right to join whatever it refers to.
    {
      action: 'Microsoft.Network/virtualNetworks/subnets/join/action',
      scope: subscriptionOf(group),
    },
    {
      action: 'Microsoft.Network/networkSecurityGroups/join/action',
      scope: subscriptionOf(group),
    },
    { action: 'Microsoft.Network/locations/operations/read', scope: subscriptionOf(group) },
    ...attach.flatMap(({ address }) => [
      { action: 'Microsoft.Network/publicIPAddresses/read', scope: address },
      { action: 'Microsoft.Network/publicIPAddresses/join/action', scope: address },
    ]),
  ],
  describe: ({ group, attach }) =>
    `Attach ${attach.map(({ address }) => resourceName(address)).join(', ')} to the machines restored in ${resourceName(group)}.`,
  check,
  foresee,
  forward,
  undoSafety: () => 'safe',
  undo,
};

/** At rest the interfaces of a cold standby do not exist, so only the addresses are looked at. */
async function check(
  context: StepContext,
  { group, attach }: Settings,
): Promise<readonly Finding[]> {
  const inGroup = `${group.toLowerCase()}/`;
  const looks = await Promise.all(
    attach.map(async ({ address }): Promise<readonly Finding[]> => {
      const found = await context.azure.network.publicAddress(address);
      if (found === null) {
        return [
          {
            severity: 'critical',
            resource: address,
            problem: 'the public IP address does not exist',
            remedy: 'Create it beforehand with the DNS label that clients and consoles use.',
          },
        ];
      }
      const elsewhere =
        found.attachedTo !== null && !found.attachedTo.toLowerCase().startsWith(inGroup);
      if (!elsewhere) return [];
      return [
        {
          severity: 'critical',
          resource: address,
          problem: `is attached to ${found.attachedTo}, outside ${group}`,
          remedy: 'Detach it, or name another address in the plan.',
        },
      ];
    }),
  );
  return looks.flat();
}
