import { resourceName } from '../../../src/core/resource-id.ts';
import type { Machines } from '../compute/machines.ts';
import type { Networks } from '../network/addresses.ts';
import type { World } from '../service.ts';
import type { ProtectedItem } from './items.ts';

/** What Site Recovery does to machines and interfaces of the two regions. */
export interface MachineRoom {
  readonly world: World;
  readonly machines: Pick<Machines, 'get' | 'create' | 'remove' | 'setPower'>;
  readonly networks: Pick<
    Networks,
    'interface' | 'interfaces' | 'createInterface' | 'removeInterface' | 'virtualNetwork'
  >;
}

/**
 * Creates the machine out of its replicated disks in the recovery group; it does not run yet. Its interface has a new
 * name and no public address. A machine that is there already (of an earlier failover) keeps its interfaces.
 */
export function createRecoveryMachine(
  room: MachineRoom,
  item: ProtectedItem,
  { name, networkId }: { readonly name: string; readonly networkId: string },
): string {
  const id = `${item.recoveryGroupId}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const before = room.machines.get(id);
  const kept = before?.interfaceIds.filter((each) => room.networks.interface(each) !== null) ?? [];
  room.machines.create({
    id: before?.id ?? id,
    location: item.recoveryRegion,
    interfaceIds: kept.length > 0 ? kept : [createInterface(room, item, id, networkId)],
    attached: true,
    power: 'starting',
  });
  return before?.id ?? id;
}

export function removeRecoveryMachine({ machines, networks }: MachineRoom, id: string): void {
  for (const each of machines.get(id)?.interfaceIds ?? []) networks.removeInterface(each);
  machines.remove(id);
}

function createInterface(
  { world, networks }: MachineRoom,
  item: ProtectedItem,
  machineId: string,
  networkId: string,
): string {
  const suffix = world.newId().slice(0, 8);
  const id = `${item.recoveryGroupId}/providers/Microsoft.Network/networkInterfaces/${resourceName(machineId)}-nic-${suffix}`;
  networks.createInterface({
    id,
    location: item.recoveryRegion,
    machineId,
    subnetId: `${networkId}/subnets/default`,
    privateAddress: freeAddress(networks, item.recoveryRegion),
  });
  return id;
}

/** The first one free in the subnet; Azure keeps the first four for itself. */
function freeAddress(networks: Pick<Networks, 'interfaces'>, region: string): string {
  const taken = new Set(
    networks
      .interfaces()
      .filter(({ location }) => location === region)
      .flatMap(({ configurations }) => configurations.map(({ privateAddress }) => privateAddress)),
  );
  let host = 4;
  while (taken.has(`10.1.0.${host}`)) host += 1;
  return `10.1.0.${host}`;
}
