import type {
  NetworkInterface as InterfaceOnWire,
  PublicIPAddress,
  VirtualNetwork as NetworkOnWire,
} from '@azure/arm-network';
import type { Json, JsonObject } from '../core/json.ts';
import type { Network, NetworkInterface, PublicAddress, VirtualNetwork } from './access.ts';
import { isObject, textOf } from './body.ts';
import { AzureError } from './errors.ts';
import type { Parts } from './parts.ts';
import { all, orNull } from './read.ts';
import { locate, locateGroup, pathOf } from './resource.ts';

/** The version of the installed client. */
const API_VERSION = '2026-01-01';

export function createNetwork({ arm, clients, read }: Parts): Network {
  return {
    async publicAddress(id) {
      const { subscription, resourceGroup, name, label } = locate(id);
      return orNull(
        read(`Read ${label}`, async () => {
          const client = await clients.network(subscription);
          return addressOf(await client.publicIPAddresses.get(resourceGroup, name), id);
        }),
      );
    },
    async virtualNetwork(id) {
      const { subscription, resourceGroup, name, label } = locate(id);
      return orNull(
        read(`Read ${label}`, async () => {
          const client = await clients.network(subscription);
          return networkOf(await client.virtualNetworks.get(resourceGroup, name), id);
        }),
      );
    },
    async interfaces(resourceGroupId) {
      const { subscription, resourceGroup } = locateGroup(resourceGroupId);
      return read(`Read network interfaces in ${resourceGroup}`, async () => {
        const client = await clients.network(subscription);
        return (await all(client.networkInterfaces.list(resourceGroup))).map(interfaceOf);
      });
    },
    // Through no model: an interface is written back with every property that it has, known here or not.
    async setPublicAddress(interfaceId, configuration, publicAddressId, signal) {
      const { id, label } = locate(interfaceId);
      const verb =
        publicAddressId === null
          ? 'Dissociate the address of'
          : `Associate ${locate(publicAddressId).name} with`;
      const operation = `${verb} ${configuration} of ${label}`;
      const path = pathOf(id, '', API_VERSION);
      const { body, etag } = await arm.readForChange(operation, path);
      const changed = withAddress(body, configuration, publicAddressId, operation);
      const change = {
        method: 'PUT',
        path,
        body: changed,
        ...(etag === undefined ? {} : { etag }),
      } as const;
      return arm.change(operation, change, signal);
    },
  };
}

function withAddress(
  networkInterface: JsonObject,
  configuration: string,
  addressId: string | null,
  operation: string,
): JsonObject {
  const properties = objectIn(networkInterface, 'properties');
  const given = properties['ipConfigurations'];
  const configurations: readonly Json[] = Array.isArray(given) ? given : [];
  const isMeant = (item: Json): item is JsonObject =>
    isObject(item) && textOf(item['name'])?.toLowerCase() === configuration.toLowerCase();
  if (!configurations.some(isMeant)) {
    throw new AzureError({
      effect: 'refused',
      code: 'IpConfigurationNotFound',
      message:
        'the interface has no such configuration, so nothing was changed. Correct its name in the plan.',
      operation,
    });
  }
  const ipConfigurations = configurations.map((item) =>
    isMeant(item)
      ? { ...item, properties: addressed(objectIn(item, 'properties'), addressId) }
      : item,
  );
  return { ...networkInterface, properties: { ...properties, ipConfigurations } };
}

function addressed(properties: JsonObject, addressId: string | null): JsonObject {
  const others = Object.entries(properties).filter(([name]) => name !== 'publicIPAddress');
  const own = addressId === null ? {} : { publicIPAddress: { id: addressId } };
  return { ...Object.fromEntries(others), ...own };
}

function objectIn(owner: JsonObject, name: string): JsonObject {
  const value = owner[name];
  return isObject(value) ? value : {};
}

function addressOf(address: PublicIPAddress, id: string): PublicAddress {
  return {
    id: address.id ?? id,
    address: address.ipAddress ?? null,
    fqdn: address.dnsSettings?.fqdn ?? null,
    attachedTo: address.ipConfiguration?.id ?? null,
    location: address.location ?? '',
  };
}

function networkOf(network: NetworkOnWire, id: string): VirtualNetwork {
  return {
    id: network.id ?? id,
    location: network.location ?? '',
    peers: (network.virtualNetworkPeerings ?? []).map(
      (peering) => peering.remoteVirtualNetwork?.id ?? peering.name ?? '',
    ),
  };
}

function interfaceOf(networkInterface: InterfaceOnWire): NetworkInterface {
  return {
    id: networkInterface.id ?? '',
    name: networkInterface.name ?? '',
    location: networkInterface.location ?? '',
    machineId: networkInterface.virtualMachine?.id ?? null,
    configurations: (networkInterface.ipConfigurations ?? []).map((configuration) => ({
      name: configuration.name ?? '',
      publicAddressId: configuration.publicIPAddress?.id ?? null,
      subnetId: configuration.subnet?.id ?? null,
    })),
  };
}
