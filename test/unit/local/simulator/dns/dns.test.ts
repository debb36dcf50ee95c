import { describe, expect, it } from 'vitest';
import type { Bench } from '../bench.ts';
import { onBench, ROOT } from '../bench.ts';

const NAME = 'websphere-cafe.trafficmanager.net';
const PROFILE = `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`;
const EAST = 'ihs-cafe.eastus.cloudapp.azure.com';
const WEST = 'ihs-cafe.westus.cloudapp.azure.com';

async function enable({ send }: Bench, site: 'east' | 'west', enabled: boolean): Promise<void> {
  const name = site === 'east' ? 'myPrimaryEndpoint' : 'myFailoverEndpoint';
  const targetResourceId = `${ROOT}/was-cluster-${site}us/providers/Microsoft.Network/publicIPAddresses/ihs-ip`;
  const endpointStatus = enabled ? 'Enabled' : 'Disabled';
  const priority = site === 'east' ? 1 : 2;
  const { status } = await send('PUT', `${PROFILE}/azureEndpoints/${name}`, {
    body: { properties: { targetResourceId, endpointStatus, priority } },
  });
  expect(status).toBe(201);
}

async function move(bench: Bench): Promise<void> {
  await enable(bench, 'west', true);
  await enable(bench, 'east', false);
}

describe('the simulated names', () => {
  it(
    'lead from the profile over the endpoint to its address, each with its time to live',
    onBench({}, async ({ simulator: { dns } }) => {
      expect(dns.answer(NAME, 'authoritative')).toEqual({
        rcode: 'NOERROR',
        records: [
          { type: 'CNAME', name: NAME, ttl: 10, data: EAST },
          { type: 'A', name: EAST, ttl: 10, data: '192.0.2.11' },
        ],
      });
      expect(await dns.resolve(NAME)).toEqual(['192.0.2.11']);
      expect(await dns.alias(NAME, 'authoritative')).toBe(EAST);
      expect(await dns.resolve(EAST, 'public-2')).toEqual(['192.0.2.11']);
      expect(await dns.alias(EAST)).toBeNull();
    }),
  );

  it(
    'are found whatever their case and with the dot of the root',
    onBench({}, async ({ simulator: { dns } }) => {
      expect(await dns.resolve('WebSphere-Cafe.TrafficManager.NET.')).toEqual(['192.0.2.11']);
    }),
  );

  it(
    'have no data while no endpoint is enabled, and do not exist while the profile is disabled',
    onBench({}, async (bench) => {
      const { dns } = bench.simulator;
      await enable(bench, 'east', false);
      expect(dns.answer(NAME, 'authoritative')).toEqual({ rcode: 'NOERROR', records: [] });
      expect(await dns.resolve(NAME, 'authoritative')).toEqual([]);
      const { body } = await bench.send('GET', PROFILE);
      const disabled = JSON.parse(
        JSON.stringify(body).replace('"profileStatus":"Enabled"', '"profileStatus":"Disabled"'),
      ) as unknown;
      await bench.send('PUT', PROFILE, { body: disabled });
      expect(dns.answer(NAME, 'authoritative')).toEqual({ rcode: 'NXDOMAIN', records: [] });
    }),
  );

  it.each(['nothing.example', 'other.trafficmanager.net', 'x.eastus.cloudapp.azure.com'])(
    'do not include %s',
    (name) =>
      onBench({}, async ({ simulator: { dns } }) => {
        expect(dns.answer(name, 'authoritative').rcode).toBe('NXDOMAIN');
        expect(await dns.resolve(name)).toEqual([]);
        expect(await dns.alias(name)).toBeNull();
      })(),
  );
});

describe('a public resolver', () => {
  it(
    'gives the old answer until its time to live has passed',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { dns } = bench.simulator;
      expect(await dns.alias(NAME, 'public-1')).toBe(EAST);
      await bench.wait(4);
      await move(bench);
      expect(await dns.alias(NAME, 'authoritative')).toBe(WEST);
      expect(dns.answer(NAME, 'public-1').records[0]).toMatchObject({ data: EAST, ttl: 6 });
      await bench.wait(6);
      expect(await dns.alias(NAME, 'public-1')).toBe(WEST);
    }),
  );

  it(
    'keeps a cache of its own',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { dns } = bench.simulator;
      await dns.resolve(NAME, 'public-1');
      await move(bench);
      expect(await dns.alias(NAME, '1.1.1.1')).toBe(EAST);
      expect(await dns.alias(NAME, '8.8.8.8:53')).toBe(WEST);
    }),
  );

  it(
    'remembers for half a minute that there was nothing',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { dns } = bench.simulator;
      await enable(bench, 'east', false);
      expect(await dns.resolve(NAME)).toEqual([]);
      await enable(bench, 'east', true);
      await bench.wait(28);
      expect(await dns.resolve(NAME)).toEqual([]);
      await bench.wait(3);
      expect(await dns.resolve(NAME)).toEqual(['192.0.2.11']);
    }),
  );

  it(
    'holds an answer that ran out when the fault says so, as many times its life',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { dns, control } = bench.simulator;
      await dns.resolve(NAME, 'public-1');
      control.fault({
        operation: 'dns/stale',
        resource: 'websphere-cafe',
        kind: 'slow-operation',
        times: 1,
        factor: 6,
      });
      await move(bench);
      await bench.wait(20);
      expect(await dns.alias(NAME, 'public-1')).toBe(EAST);
      await bench.wait(58);
      expect(await dns.alias(NAME, 'public-1')).toBe(EAST);
      await bench.wait(3);
      expect(await dns.alias(NAME, 'public-1')).toBe(WEST);
    }),
  );
});

describe('a name server in trouble', () => {
  it(
    'is slow',
    onBench({}, async ({ simulator: { dns, control }, clock }) => {
      control.fault({
        operation: 'dns/resolve',
        resource: '',
        kind: 'slow-operation',
        times: 1,
        factor: 100,
      });
      const before = clock.now();
      expect(await dns.resolve(NAME)).toEqual(['192.0.2.11']);
      expect(clock.now() - before).toBeGreaterThanOrEqual(500);
    }),
  );

  it.each([
    { kind: 'stuck-operation', code: 'ETIMEOUT' },
    { kind: 'fail-before', code: 'ECONNREFUSED' },
  ] as const)('does not answer: $code', ({ kind, code }) =>
    onBench({}, async ({ simulator: { dns, control } }) => {
      control.fault({ operation: 'dns/resolve', resource: NAME, kind, times: 1 });
      await expect(dns.resolve(NAME)).rejects.toMatchObject({ code });
      expect(await dns.resolve(NAME)).toEqual(['192.0.2.11']);
    })(),
  );

  it(
    'is named when it does not exist',
    onBench({}, async ({ simulator: { dns } }) => {
      await expect(dns.resolve(NAME, '9.9.9.9')).rejects.toThrow(/no name server 9\.9\.9\.9/);
    }),
  );
});
