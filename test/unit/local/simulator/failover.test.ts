import { expect, it } from 'vitest';
import type { Bench } from './bench.ts';
import { onBench, ROOT, SQL, WEST } from './bench.ts';

const VAULT = `${ROOT}/cafe-recovery/providers/Microsoft.RecoveryServices/vaults/cafe-vault`;
const PROFILE = `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`;

/** Polls as a client does, by Retry-After, until the operation is over. */
async function follow(
  { send, wait }: Bench,
  method: 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<void> {
  const { status, headers } = await send(method, path, { body });
  expect(status).toBeLessThan(300);
  const address = headers.get('azure-asyncoperation');
  for (let state = 'InProgress'; address !== undefined && state === 'InProgress';) {
    const poll = await send('GET', address);
    expect(poll.body).not.toMatchObject({ status: 'Failed' });
    state = JSON.stringify(poll.body).includes('"status":"Succeeded"') ? 'Succeeded' : 'InProgress';
    if (state === 'InProgress') await wait(Number(poll.headers.get('retry-after') ?? 10));
  }
}

async function attachAddresses(bench: Bench): Promise<void> {
  const { simulator } = bench;
  for (const role of ['dmgr', 'ihs']) {
    const restored = simulator.networks
      .interfacesInGroup(`${ROOT}/was-cluster-westus`)
      .find(({ id }) => id.split('/').at(-1)?.startsWith(role));
    const publicIPAddress = { id: `${WEST}/Microsoft.Network/publicIPAddresses/${role}-ip` };
    await follow(bench, 'PUT', restored?.id ?? '', {
      properties: { ipConfigurations: [{ name: 'ipconfig1', properties: { publicIPAddress } }] },
    });
  }
}

async function moveTraffic({ send }: Bench): Promise<void> {
  for (const [name, endpointStatus] of [
    ['myFailoverEndpoint', 'Enabled'],
    ['myPrimaryEndpoint', 'Disabled'],
  ]) {
    const path = `${PROFILE}/azureEndpoints/${name ?? ''}`;
    const { body } = await send('GET', path);
    const endpoint = JSON.parse(JSON.stringify(body)) as { properties: Record<string, unknown> };
    const changed = { ...endpoint, properties: { ...endpoint.properties, endpointStatus } };
    expect((await send('PUT', path, { body: changed })).status).toBe(201);
  }
}

it(
  'a dead region can be left through the wire alone, and the café serves from the other one with measured loss',
  onBench({ clientSeconds: 1 }, async (bench) => {
    const { simulator, send, wait } = bench;
    await wait(600);
    simulator.control.outage('eastus', 'data');
    await Promise.all([
      follow(
        bench,
        'POST',
        `${SQL}/sql-cafe-west/failoverGroups/failovergroup-cafe/forceFailoverAllowDataLoss`,
      ),
      follow(
        bench,
        'POST',
        `${VAULT}/replicationRecoveryPlans/recovery-plan-cafe/unplannedFailover`,
        {
          properties: {
            failoverDirection: 'PrimaryToRecovery',
            sourceSiteOperations: 'NotRequired',
            providerSpecificDetails: [{ instanceType: 'A2A', recoveryPointType: 'Latest' }],
          },
        },
      ),
    ]);
    const site = 'http://ihs-cafe.westus.cloudapp.azure.com/websphere-cafe/';
    await expect(send('GET', site, { version: null, timeout: 1000 })).rejects.toThrow();
    await attachAddresses(bench);
    await wait(60);
    expect((await send('GET', site, { version: null })).status).toBe(200);
    await moveTraffic(bench);
    await wait(30);
    const before = simulator.control.cafe();
    await wait(60);
    const after = simulator.control.cafe();
    expect((after.served['west'] ?? 0) - (before.served['west'] ?? 0)).toBe(60);
    expect(after.lost).toBeGreaterThan(0);
    expect(after.lost).toBeLessThanOrEqual(6);
    expect(after.firstFailureAt).toBe('2026-11-21T10:10:01.000Z');
    expect(simulator.journal.mutations().map(({ operation }) => operation)).toEqual([
      'sql/force-failover',
      'site-recovery/failover',
      'network/interface',
      'network/interface',
      expect.stringContaining('traffic-manager/'),
      expect.stringContaining('traffic-manager/'),
    ]);
  }),
);
