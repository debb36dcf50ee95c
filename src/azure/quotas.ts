import type { ResourceSku } from '@azure/arm-compute';
import type { Parts } from './parts.ts';
import type { MachineSize, Quotas, Usage } from './readiness.ts';
import { all } from './read.ts';

/** As both providers have it on the wire. */
interface UsageOnWire {
  readonly name: { readonly value?: string; readonly localizedValue?: string };
  readonly currentValue: number;
  readonly limit: number;
}

export function createQuotas({ clients, read }: Pick<Parts, 'clients' | 'read'>): Quotas {
  return {
    compute: (subscription, region) =>
      read(`Read compute usage in ${region}`, async () => {
        const client = await clients.compute(subscription);
        return (await all(client.usage.list(region))).map(usageOf);
      }),
    network: (subscription, region) =>
      read(`Read network usage in ${region}`, async () => {
        const client = await clients.network(subscription);
        return (await all(client.usages.list(region))).map(usageOf);
      }),
    sizes: (subscription, region) =>
      read(`Read machine sizes of ${region}`, async () => {
        const client = await clients.compute(subscription);
        const filter = `location eq '${region}'`;
        const skus = await all(client.resourceSkus.list({ filter }));
        return skus.filter(({ resourceType }) => resourceType === 'virtualMachines').map(sizeOf);
      }),
  };
}

function usageOf({ name, currentValue, limit }: UsageOnWire): Usage {
  const value = name.value ?? '';
  return { name: value, label: name.localizedValue ?? value, used: currentValue, limit };
}

/** Restrictions that concern single zones leave the region usable. */
function sizeOf({ name, family, capabilities, restrictions }: ResourceSku): MachineSize {
  const cores = capabilities?.find((one) => one.name === 'vCPUs')?.value;
  return {
    name: name ?? '',
    family: family ?? '',
    cores: Number(cores ?? 0),
    restrictions: (restrictions ?? [])
      .filter(({ type }) => type !== 'Zone')
      .map(({ reasonCode }) => reasonCode ?? 'Restricted'),
  };
}
