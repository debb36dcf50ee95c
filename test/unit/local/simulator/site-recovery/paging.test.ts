import { expect, it } from 'vitest';
import { createRouter } from '../../../../../local/simulator/router.ts';
import { createSiteRecovery } from '../../../../../local/simulator/site-recovery/service.ts';
import { onBench } from '../bench.ts';
import { EAST_GROUP, machinePath, V, WEST_GROUP } from './vault.ts';

it(
  'a vault with more items than a page lists them page by page',
  onBench({}, async (bench) => {
    const { world, machines, networks } = bench.simulator;
    const seed = {
      id: V,
      region: 'westus',
      policy: 'policy',
      fabrics: ['east', 'west'].map((name) => ({ name, region: `${name}us`, container: 'c' })),
      items: ['m1', 'm2', 'm3'].map((name) => ({
        machineId: machinePath(EAST_GROUP, name),
        fromRegion: 'eastus',
        toRegion: 'westus',
        targetGroupId: WEST_GROUP,
        targetNetworkId: `${WEST_GROUP}/providers/Microsoft.Network/virtualNetworks/vnet`,
      })),
      plans: [],
    };
    const parts = { machines, networks, pageSize: 2, vaults: [seed] };
    const route = createRouter([createSiteRecovery(world, parts)]);
    const pages: unknown[] = [];
    let next = `https://management.azure.com${V}/replicationProtectedItems?api-version=2023-06-01`;
    while (next !== '') {
      const url = new URL(next);
      const match = route('GET', url.pathname, 'resource-manager');
      const answer = await match?.route.handle({
        method: 'GET',
        origin: url.origin,
        url,
        params: match.params,
        query: url.searchParams,
        headers: {},
        body: undefined,
      });
      const page = answer?.body as { value: { name: string }[]; nextLink: string | null };
      pages.push(page.value.map(({ name }) => name));
      next = page.nextLink ?? '';
    }
    expect(pages).toEqual([['m1-item', 'm2-item'], ['m3-item']]);
  }),
);
