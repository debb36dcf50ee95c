import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRealClock } from '../../../local/clock/real.ts';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer, type SimulatorServer } from '../../../local/simulator/server.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import type { AzureAccess } from '../../../src/azure/access.ts';
import { createAzureAccess } from '../../../src/azure/create.ts';
import { follow, MACHINE } from './bench.ts';

const never = new AbortController().signal;
const clock = createRealClock();

let folder: string;
let server: SimulatorServer;
let authority: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azure-contract-'));
  const scenario = webSphereCafe({ clientSeconds: 0 });
  server = await startSimulatorServer({
    folder,
    create: () => createSimulator({ clock, scenario, speed: 100 }),
  });
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) {
    vi.stubEnv(name, server.settings[name]);
  }
  authority = await readFile(server.settings['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(folder, { recursive: true });
});

/** Node's own client, as production has it; it may be told to trust the simulator's authority. */
function access(endpoint: string, ca?: string): AzureAccess {
  const http = createDefaultHttpClient();
  const trusting: HttpClient = {
    sendRequest: (request) => http.sendRequest({ ...request, requestOverrides: { ca } }),
  };
  return createAzureAccess({
    settings: { AZURE_RESOURCE_MANAGER: endpoint },
    http: ca === undefined ? http : trusting,
    clock,
    random: Math.random,
    log: () => undefined,
  });
}

async function closedPort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

describe('Azure over sockets, with the managed identity', () => {
  it('reads, changes and follows', async () => {
    const azure = access(server.settings['AZURE_RESOURCE_MANAGER'] ?? '', authority);
    expect(await azure.machines.get(MACHINE)).toMatchObject({ power: 'running' });
    const { end } = await follow({ azure, clock }, await azure.machines.deallocate(MACHINE, never));
    expect(end).toMatchObject({ is: 'succeeded' });
    expect(await azure.machines.get(MACHINE)).toMatchObject({ power: 'deallocated' });
    expect(await azure.machines.get(`${MACHINE}-none`)).toBeNull();
  });

  it('a certificate of nobody known: nothing is sent, nothing is repeated', async () => {
    const azure = access(server.settings['AZURE_RESOURCE_MANAGER'] ?? '');
    const wanted = {
      effect: 'refused',
      transient: false,
      message: expect.stringContaining('not to be trusted') as string,
    };
    await expect(azure.machines.start(MACHINE, never)).rejects.toMatchObject(wanted);
    await expect(azure.machines.get(MACHINE)).rejects.toMatchObject(wanted);
  });

  it('nobody listens: nothing was sent', async () => {
    const azure = access(`https://127.0.0.1:${await closedPort()}`);
    await expect(azure.machines.start(MACHINE, never)).rejects.toMatchObject({
      effect: 'refused',
      transient: true,
      code: 'ECONNREFUSED',
    });
  });

  it('the connection ends before an answer: the change may have been made', async () => {
    const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
    rude.listen(0, '127.0.0.1');
    await once(rude, 'listening');
    const { port } = rude.address() as AddressInfo;
    const azure = access(`https://127.0.0.1:${port}`);
    await expect(azure.machines.start(MACHINE, never)).rejects.toMatchObject({ effect: 'lost' });
    rude.close();
  });
});
