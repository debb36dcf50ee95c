import { canonicalId, sameResource } from '../../../src/core/resource-id.ts';
import type { World } from '../service.ts';

export interface PublicAddress {
  readonly id: string;
  readonly location: string;
  readonly address: string;
  /** The DNS label: `ihs-cafe` makes ihs-cafe.eastus.cloudapp.azure.com. */
  readonly label: string;
}

export interface IpConfiguration {
  readonly name: string;
  readonly privateAddress: string;
  readonly publicAddressId: string | null;
}

export interface VirtualNetwork {
  readonly id: string;
  readonly location: string;
  readonly subnets: readonly string[];
  /** Ids of the networks that it is peered with. */
  readonly peers: readonly string[];
}

export interface SimulatedInterface {
  readonly id: string;
  readonly location: string;
  readonly machineId: string | null;
  readonly subnetId: string;
  readonly configurations: readonly IpConfiguration[];
  /** Counts changes; the ETag is made of it. */
  readonly version: number;
  readonly updating: boolean;
  /** What packets follow: the configurations as of the last change that went through. */
  readonly effective: readonly IpConfiguration[];
}

export interface InterfaceSeed {
  readonly id: string;
  readonly location: string;
  readonly machineId: string | null;
  readonly subnetId?: string;
  readonly privateAddress: string;
  readonly publicAddressId?: string | null;
}

export interface Networks {
  interface(id: string): SimulatedInterface | null;
  interfacesInGroup(groupId: string): readonly SimulatedInterface[];
  interfaces(): readonly SimulatedInterface[];
  /** With one configuration, `ipconfig1`. */
  createInterface(seed: InterfaceSeed): SimulatedInterface;
  removeInterface(id: string): void;
  virtualNetwork(id: string): VirtualNetwork | null;
  createVirtualNetwork(seed: VirtualNetwork): void;
  address(id: string): PublicAddress | null;
  addressesInGroup(groupId: string): readonly PublicAddress[];
  addresses(): readonly PublicAddress[];
  /** By full name: `ihs-cafe.eastus.cloudapp.azure.com`. */
  addressByName(name: string): PublicAddress | null;
  addressByNumber(address: string): PublicAddress | null;
  createAddress(seed: PublicAddress): void;
  /** The configuration that holds the address, in the model. */
  holder(
    addressId: string,
  ): { readonly interface: SimulatedInterface; readonly configuration: string } | null;
  /** The machine that packets to the address reach; null when it leads nowhere. */
  machineBehind(addressId: string): string | null;
  /** Changes the model at once; packets follow when the returned function is called. */
  configure(id: string, configurations: readonly IpConfiguration[]): () => void;
}

export function addressName({ label, location }: PublicAddress): string {
  return `${label}.${location}.cloudapp.azure.com`;
}

export function createNetworks(world: World): Networks {
  const interfaces = new Map<string, SimulatedInterface>();
  const addresses = new Map<string, PublicAddress>();
  const virtualNetworks = new Map<string, VirtualNetwork>();
  const update = (id: string, change: Partial<SimulatedInterface>): void => {
    const found = interfaces.get(canonicalId(id));
    if (found !== undefined) interfaces.set(canonicalId(id), { ...found, ...change });
  };
  return {
    interface: (id) => interfaces.get(canonicalId(id)) ?? null,
    interfaces: () => [...interfaces.values()],
    interfacesInGroup: (groupId) => [...interfaces.values()].filter(within(groupId)),
    createInterface: (seed) => {
      const created = newInterface(seed);
      interfaces.set(canonicalId(seed.id), created);
      return created;
    },
    removeInterface: (id) => void interfaces.delete(canonicalId(id)),
    virtualNetwork: (id) => virtualNetworks.get(canonicalId(id)) ?? null,
    createVirtualNetwork: (seed) => void virtualNetworks.set(canonicalId(seed.id), seed),
    address: (id) => addresses.get(canonicalId(id)) ?? null,
    addresses: () => [...addresses.values()],
    addressesInGroup: (groupId) => [...addresses.values()].filter(within(groupId)),
    addressByName: (name) =>
      [...addresses.values()].find((address) => addressName(address) === name.toLowerCase()) ??
      null,
    addressByNumber: (number) =>
      [...addresses.values()].find(({ address }) => address === number) ?? null,
    createAddress: (seed) => void addresses.set(canonicalId(seed.id), seed),
    holder: (addressId) => findHolder([...interfaces.values()], addressId),
    machineBehind: (addressId) => {
      const address = addresses.get(canonicalId(addressId));
      if (address === undefined || world.outages.dead(address.location)) return null;
      return findRouted([...interfaces.values()], addressId)?.machineId ?? null;
    },
    configure: (id, configurations) => {
      const version = (interfaces.get(canonicalId(id))?.version ?? 0) + 1;
      update(id, { configurations, version, updating: true });
      return () => update(id, { effective: configurations, version: version + 1, updating: false });
    },
  };
}

function findHolder(
  interfaces: readonly SimulatedInterface[],
  addressId: string,
): ReturnType<Networks['holder']> {
  for (const candidate of interfaces) {
    const found = candidate.configurations.find((each) => holds(each, addressId));
    if (found !== undefined) return { interface: candidate, configuration: found.name };
  }
  return null;
}

function findRouted(
  interfaces: readonly SimulatedInterface[],
  addressId: string,
): SimulatedInterface | undefined {
  return interfaces.find(({ effective }) => effective.some((each) => holds(each, addressId)));
}

function newInterface(seed: InterfaceSeed): SimulatedInterface {
  const configurations: readonly IpConfiguration[] = [
    {
      name: 'ipconfig1',
      privateAddress: seed.privateAddress,
      publicAddressId: seed.publicAddressId ?? null,
    },
  ];
  return {
    id: seed.id,
    location: seed.location,
    machineId: seed.machineId,
    subnetId:
      seed.subnetId ??
      seed.id.replace(/networkInterfaces\/.*$/i, 'virtualNetworks/was-vnet/subnets/was-subnet'),
    configurations,
    version: 1,
    updating: false,
    effective: configurations,
  };
}

function within(groupId: string): (resource: { readonly id: string }) => boolean {
  const prefix = `${canonicalId(groupId)}/`;
  return (resource) => canonicalId(resource.id).startsWith(prefix);
}

function holds(configuration: IpConfiguration, addressId: string): boolean {
  return (
    configuration.publicAddressId !== null && sameResource(configuration.publicAddressId, addressId)
  );
}
