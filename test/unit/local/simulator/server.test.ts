import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ComputeManagementClient } from '@azure/arm-compute';
import { SqlManagementClient } from '@azure/arm-sql';
import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { ManagedIdentityCredential } from '@azure/identity';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRealClock } from '../../../../local/clock/real.ts';
import { webSphereCafe } from '../../../../local/simulator/scenarios/websphere-cafe.ts';
import type { SimulatorServer } from '../../../../local/simulator/server.ts';
import { startSimulatorServer } from '../../../../local/simulator/server.ts';
import { createSimulator } from '../../../../local/simulator/simulator.ts';
import { SUBSCRIPTION, textWith } from './bench.ts';

let folder: string;
let server: SimulatorServer;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  server = await startSimulatorServer({
    folder,
    create: () =>
      createSimulator({ clock: createRealClock(), scenario: webSphereCafe(), speed: 100 }),
  });
  ca = await readFile(server.settings['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  vi.stubEnv('IDENTITY_ENDPOINT', server.settings['IDENTITY_ENDPOINT']);
  vi.stubEnv('IDENTITY_HEADER', server.settings['IDENTITY_HEADER']);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});

function client(): {
  endpoint: string;
  credentialScopes: string[];
  tlsOptions: { ca: string };
} {
  const endpoint = server.settings['AZURE_RESOURCE_MANAGER'] ?? '';
  return { endpoint, credentialScopes: [`${endpoint}/.default`], tlsOptions: { ca } };
}

async function control(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.controlUrl}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** As the app's probes do: through the proxy, by public name. */
async function browse(url: string): Promise<PipelineResponse> {
  const { hostname, port } = new URL(server.settings['SWITCHOVER_PROBE_PROXY'] ?? '');
  const pipeline = createPipelineFromOptions({
    proxyOptions: { host: `http://${hostname}`, port: Number(port) },
    retryOptions: { maxRetries: 0 },
  });
  const request = createPipelineRequest({
    url,
    allowInsecureConnection: true,
    timeout: 1000,
    requestOverrides: { ca },
  });
  return pipeline.sendRequest(createDefaultHttpClient(), request);
}

describe('Azure on sockets', () => {
  it('lets the SDK follow an operation to its end, with a managed identity over TLS', async () => {
    const compute = new ComputeManagementClient(
      new ManagedIdentityCredential(),
      SUBSCRIPTION,
      client(),
    );
    await compute.virtualMachines.deallocate('was-cluster-eastus', 'app3');
    const view = await compute.virtualMachines.instanceView('was-cluster-eastus', 'app3');
    expect(view.statuses?.at(-1)?.code).toBe('PowerState/deallocated');
  });

  it('leads the SDK from a failover to the group as the new primary sees it', async () => {
    const sql = new SqlManagementClient(new ManagedIdentityCredential(), SUBSCRIPTION, client());
    const group = await sql.failoverGroups.beginFailoverAndWait(
      'cafe-data',
      'sql-cafe-west',
      'failovergroup-cafe',
    );
    expect(group).toMatchObject({ replicationRole: 'Primary', location: 'West US' });
  });

  it('is trusted by a process that has the authority in NODE_EXTRA_CA_CERTS, and by no other', async () => {
    const url = `${server.settings['AZURE_RESOURCE_MANAGER'] ?? ''}/x`;
    const script = `fetch(${JSON.stringify(url)}).then((answer) => console.log(answer.status))`;
    const run = (env: NodeJS.ProcessEnv): Promise<{ stdout: string }> =>
      promisify(execFile)(process.execPath, ['-e', script], { env });
    const trusting = await run({ ...process.env, ...server.settings });
    expect(trusting.stdout.trim()).toBe('501');
    await expect(run({ ...process.env, NODE_EXTRA_CA_CERTS: '' })).rejects.toThrow(/certificate/i);
  });

  it('keeps its certificate from one start to the next', async () => {
    const again = await startSimulatorServer({ folder, create: () => server.simulator() });
    expect(await readFile(again.settings['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8')).toBe(ca);
    await again.close();
  });
});

describe('stopping', () => {
  it('cuts tunnels that are still open', async () => {
    const other = await startSimulatorServer({ folder, create: () => server.simulator() });
    const { port } = new URL(other.settings['SWITCHOVER_PROBE_PROXY'] ?? '');
    const tunnel = connect(Number(port), '127.0.0.1');
    tunnel.write('CONNECT dmgr-cafe.eastus.cloudapp.azure.com:9043 HTTP/1.1\r\n\r\n');
    await once(tunnel, 'data');
    const cut = once(tunnel, 'close');
    await other.close();
    await cut;
    expect(tunnel.destroyed).toBe(true);
  });
});

describe("the café's hosts through the proxy", () => {
  it('answer plain requests and, behind CONNECT, TLS', async () => {
    const page = await browse('http://websphere-cafe.trafficmanager.net/websphere-cafe/');
    expect(page).toMatchObject({ status: 200, bodyAsText: textWith('Coffee 1') });
    const logon = await browse(
      'https://dmgr-cafe.eastus.cloudapp.azure.com:9043/ibm/console/logon.jsp',
    );
    expect(logon.bodyAsText).toContain('Integrated Solutions Console');
  });

  it('break the connection for a name that does not exist', async () => {
    await expect(browse('http://nobody.example/')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the control API', () => {
  it('brings outages, which silence the hosts of a region, and ends them', async () => {
    expect(
      await (await control('POST', '/outages', { region: 'eastus', size: 'data' })).json(),
    ).toEqual({ eastus: 'data' });
    await expect(
      browse('http://ihs-cafe.eastus.cloudapp.azure.com/websphere-cafe/'),
    ).rejects.toMatchObject({ name: 'AbortError' });
    await control('POST', '/outages', { region: 'eastus', size: 'none' });
    const page = await browse('http://ihs-cafe.eastus.cloudapp.azure.com/websphere-cafe/');
    expect(page.status).toBe(200);
  });

  it('takes faults and denials, shows them, and forgets them at a reset', async () => {
    await control('POST', '/faults', { operation: 'sql/failover', kind: 'lose-reply' });
    await control('POST', '/permissions', { action: 'Microsoft.Sql/*' });
    const state: unknown = await (await control('GET', '/state')).json();
    expect(state).toMatchObject({
      faults: [{ operation: 'sql/failover', resource: '', kind: 'lose-reply', times: 1 }],
      denials: [{ action: 'Microsoft.Sql/*', scope: '' }],
    });
    const fresh: unknown = await (await control('POST', '/reset')).json();
    expect(fresh).toMatchObject({ faults: [], denials: [], cafe: { lost: 0 } });
    expect(await (await control('GET', '/journal')).json()).toEqual([]);
  });

  it.each([
    ['POST', '/outages', { region: 'eastus', size: 'huge' }, 400, /size/],
    ['POST', '/nonsense', {}, 404, /There is: POST \/control\/outages/],
  ])('explains what is wrong with %s %s', async (method, path, body, status, text) => {
    const answer = await control(method, path, body);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(text);
  });
});
