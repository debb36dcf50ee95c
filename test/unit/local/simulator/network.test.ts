import { NetworkManagementClient } from '@azure/arm-network';
import { describe, expect, it } from 'vitest';
import type { Bench, Sent } from './bench.ts';
import { EAST, onBench, SUBSCRIPTION } from './bench.ts';

const GROUP = 'was-cluster-eastus';
const NIC = `${EAST}/Microsoft.Network/networkInterfaces/ihs-nic`;
const ADDRESS = `${EAST}/Microsoft.Network/publicIPAddresses/ihs-ip`;
const SITE = 'http://ihs-cafe.eastus.cloudapp.azure.com/websphere-cafe/';

function network({ credential, client }: Bench): NetworkManagementClient {
  return new NetworkManagementClient(credential, SUBSCRIPTION, client);
}

function put(
  { send }: Bench,
  publicAddress: string | null,
  options: { nic?: string; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const publicIPAddress = publicAddress === null ? {} : { publicIPAddress: { id: publicAddress } };
  const body = {
    properties: { ipConfigurations: [{ name: 'ipconfig1', properties: publicIPAddress }] },
  };
  return send('PUT', options.nic ?? NIC, {
    body,
    ...(options.headers && { headers: options.headers }),
  });
}

describe('networks, through the SDK', () => {
  it(
    'an address knows its name and the configuration that holds it',
    onBench({}, async (bench) => {
      expect(await network(bench).publicIPAddresses.get(GROUP, 'ihs-ip')).toMatchObject({
        ipAddress: '192.0.2.11',
        dnsSettings: { fqdn: 'ihs-cafe.eastus.cloudapp.azure.com' },
        ipConfiguration: { id: `${NIC}/ipConfigurations/ipconfig1` },
      });
      const west = await network(bench).publicIPAddresses.get('was-cluster-westus', 'ihs-ip');
      expect(west.ipConfiguration).toBeUndefined();
    }),
  );

  it(
    'a group lists its interfaces, each with its machine',
    onBench({}, async (bench) => {
      const found: (string | undefined)[] = [];
      for await (const { virtualMachine } of network(bench).networkInterfaces.list(GROUP)) {
        found.push(virtualMachine?.id?.split('/').at(-1));
      }
      expect(found).toEqual(['dmgr', 'ihs', 'app1', 'app2', 'app3']);
    }),
  );
});

describe('changing an interface', () => {
  it(
    'is announced with the updating interface, and done when the poll says so',
    onBench({}, async (bench) => {
      const changed = await put(bench, null);
      expect(changed).toMatchObject({
        status: 200,
        body: { id: NIC, properties: { provisioningState: 'Updating' } },
      });
      const poll = changed.headers.get('azure-asyncoperation') ?? '';
      expect(poll).toContain(
        `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/locations/eastus/operations/`,
      );
      const running = await bench.send('GET', poll);
      expect(running.body).toEqual({ status: 'InProgress' });
      expect(running.headers.get('retry-after')).toBe('10');
      await bench.wait(13);
      expect((await bench.send('GET', poll)).body).toEqual({ status: 'Succeeded' });
      expect(await network(bench).networkInterfaces.get(GROUP, 'ihs-nic')).toMatchObject({
        provisioningState: 'Succeeded',
      });
    }),
  );

  it(
    'moves packets only once it is done',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const answers = async (): Promise<boolean> =>
        bench.send('GET', SITE, { timeout: 100, version: null }).then(
          () => true,
          () => false,
        );
      await put(bench, null);
      expect(await answers()).toBe(true);
      await bench.wait(13);
      expect(await answers()).toBe(false);
      await put(bench, ADDRESS);
      await bench.wait(13);
      expect(await answers()).toBe(true);
    }),
  );

  it(
    'needs the present ETag when one is given',
    onBench({}, async (bench) => {
      const { headers } = await bench.send('GET', NIC);
      const etag = headers.get('etag') ?? '';
      expect((await put(bench, null, { headers: { 'If-Match': etag } })).status).toBe(200);
      await bench.wait(13);
      expect(await put(bench, ADDRESS, { headers: { 'If-Match': etag } })).toMatchObject({
        status: 412,
        body: { error: { code: 'PreconditionFailed' } },
      });
      expect((await put(bench, ADDRESS, { headers: { 'If-Match': '*' } })).status).toBe(200);
    }),
  );

  it(
    'is refused as retryable while another change is under way',
    onBench({}, async (bench) => {
      await put(bench, null);
      expect(await put(bench, ADDRESS)).toMatchObject({
        status: 429,
        body: { error: { code: 'RetryableErrorDueToAnotherOperation' } },
      });
    }),
  );

  const addresses = `${EAST}/Microsoft.Network/publicIPAddresses`;
  it.each([
    ['an address that another interface holds', `${addresses}/dmgr-ip`, 'PublicIPAddressInUse'],
    ['an address that does not exist', `${addresses}/nobody-ip`, 'InvalidResourceReference'],
    [
      'an address of another region',
      ADDRESS.replace('eastus', 'westus'),
      'InvalidResourceReference',
    ],
  ])('refuses %s', async (_name, address, code) => {
    await onBench({}, async (bench) => {
      expect(await put(bench, address)).toMatchObject({ status: 400, body: { error: { code } } });
      expect(bench.simulator.journal.mutations()).toEqual([]);
    })();
  });

  it(
    'a failed change leaves the interface as it was',
    onBench({}, async (bench) => {
      bench.simulator.control.fault({
        operation: 'network/interface',
        resource: '',
        kind: 'fail-operation',
        times: 1,
      });
      const { headers } = await put(bench, null);
      await bench.wait(13);
      const poll = await bench.send('GET', headers.get('azure-asyncoperation') ?? '');
      expect(poll.body).toMatchObject({ status: 'Failed', error: { code: 'InternalServerError' } });
      expect(bench.simulator.networks.holder(ADDRESS)?.interface.id).toBe(NIC);
    }),
  );
});
