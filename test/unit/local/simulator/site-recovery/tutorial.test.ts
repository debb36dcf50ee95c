import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { expect, it } from 'vitest';
import type { Bench } from '../bench.ts';
import { onBench, ROOT, SQL } from '../bench.ts';
import { EAST_GROUP, failoverPlanBody, PLAN, post, untilDone, WEST_GROUP } from './vault.ts';

const NAME = 'websphere-cafe.trafficmanager.net';
const PROFILE = `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`;

async function attachAddresses(bench: Bench): Promise<void> {
  for (const role of ['dmgr', 'ihs']) {
    const card = bench.simulator.networks
      .interfacesInGroup(WEST_GROUP)
      .find(({ machineId }) => machineId?.endsWith(`/${role}`));
    const id = `${WEST_GROUP}/providers/Microsoft.Network/publicIPAddresses/${role}-ip`;
    const configuration = { name: 'ipconfig1', properties: { publicIPAddress: { id } } };
    const { status } = await bench.send('PUT', card?.id ?? '', {
      body: { properties: { ipConfigurations: [configuration] } },
    });
    expect(status).toBe(200);
  }
  await bench.wait(30);
}

async function order({ http }: Bench, name: string): Promise<number> {
  const request = createPipelineRequest({
    url: `http://${NAME}/websphere-cafe/rest/coffees`,
    method: 'POST',
    allowInsecureConnection: true,
    headers: createHttpHeaders({ 'content-type': 'application/json' }),
    body: JSON.stringify({ name, price: 10 }),
  });
  return (await http.sendRequest(request)).status;
}

it(
  'the published procedure brings the café back in the other region, and Traffic Manager moves by itself',
  onBench({ control: 'automatic', clientSeconds: 0 }, async (bench) => {
    const { traffic, dns, control } = bench.simulator;
    await bench.wait(600);
    control.outage('eastus', 'control');
    const died = bench.clock.now();
    await bench.wait(60);
    const group = `${SQL}/sql-cafe-west/failoverGroups/failovergroup-cafe`;
    await untilDone(bench, await post(bench, `${group}/forceFailoverAllowDataLoss`));
    await untilDone(
      bench,
      await post(bench, `${PLAN}/unplannedFailover`, failoverPlanBody('Required')),
    );
    await bench.wait(120);
    // Without the addresses nothing answers.
    expect(traffic.profile(PROFILE)?.endpoints.map(({ monitor }) => monitor)).toEqual([
      'Degraded',
      'Degraded',
    ]);
    await attachAddresses(bench);
    await bench.wait(30);
    expect(traffic.served(PROFILE)).toBe('myFailoverEndpoint');
    expect(traffic.profile(PROFILE)?.endpoints.map(({ monitor }) => monitor)).toEqual([
      'Degraded',
      'Online',
    ]);
    expect(await dns.alias(NAME)).toBe('ihs-cafe.westus.cloudapp.azure.com');
    expect(await order(bench, 'after the failover')).toBe(201);
    await untilDone(bench, await post(bench, `${PLAN}/failoverCommit`));
    // The tutorial saw about ten minutes for five machines; ours are bound by the recorded durations.
    expect((bench.clock.now() - died) / 60_000).toBeLessThan(15);
    expect(bench.simulator.machines.inGroup(EAST_GROUP)).toHaveLength(5);
  }),
);
