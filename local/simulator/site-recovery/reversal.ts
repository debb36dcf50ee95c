import { canonicalId, resourceName, sameResource } from '../../../src/core/resource-id.ts';
import { Refusal, errorResponse, resourceNotFound } from '../errors.ts';
import type { WireResponse } from '../service.ts';
import { send } from './commands.ts';
import type { Post } from './commands.ts';
import type { Subject } from './commit.ts';
import type { ProtectedItem } from './items.ts';
import { reprotectDetails } from './job-wire.ts';
import { REPROTECT } from './kinds.ts';
import type { MachineRoom } from './machines.ts';
import { movedId, reprotectTasks } from './reprotect.ts';
import type { Direction } from './reprotect.ts';
import { parseBody, switchProtectionBody } from './requests.ts';
import { itemTarget } from './targets.ts';
import { moveItem } from './vault.ts';
import type { Vault } from './vault.ts';

/** POST switchprotection on the container that the item is in: Azure-to-Azure's way of protecting the other way. */
export function switchProtection(post: Omit<Post, 'target'>, containerId: string): WireResponse {
  const { properties } = parseBody(switchProtectionBody, post.request.body);
  const given = properties.providerSpecificDetails;
  const item = itemIn(post.vault, containerId, properties.replicationProtectedItemName);
  const { site, vault } = post;
  return sendReversal({ ...post, target: itemTarget(item) }, () => ({
    ...defaultDirection(site, vault, item, given.recoveryContainerId),
    ...(typeof given.recoveryResourceGroupId === 'string' && {
      recoveryGroupId: given.recoveryResourceGroupId,
    }),
    ...(typeof given.policyId === 'string' && { policyId: given.policyId }),
  }));
}

/** POST reProtect on a plan: all its items turn round, each to where it came from. */
export function reprotectPlan(post: Post): WireResponse {
  const { site, vault } = post;
  return sendReversal(post, (item) => defaultDirection(site, vault, item, item.containerId));
}

/** Items keep their name: their ARM id says that they have moved. */
function sendReversal(post: Post, directionOf: (item: ProtectedItem) => Direction): WireResponse {
  const directions = new Map(post.target.groups.flat().map((item) => [item, directionOf(item)]));
  const { site, vault } = post;
  const reversal = (subject: Subject) => {
    const direction = directions.get(subject.item) ?? directionOf(subject.item);
    return {
      ...subject,
      direction,
      replace: (moved: ProtectedItem) => moveItem(vault, subject.item, moved),
    };
  };
  return send(post, {
    kind: REPROTECT,
    tasks: (groups) => reprotectTasks(site, groups.flat().map(reversal)),
    details: (subjects) => {
      const [first] = subjects;
      const direction = first === undefined ? undefined : directions.get(first.item);
      return reprotectDetails(
        first === undefined || direction === undefined ? null : movedId(first.item, direction),
      );
    },
  });
}

function itemIn({ items }: Vault, containerId: string, name: string): ProtectedItem {
  const found = items.get(canonicalId(`${containerId}/replicationProtectedItems/${name}`));
  if (found !== undefined) return found;
  throw new Refusal(
    resourceNotFound(
      `Microsoft.RecoveryServices/replicationProtectedItems/${name}`,
      containerId.split('/')[4] ?? '',
    ),
  );
}

/** From where the machine runs now to where it came from, by the mapping between the two containers. */
function defaultDirection(
  room: MachineRoom,
  { mappings }: Vault,
  item: ProtectedItem,
  recoveryContainerId: string,
): Direction {
  const mapping = mappings.find(
    (each) =>
      sameResource(each.containerId, item.recoveryContainerId) &&
      sameResource(each.targetContainerId, recoveryContainerId),
  );
  if (mapping === undefined) {
    throw new Refusal(
      errorResponse(
        400,
        '506',
        `There is no mapping from ${resourceName(item.recoveryContainerId)} to ${resourceName(recoveryContainerId)}.`,
      ),
    );
  }
  return {
    containerId: item.recoveryContainerId,
    recoveryContainerId: mapping.targetContainerId,
    policyId: mapping.policyId,
    recoveryGroupId: item.sourceMachineId.split('/providers/')[0] ?? '',
    recoveryNetworkId: networkOf(room, item.sourceMachineId),
  };
}

/** The network that the machine was in; its own group's when it is gone. */
function networkOf({ machines, networks }: MachineRoom, machineId: string): string {
  const [interfaceId = ''] = machines.get(machineId)?.interfaceIds ?? [];
  const subnet = networks.interface(interfaceId)?.subnetId;
  return (
    subnet?.split('/subnets/')[0] ??
    machineId.replace(/\/providers\/.*$/, '/providers/Microsoft.Network/virtualNetworks/vnet')
  );
}
