import { canonicalId, resourceName, sameResource } from '../../../src/core/resource-id.ts';
import type { World } from '../service.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import type { JobScenario } from './jobs.ts';
import type { Operation } from './operations.ts';
import { settle } from './replication.ts';

/** A region as a vault sees it, with the one container that its protected machines are in. */
export interface Fabric {
  readonly id: string;
  readonly region: string;
  readonly containerId: string;
  /** What some answers give in the place of the container's name. */
  readonly containerGuid: string;
}

export interface Mapping {
  readonly name: string;
  readonly containerId: string;
  readonly targetContainerId: string;
  readonly policyId: string;
}

export interface RecoveryPlan {
  readonly id: string;
  /** Where it was made to lead. That they stay when its items turn round is a guess. */
  readonly primaryFabricId: string;
  readonly recoveryFabricId: string;
  /** Management ids of the items, by boot group: they stay when items move. */
  groups: readonly (readonly string[])[];
  busy: { readonly scenario: JobScenario; readonly jobId: string; readonly since: number } | null;
  lastEnd: { readonly status: string; readonly description: string } | null;
  lastFailoverAt: number | null;
  lastTestFailoverAt: number | null;
}

export type PlanContent = Pick<RecoveryPlan, 'primaryFabricId' | 'recoveryFabricId' | 'groups'>;

export interface Vault {
  readonly id: string;
  readonly region: string;
  readonly policyIds: readonly string[];
  readonly fabrics: readonly Fabric[];
  readonly mappings: readonly Mapping[];
  readonly items: Map<string, ProtectedItem>;
  readonly plans: Map<string, RecoveryPlan>;
  readonly operations: Map<string, Operation>;
}

/** A vault whose machines have been protected for long. */
export interface VaultSeed {
  readonly id: string;
  readonly region: string;
  readonly policy: string;
  readonly fabrics: readonly {
    readonly name: string;
    readonly region: string;
    readonly container: string;
  }[];
  readonly items: readonly ItemSeed[];
  readonly plans: readonly {
    readonly name: string;
    readonly bootGroups: readonly (readonly string[])[];
  }[];
}

export interface ItemSeed {
  readonly machineId: string;
  readonly fromRegion: string;
  readonly toRegion: string;
  readonly targetGroupId: string;
  readonly targetNetworkId: string;
}

export function createVault(world: World, seed: VaultSeed): Vault {
  const fabrics = seed.fabrics.map(({ name, region, container }): Fabric => {
    const id = `${seed.id}/replicationFabrics/${name}`;
    const containerId = `${id}/replicationProtectionContainers/${container}`;
    return { id, region, containerId, containerGuid: world.newId() };
  });
  const policyId = `${seed.id}/replicationPolicies/${seed.policy}`;
  const items = seed.items.map((item) => createItem(world, fabrics, policyId, item));
  const vault: Vault = {
    id: seed.id,
    region: seed.region,
    policyIds: [policyId],
    fabrics,
    mappings: fabrics.flatMap((from) =>
      fabrics.filter((to) => to !== from).map((to) => mapping(from, to, policyId)),
    ),
    items: new Map(items.map((item) => [canonicalId(itemId(item)), item])),
    plans: new Map(),
    operations: new Map(),
  };
  for (const plan of seed.plans) addPlan(vault, plan.name, contentOf(vault, plan));
  return vault;
}

function contentOf(vault: Vault, { bootGroups }: VaultSeed['plans'][number]): PlanContent {
  const groups = bootGroups.map((names) =>
    [...vault.items.values()].filter(({ friendlyName }) => names.includes(friendlyName)),
  );
  const [first] = groups.flat();
  if (first === undefined) throw new Error('A recovery plan without machines leads nowhere.');
  return {
    primaryFabricId: fabricOf(vault, first.containerId).id,
    recoveryFabricId: fabricOf(vault, first.recoveryContainerId).id,
    groups: groups.map((group) => group.map(({ managementId }) => managementId)),
  };
}

export function addPlan(vault: Vault, name: string, content: PlanContent): void {
  const plan: RecoveryPlan = {
    id: `${vault.id}/replicationRecoveryPlans/${name}`,
    ...content,
    busy: null,
    lastEnd: null,
    lastFailoverAt: null,
    lastTestFailoverAt: null,
  };
  vault.plans.set(name.toLowerCase(), plan);
}

function mapping(from: Fabric, to: Fabric, policyId: string): Mapping {
  return {
    name: `${resourceName(from.id)}-to-${resourceName(to.id)}`,
    containerId: from.containerId,
    targetContainerId: to.containerId,
    policyId,
  };
}

function createItem(
  world: World,
  fabrics: readonly Fabric[],
  policyId: string,
  seed: ItemSeed,
): ProtectedItem {
  const name = resourceName(seed.machineId);
  const item: ProtectedItem = {
    managementId: world.newId(),
    name: `${name}-item`,
    friendlyName: name,
    containerId: containerIn(fabrics, seed.fromRegion),
    recoveryContainerId: containerIn(fabrics, seed.toRegion),
    policyId,
    sourceMachineId: seed.machineId,
    primaryRegion: seed.fromRegion,
    recoveryRegion: seed.toRegion,
    initialPrimaryRegion: seed.fromRegion,
    initialRecoveryRegion: seed.toRegion,
    recoveryGroupId: seed.targetGroupId,
    recoveryNetworkId: seed.targetNetworkId,
    stage: 'protected',
    percentComplete: 100,
    busy: null,
    points: [],
    replicatedUpTo: world.clock.now(),
    rpo: null,
    failoverPoint: null,
    recoveryMachineId: null,
    testMachineId: null,
    lastFailoverAt: null,
    lastTestFailoverAt: null,
  };
  settle(world, item);
  return item;
}

function containerIn(fabrics: readonly Fabric[], region: string): string {
  const found = fabrics.find((fabric) => fabric.region === region);
  if (found === undefined) throw new Error(`The vault has no fabric for ${region}.`);
  return found.containerId;
}

export function fabricOf({ fabrics }: Vault, containerId: string): Fabric {
  const found = fabrics.find((fabric) => sameResource(fabric.containerId, containerId));
  if (found === undefined) throw new Error(`No fabric has the container ${containerId}.`);
  return found;
}

/** The plan's items, by boot group, as they are now. */
export function itemsOf(
  { items }: Vault,
  { groups }: RecoveryPlan,
): readonly (readonly ProtectedItem[])[] {
  const all = [...items.values()];
  return groups.map((group) =>
    group.flatMap((managementId) => all.filter((item) => item.managementId === managementId)),
  );
}

export function moveItem({ items }: Vault, from: ProtectedItem, to: ProtectedItem): void {
  items.delete(canonicalId(itemId(from)));
  items.set(canonicalId(itemId(to)), to);
}
