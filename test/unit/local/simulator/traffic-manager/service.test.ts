import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../bench.ts';
import { onBench, ROOT, START, SUBSCRIPTION } from '../bench.ts';

const GROUP = 'cafe-traffic';
const PROFILE = 'websphere-cafe';
const PROFILE_ID = `${ROOT}/${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/${PROFILE}`;
const EAST_IHS = `${ROOT}/was-cluster-eastus/providers/Microsoft.Network/publicIPAddresses/ihs-ip`;
const NAME = 'websphere-cafe.trafficmanager.net';

function clientOf({ credential, client }: Bench): TrafficManagerManagementClient {
  return new TrafficManagerManagementClient(credential, SUBSCRIPTION, client);
}

async function setEndpoint(bench: Bench, name: string, endpointStatus: string): Promise<void> {
  const { endpoints } = clientOf(bench);
  const before = await endpoints.get(GROUP, PROFILE, 'AzureEndpoints', name);
  await endpoints.createOrUpdate(GROUP, PROFILE, 'AzureEndpoints', name, {
    ...before,
    endpointStatus,
  });
}

async function monitors(bench: Bench): Promise<readonly string[]> {
  const { endpoints, monitorConfig } = await clientOf(bench).profiles.get(GROUP, PROFILE);
  const statuses = (endpoints ?? []).map(
    ({ endpointMonitorStatus }) => endpointMonitorStatus ?? '',
  );
  return [monitorConfig?.profileMonitorStatus ?? '', ...statuses];
}

describe('a Traffic Manager profile, through the SDK', () => {
  it(
    'shows what was recorded',
    onBench({}, async (bench) => {
      expect(await clientOf(bench).profiles.get(GROUP, PROFILE)).toMatchObject({
        id: PROFILE_ID,
        name: PROFILE,
        type: 'Microsoft.Network/trafficManagerProfiles',
        location: 'global',
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        trafficViewEnrollmentStatus: 'Disabled',
        dnsConfig: { relativeName: 'websphere-cafe', fqdn: NAME, ttl: 10 },
        monitorConfig: {
          profileMonitorStatus: 'Online',
          protocol: 'HTTP',
          port: 80,
          path: '/websphere-cafe/',
          intervalInSeconds: 10,
          timeoutInSeconds: 5,
          toleratedNumberOfFailures: 3,
        },
        endpoints: [
          {
            id: `${PROFILE_ID}/azureEndpoints/myPrimaryEndpoint`,
            type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
            targetResourceId: EAST_IHS,
            target: 'ihs-cafe.eastus.cloudapp.azure.com',
            endpointStatus: 'Enabled',
            endpointMonitorStatus: 'Online',
            priority: 1,
          },
          { endpointStatus: 'Disabled', endpointMonitorStatus: 'Disabled', priority: 2 },
        ],
      });
    }),
  );

  it(
    'has no monitor status in a list',
    onBench({}, async (bench) => {
      for await (const profile of clientOf(bench).profiles.listByResourceGroup(GROUP)) {
        expect(profile.monitorConfig?.profileMonitorStatus ?? null).toBeNull();
      }
      const listed = await bench.send('GET', PROFILE_ID.replace(`/${PROFILE}`, ''));
      expect(JSON.stringify(listed.body)).toContain('"profileMonitorStatus":null');
    }),
  );

  it(
    'answers 201 to an endpoint PUT whether it creates or changes, without ETag and without waiting',
    onBench({}, async ({ send }) => {
      const path = `${PROFILE_ID}/externalEndpoints/third`;
      const body = { properties: { target: 'third.example', endpointStatus: 'Enabled' } };
      for (const round of ['created', 'changed']) {
        const { status, headers, body: answer } = await send('PUT', path, { body });
        expect({ round, status }).toEqual({ round, status: 201 });
        expect(headers.has('etag') || headers.has('azure-asyncoperation')).toBe(false);
        expect(answer).toMatchObject({ properties: { priority: 3, endpointLocation: null } });
      }
    }),
  );

  it(
    'answers 201 to a new profile and 200 to a changed one, and is inactive without endpoints',
    onBench({}, async ({ send }) => {
      const body = {
        location: 'global',
        properties: {
          trafficRoutingMethod: 'Priority',
          dnsConfig: { relativeName: 'other' },
          monitorConfig: { protocol: 'HTTP', port: 80, path: '/' },
        },
      };
      const path = PROFILE_ID.replace(PROFILE, 'other');
      const created = await send('PUT', path, { body });
      expect(created.status).toBe(201);
      expect(created.body).toMatchObject({
        properties: {
          dnsConfig: { fqdn: 'other.trafficmanager.net' },
          monitorConfig: {
            profileMonitorStatus: 'Inactive',
            intervalInSeconds: 30,
            toleratedNumberOfFailures: 3,
            timeoutInSeconds: 10,
          },
        },
      });
      expect((await send('PUT', path, { body })).status).toBe(200);
    }),
  );

  it.each([
    ['a priority twice', { targetResourceId: EAST_IHS, priority: 1 }],
    ['a priority out of range', { targetResourceId: EAST_IHS, priority: 1001 }],
    ['a target that does not exist', { targetResourceId: `${EAST_IHS}x` }],
    ['no target', {}],
    ['a status that is none', { targetResourceId: EAST_IHS, endpointStatus: 'On' }],
  ])('refuses %s', (_what, properties) =>
    onBench({}, async ({ send, simulator }) => {
      const { status, body } = await send('PUT', `${PROFILE_ID}/azureEndpoints/third`, {
        body: { properties },
      });
      expect(status).toBe(400);
      expect(body).toMatchObject({ error: { code: 'BadRequest' } });
      expect(simulator.journal.mutations()).toEqual([]);
    })(),
  );

  it(
    'merges a PATCH into what is there',
    onBench({}, async (bench) => {
      const { endpoints, profiles } = clientOf(bench);
      const changed = await endpoints.update(
        GROUP,
        PROFILE,
        'AzureEndpoints',
        'myFailoverEndpoint',
        {
          endpointStatus: 'Enabled',
        },
      );
      expect(changed).toMatchObject({ endpointStatus: 'Enabled', priority: 2 });
      const profile = await profiles.update(GROUP, PROFILE, { dnsConfig: { ttl: 20 } });
      expect(profile).toMatchObject({
        dnsConfig: { ttl: 20, relativeName: 'websphere-cafe' },
        endpoints: [{ name: 'myPrimaryEndpoint' }, { name: 'myFailoverEndpoint' }],
      });
    }),
  );

  it(
    'forgets an endpoint that is deleted',
    onBench({}, async (bench) => {
      const { endpoints } = clientOf(bench);
      await endpoints.delete(GROUP, PROFILE, 'AzureEndpoints', 'myFailoverEndpoint');
      await expect(
        endpoints.get(GROUP, PROFILE, 'AzureEndpoints', 'myFailoverEndpoint'),
      ).rejects.toMatchObject({ statusCode: 404, code: 'ResourceNotFound' });
      expect(await monitors(bench)).toEqual(['Online', 'Online']);
    }),
  );
});

describe('probing', () => {
  it(
    'notices a dead endpoint after its tolerated failures, within the time that the documentation gives',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await bench.wait(60);
      bench.simulator.control.outage('eastus', 'data');
      const died = bench.clock.now();
      await bench.wait(120);
      const { traffic } = bench.simulator;
      const change = traffic.history().find(({ monitor }) => monitor === 'Degraded');
      const seconds = (Date.parse(change?.at ?? '') - died) / 1000;
      // Between tolerated × interval + timeout and (tolerated + 1) × interval + timeout.
      expect(seconds).toBeGreaterThanOrEqual(35);
      expect(seconds).toBeLessThanOrEqual(45);
      expect(await monitors(bench)).toEqual(['Degraded', 'Degraded', 'Disabled']);
    }),
  );

  it(
    'takes one success to bring an endpoint back',
    onBench({ clientSeconds: 0 }, async (bench) => {
      bench.simulator.control.outage('eastus', 'application');
      await bench.wait(60);
      expect(await monitors(bench)).toEqual(['Degraded', 'Degraded', 'Disabled']);
      bench.simulator.control.outage('eastus', 'none');
      await bench.wait(10);
      expect(await monitors(bench)).toEqual(['Online', 'Online', 'Disabled']);
    }),
  );

  it(
    'starts anew for an endpoint that is enabled, which is served meanwhile',
    onBench({ clientSeconds: 0 }, async (bench) => {
      await setEndpoint(bench, 'myPrimaryEndpoint', 'Disabled');
      await setEndpoint(bench, 'myFailoverEndpoint', 'Enabled');
      expect(await monitors(bench)).toEqual(['CheckingEndpoints', 'Disabled', 'CheckingEndpoint']);
      expect(bench.simulator.traffic.served(PROFILE_ID)).toBe('myFailoverEndpoint');
      await bench.wait(60);
      expect(await monitors(bench)).toEqual(['Degraded', 'Disabled', 'Degraded']);
      expect(bench.simulator.traffic.served(PROFILE_ID)).toBe('myFailoverEndpoint');
    }),
  );

  it(
    'forgives failures that a success interrupts',
    onBench({ clientSeconds: 0 }, async (bench) => {
      for (let spell = 0; spell < 4; spell += 1) {
        bench.simulator.control.outage('eastus', 'application');
        await bench.wait(30);
        bench.simulator.control.outage('eastus', 'none');
        await bench.wait(10);
      }
      expect(bench.simulator.traffic.history().map(({ monitor }) => monitor)).not.toContain(
        'Degraded',
      );
    }),
  );

  // The last failure that is too many falls between these: one of them disables it with that probe under way.
  it.each([30, 32, 34, 36, 38])(
    'stops for an endpoint that is disabled %i s after it died, even for a probe under way',
    (seconds) =>
      onBench({ clientSeconds: 0 }, async (bench) => {
        bench.simulator.control.outage('eastus', 'data');
        await bench.wait(seconds);
        await setEndpoint(bench, 'myPrimaryEndpoint', 'Disabled');
        const disabled = bench.clock.now();
        await bench.wait(600);
        expect(await monitors(bench)).toEqual(['Inactive', 'Disabled', 'Disabled']);
        const later = bench.simulator.traffic
          .history()
          .filter(({ at }) => Date.parse(at) > disabled);
        expect(later).toEqual([]);
      })(),
  );

  it(
    'finds both endpoints of the published profile as the tutorial saw them at rest',
    onBench({ control: 'automatic', clientSeconds: 0 }, async (bench) => {
      expect(await monitors(bench)).toEqual(['Degraded', 'Online', 'Degraded']);
      expect(bench.clock.now() - START).toBeLessThan(1000);
      await bench.wait(600);
      expect(await monitors(bench)).toEqual(['Degraded', 'Online', 'Degraded']);
    }),
  );
});
