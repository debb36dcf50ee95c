import type { Json } from '../../../src/core/json.ts';
import { resourceName } from '../../../src/core/resource-id.ts';
import { errorResponse, Refusal } from '../errors.ts';
import {
  addressName,
  type IpConfiguration,
  type Networks,
  type PublicAddress,
  type SimulatedInterface,
  type VirtualNetwork,
} from './addresses.ts';

export function etagOf({ id, version }: SimulatedInterface): string {
  return `W/"${Buffer.from(`${id.toLowerCase()}#${version}`).toString('base64url').slice(-24)}"`;
}

export function interfaceBody(found: SimulatedInterface): Json {
  const provisioningState = found.updating ? 'Updating' : 'Succeeded';
  const etag = etagOf(found);
  return {
    name: resourceName(found.id),
    id: found.id,
    etag,
    type: 'Microsoft.Network/networkInterfaces',
    location: found.location,
    properties: {
      provisioningState,
      ipConfigurations: found.configurations.map((configuration, index) => ({
        name: configuration.name,
        id: `${found.id}/ipConfigurations/${configuration.name}`,
        etag,
        type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
        properties: {
          provisioningState,
          privateIPAddress: configuration.privateAddress,
          privateIPAllocationMethod: 'Dynamic',
          ...(configuration.publicAddressId !== null && {
            publicIPAddress: { id: configuration.publicAddressId },
          }),
          subnet: { id: found.subnetId },
          primary: index === 0,
          privateIPAddressVersion: 'IPv4',
        },
      })),
      dnsSettings: { dnsServers: [], appliedDnsServers: [] },
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      ...(found.machineId !== null && { virtualMachine: { id: found.machineId }, primary: true }),
      nicType: 'Standard',
    },
  };
}

export function virtualNetworkBody({ id, location, subnets, peers }: VirtualNetwork): Json {
  return {
    name: resourceName(id),
    id,
    type: 'Microsoft.Network/virtualNetworks',
    location,
    properties: {
      provisioningState: 'Succeeded',
      addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
      subnets: subnets.map((name) => ({ id: `${id}/subnets/${name}`, name })),
      virtualNetworkPeerings: peers.map((peer) => ({
        name: `to-${resourceName(peer)}`,
        properties: { remoteVirtualNetwork: { id: peer }, peeringState: 'Connected' },
      })),
    },
  };
}

export function addressBody(found: PublicAddress, networks: Networks): Json {
  const holder = networks.holder(found.id);
  return {
    name: resourceName(found.id),
    id: found.id,
    etag: `W/"${Buffer.from(found.id).toString('base64url').slice(-24)}"`,
    location: found.location,
    properties: {
      provisioningState: 'Succeeded',
      ipAddress: found.address,
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: 'Static',
      idleTimeoutInMinutes: 4,
      dnsSettings: { domainNameLabel: found.label, fqdn: addressName(found) },
      ...(holder !== null && {
        ipConfiguration: { id: `${holder.interface.id}/ipConfigurations/${holder.configuration}` },
      }),
    },
    type: 'Microsoft.Network/publicIPAddresses',
    sku: { name: 'Standard', tier: 'Regional' },
  };
}

/** What a PUT asks for: its configurations by name. One that is there cannot be left out, as in Azure. */
export function parseConfigurations(
  body: Json | undefined,
  found: SimulatedInterface,
): readonly IpConfiguration[] {
  const given = list(member(member(body, 'properties'), 'ipConfigurations'));
  return found.configurations.map((configuration) => {
    const wanted = given.find((each) => member(each, 'name') === configuration.name);
    if (wanted === undefined) {
      throw new Refusal(
        errorResponse(
          400,
          'IpConfigurationMissing',
          `The IP configuration ${configuration.name} of ${found.id} is missing from the request.`,
        ),
      );
    }
    const address = member(member(member(wanted, 'properties'), 'publicIPAddress'), 'id');
    return { ...configuration, publicAddressId: typeof address === 'string' ? address : null };
  });
}

function member(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value[name] : undefined;
}

function list(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
