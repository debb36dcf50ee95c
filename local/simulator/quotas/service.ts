import type { Json } from '../../../src/core/json.ts';
import type { Machines } from '../compute/machines.ts';
import { MACHINE_SIZE } from '../compute/wire.ts';
import type { Networks } from '../network/addresses.ts';
import type { Service, WireRequest, WireResponse } from '../service.ts';
import type { Limits } from './limits.ts';

export interface QuotaParts {
  readonly machines: Machines;
  readonly networks: Networks;
  readonly limits: Limits;
}

const REGION = '/subscriptions/{sub}/providers';
const FAMILY = 'standardDSv3Family';
const CORES = 2;

/**
 * Usages of a region. Limits are told, not enforced: nothing that is simulated fails for lack of quota by itself (a
 * fault can make it).
 */
export function createQuotas(parts: QuotaParts): Service {
  const region = ({ params }: WireRequest): string => params['region'] ?? '';
  return {
    name: 'quotas',
    routes: [
      {
        method: 'GET',
        path: `${REGION}/Microsoft.Compute/locations/{region}/usages`,
        operation: 'quotas/compute',
        action: 'Microsoft.Compute/locations/usages/read',
        region,
        handle: (request) => computeUsages(parts, region(request)),
      },
      {
        method: 'GET',
        path: `${REGION}/Microsoft.Network/locations/{region}/usages`,
        operation: 'quotas/network',
        action: 'Microsoft.Network/locations/usages/read',
        region,
        handle: (request) => networkUsages(parts, region(request), request.params['sub'] ?? ''),
      },
      {
        method: 'GET',
        path: `${REGION}/Microsoft.Compute/skus`,
        operation: 'quotas/skus',
        action: 'Microsoft.Compute/skus/read',
        handle: ({ query }) => skus(query.get('$filter') ?? ''),
      },
    ],
  };
}

/** Machines count whether they are allocated or not. https://learn.microsoft.com/azure/virtual-machines/quotas */
function computeUsages({ machines, limits }: QuotaParts, region: string): WireResponse {
  const here = machines.all().filter(({ location }) => sameRegion(location, region)).length;
  const usage = (name: string, label: string, used: number, usual: number): Json => ({
    limit: limits.of(region, name, usual),
    unit: 'Count',
    currentValue: used,
    name: { value: name, localizedValue: label },
  });
  return {
    status: 200,
    body: {
      value: [
        usage('cores', 'Total Regional vCPUs', here * CORES, 100),
        usage('virtualMachines', 'Virtual Machines', here, 25_000),
        usage(FAMILY, 'Standard DSv3 Family vCPUs', here * CORES, 100),
      ],
    },
  };
}

function networkUsages(
  { networks, limits }: QuotaParts,
  region: string,
  sub: string,
): WireResponse {
  const here = networks.addresses().filter(({ location }) => sameRegion(location, region)).length;
  const interfaces = networks
    .interfaces()
    .filter(({ location }) => sameRegion(location, region)).length;
  const usage = (name: string, label: string, used: number, usual: number): Json => ({
    currentValue: used,
    id: `/subscriptions/${sub}/providers/Microsoft.Network/locations/${region}/usages/${name}`,
    limit: limits.of(region, name, usual),
    name: { localizedValue: label, value: name },
    unit: 'Count',
  });
  return {
    status: 200,
    body: {
      value: [
        usage('NetworkInterfaces', 'Network Interfaces', interfaces, 65_536),
        usage('PublicIPAddresses', 'Public IP Addresses', here, 1000),
        usage('StaticPublicIPAddresses', 'Static Public IP Addresses', here, 1000),
        usage('StandardSkuPublicIpAddresses', 'Public IP Addresses - Standard', here, 1000),
      ],
    },
  };
}

/** The one size that there is, and the disks' SKU that the real list has in between. */
function skus(filter: string): WireResponse {
  const region = /^location eq '([^']+)'$/.exec(filter)?.[1] ?? '';
  const common = { locations: [region], locationInfo: [{ location: region, zones: [] }] };
  return {
    status: 200,
    body: {
      value: [
        { resourceType: 'disks', name: 'Premium_LRS', tier: 'Premium', size: 'P10', ...common },
        {
          resourceType: 'virtualMachines',
          name: MACHINE_SIZE,
          tier: 'Standard',
          size: 'D2s_v3',
          family: FAMILY,
          ...common,
          capabilities: [
            { name: 'vCPUs', value: String(CORES) },
            { name: 'MemoryGB', value: '8' },
          ],
          restrictions: [],
        },
      ],
    },
  };
}

/** `East US` and `eastus`. */
function sameRegion(left: string, right: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
  return plain(left) === plain(right);
}
