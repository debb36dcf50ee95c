import type { Json } from '../../../src/core/json.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import { Refusal, resourceNotFound } from '../errors.ts';
import { networkStyle } from '../operation-styles.ts';
import type { Operations } from '../operations.ts';
import type { Route, Service, WireRequest, WireResponse, World } from '../service.ts';
import type { IpConfiguration, Networks, SimulatedInterface } from './addresses.ts';
import { refusalOfChange } from './refusals.ts';
import {
  addressBody,
  etagOf,
  interfaceBody,
  parseConfigurations,
  virtualNetworkBody,
} from './wire.ts';

const ROOT = '/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Network';
const INTERFACES = `${ROOT}/networkInterfaces`;
const ADDRESSES = `${ROOT}/publicIPAddresses`;
const VIRTUAL_NETWORKS = `${ROOT}/virtualNetworks`;
const POLL =
  '/subscriptions/{sub}/providers/Microsoft.Network/locations/{region}/operations/{operation}';

/** Attaching an address takes a few seconds. */
const CHANGE_SECONDS: readonly [number, number] = [2, 12];

export function createNetwork(world: World, operations: Operations, networks: Networks): Service {
  const region = (request: WireRequest): string | undefined =>
    networks.interface(idOf(request, 'networkInterfaces'))?.location ??
    networks.address(idOf(request, 'publicIPAddresses'))?.location ??
    networks.virtualNetwork(idOf(request, 'virtualNetworks'))?.location;
  const read = reading(region);
  return {
    name: 'network',
    routes: [
      read('networkInterfaces', INTERFACES, (request) =>
        listed(networks.interfacesInGroup(groupOf(request)).map(interfaceBody)),
      ),
      read('networkInterfaces', `${INTERFACES}/{name}`, (request) =>
        answerInterface(findInterface(networks, request)),
      ),
      {
        method: 'PUT',
        path: `${INTERFACES}/{name}`,
        operation: 'network/interface',
        action: 'Microsoft.Network/networkInterfaces/write',
        region,
        handle: (request) => putInterface(world, operations, networks, request),
      },
      read('publicIPAddresses', ADDRESSES, (request) =>
        listed(
          networks.addressesInGroup(groupOf(request)).map((each) => addressBody(each, networks)),
        ),
      ),
      read('publicIPAddresses', `${ADDRESSES}/{name}`, (request) =>
        answerAddress(networks, request),
      ),
      read('virtualNetworks', `${VIRTUAL_NETWORKS}/{name}`, (request) =>
        answerVirtualNetwork(networks, request),
      ),
      {
        method: 'GET',
        path: POLL,
        handle: ({ params }) => operations.poll(params['operation'] ?? ''),
      },
    ],
  };
}

function reading(
  region: NonNullable<Route['region']>,
): (type: string, path: string, handle: Route['handle']) => Route {
  return (type, path, handle) => ({
    method: 'GET',
    path,
    action: `Microsoft.Network/${type}/read`,
    region,
    handle,
  });
}

function listed(value: readonly Json[]): WireResponse {
  return { status: 200, body: { value } };
}

function answerInterface(found: SimulatedInterface): WireResponse {
  return { status: 200, headers: { ETag: etagOf(found) }, body: interfaceBody(found) };
}

function answerAddress(networks: Networks, request: WireRequest): WireResponse {
  const found = networks.address(idOf(request, 'publicIPAddresses'));
  if (found === null) throw missing(request, 'publicIPAddresses');
  return { status: 200, body: addressBody(found, networks) };
}

function answerVirtualNetwork(networks: Networks, request: WireRequest): WireResponse {
  const found = networks.virtualNetwork(idOf(request, 'virtualNetworks'));
  if (found === null) throw missing(request, 'virtualNetworks');
  return { status: 200, body: virtualNetworkBody(found) };
}

function putInterface(
  world: World,
  operations: Operations,
  networks: Networks,
  request: WireRequest,
): WireResponse {
  const found = findInterface(networks, request);
  const wanted = parseConfigurations(request.body, found);
  const refusal = refusalOfChange(networks, found, wanted, request.headers['if-match']);
  if (refusal !== null) return refusal;
  const before = found.configurations;
  const applied = networks.configure(found.id, wanted);
  const begun = operations.begin({
    request,
    style: networkStyle,
    operation: 'network/interface',
    resource: found.id,
    name: 'PutNicOperation',
    region: found.location,
    effect: describe(found, before, wanted),
    seconds: world.between(...CHANGE_SECONDS),
    complete: () => {
      applied();
      return null;
    },
    abandon: () => networks.configure(found.id, before)(),
  });
  const body: Json = interfaceBody(networks.interface(found.id) ?? found);
  return { ...begun, body };
}

function describe(
  found: SimulatedInterface,
  before: readonly IpConfiguration[],
  wanted: readonly IpConfiguration[],
): string {
  const attached = (configurations: readonly IpConfiguration[]): string =>
    configurations
      .map(
        ({ name, publicAddressId }) => `${name}: ${publicAddressId?.split('/').at(-1) ?? 'none'}`,
      )
      .join(', ');
  return `interface ${found.id.split('/').at(-1) ?? ''} in ${found.location} from (${attached(before)}) to (${attached(wanted)})`;
}

function findInterface(networks: Networks, request: WireRequest): SimulatedInterface {
  const found = networks.interface(idOf(request, 'networkInterfaces'));
  if (found === null) throw missing(request, 'networkInterfaces');
  return found;
}

function missing({ params }: WireRequest, type: string): Refusal {
  return new Refusal(
    resourceNotFound(`Microsoft.Network/${type}/${params['name'] ?? ''}`, params['rg'] ?? ''),
  );
}

function groupOf({ params }: WireRequest): string {
  return canonicalId(`/subscriptions/${params['sub'] ?? ''}/resourceGroups/${params['rg'] ?? ''}`);
}

function idOf(request: WireRequest, type: string): string {
  return `${groupOf(request)}/providers/microsoft.network/${type}/${request.params['name'] ?? ''}`;
}
