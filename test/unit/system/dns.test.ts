import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRealClock } from '../../../local/clock/real.ts';
import { startDnsServers } from '../../../local/simulator/dns/server.ts';
import type { DnsServers } from '../../../local/simulator/dns/server.ts';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { systemDns } from '../../../src/system/dns.ts';

const NAME = 'websphere-cafe.trafficmanager.net';
const EAST = 'ihs-cafe.eastus.cloudapp.azure.com';

let servers: DnsServers;

beforeAll(async () => {
  const simulator = createSimulator({ clock: createRealClock(), scenario: webSphereCafe() });
  servers = await startDnsServers(simulator.dns);
});

afterAll(() => servers.close());

it('asks the name server that is named, with its port', async () => {
  const dns = systemDns(undefined);
  const server = servers.addresses['public-1'];
  expect(await dns.alias(NAME, server)).toBe(EAST);
  expect(await dns.resolve(NAME, server)).toEqual(['192.0.2.11']);
});

it('asks the configured one when none is named', async () => {
  const dns = systemDns(servers.addresses['public-2']);
  expect(await dns.alias(NAME)).toBe(EAST);
  expect(await dns.resolve(NAME)).toEqual(['192.0.2.11']);
});

it.each(['nothing.example', 'nothing.trafficmanager.net'])(
  'has no answer for %s, which is no trouble',
  async (name) => {
    const dns = systemDns(servers.addresses['public-1']);
    expect([await dns.resolve(name), await dns.alias(name)]).toEqual([[], null]);
  },
);

it('takes a name that is no alias for one that has an address only', async () => {
  expect(await systemDns(servers.addresses['public-1']).alias(EAST)).toBeNull();
});

it('rejects when the server does not answer, so that silence is not taken for "no such name"', async () => {
  await expect(systemDns('127.0.0.1:1').resolve(NAME)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

it('rejects, and does not throw, when the server is no address', async () => {
  await expect(systemDns(undefined).resolve(NAME, 'ns1.example')).rejects.toMatchObject({
    code: 'ERR_INVALID_IP_ADDRESS',
  });
});
