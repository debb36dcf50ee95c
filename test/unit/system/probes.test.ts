import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRealClock } from '../../../local/clock/real.ts';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from '../../../local/simulator/server.ts';
import type { SimulatorServer } from '../../../local/simulator/server.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { probe } from '../../../src/steps/probe.ts';
import type { ProbeAnswer, ProbeRequest } from '../../../src/steps/probe.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemProbes } from '../../../src/system/probes.ts';

const PAGE = 'http://websphere-cafe.trafficmanager.net/websphere-cafe/';
const CONSOLE = 'https://dmgr-cafe.eastus.cloudapp.azure.com:9043/ibm/console/logon.jsp';

let folder: string;
let cafe: SimulatorServer;
/** Where probes pass through, connections counted. */
let front: Server;
const seen: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'probes-'));
  cafe = await startSimulatorServer({
    folder,
    create: () => createSimulator({ clock: createRealClock(), scenario: webSphereCafe() }),
  });
  front = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end('from the proxy');
  });
  front.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url ?? ''}`);
    const onward = connect(Number(proxyOf(cafe).port), '127.0.0.1', () => {
      onward.write(`CONNECT ${request.url ?? ''} HTTP/1.1\r\n\r\n`);
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  front.on('connection', () => seen.push('connection'));
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
});

afterAll(async () => {
  await cafe.close();
  front.closeAllConnections();
  front.close();
  await rm(folder, { recursive: true });
});

function proxyOf({ settings }: SimulatorServer): URL {
  return new URL(settings['SWITCHOVER_PROBE_PROXY'] ?? '');
}

function frontUrl(): string {
  const address = front.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function ask(proxy: string | undefined, request: ProbeRequest): Promise<ProbeAnswer> {
  return probe({ http: systemProbes(proxy), clock: systemClock }, request);
}

describe('probes without a proxy', () => {
  it('open a connection each: one that was kept would lead to the old side', async () => {
    seen.splice(0);
    const http = systemProbes(undefined);
    for (const url of ['/one', '/two']) {
      await probe({ http, clock: systemClock }, { url: `${frontUrl()}${url}` });
    }
    expect(seen).toEqual(['connection', 'GET /one', 'connection', 'GET /two']);
  });
});

describe('probes through a proxy', () => {
  it.each([
    ['a public name', PAGE],
    ['an address on this machine', 'http://127.0.0.1:1/'],
  ])('ask it for %s in absolute form', async (_what, url) => {
    seen.splice(0);
    expect(await ask(frontUrl(), { url })).toMatchObject({ status: 200, body: 'from the proxy' });
    expect(seen).toEqual(['connection', `GET ${url}`]);
  });

  it('show the name and password of the proxy’s address', async () => {
    const guarded = createServer((request, response) => {
      response.end(
        Buffer.from(String(request.headers['proxy-authorization']?.split(' ')[1]), 'base64'),
      );
    }).listen(0, '127.0.0.1');
    await once(guarded, 'listening');
    const address = guarded.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = await ask(`http://probe:p%40ss@127.0.0.1:${port}`, { url: PAGE });
    guarded.closeAllConnections();
    guarded.close();
    expect(answer).toMatchObject({ status: 200, body: 'probe:p@ss' });
  });

  it('reach the simulated café by its public name', async () => {
    const answer = await ask(proxyOf(cafe).origin, { url: PAGE });
    expect(answer).toMatchObject({
      status: 200,
      body: expect.stringContaining('Coffee 1') as string,
    });
  });

  it.each([
    ['refuse a certificate of an unknown authority', false, null],
    ['take any certificate where the plan says so', true, 200],
  ])('%s, through a tunnel', async (_what, trustAnyCertificate, status) => {
    seen.splice(0);
    const answer = await ask(frontUrl(), { url: CONSOLE, trustAnyCertificate });
    expect(answer).toMatchObject(
      status === null
        ? { status, reason: expect.stringMatching(/certificate/) as string }
        : { status, body: expect.stringContaining('Integrated Solutions Console') as string },
    );
    expect(seen).toEqual(['connection', 'CONNECT dmgr-cafe.eastus.cloudapp.azure.com:9043']);
  });

  it('take no answer in time for an answer', async () => {
    cafe.simulator().control.outage('eastus', 'data');
    const url = 'https://ihs-cafe.eastus.cloudapp.azure.com/';
    const answer = await ask(proxyOf(cafe).origin, {
      url,
      trustAnyCertificate: true,
      timeoutSeconds: 0.2,
    });
    expect(answer).toEqual({ status: null, reason: 'no answer within 0.2 s' });
  });
});
