import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import dnsPacket from 'dns-packet';
import type { DecodedPacket } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRealClock } from '../../../../../local/clock/real.ts';
import { startDnsServers } from '../../../../../local/simulator/dns/server.ts';
import type { DnsServers } from '../../../../../local/simulator/dns/server.ts';
import { webSphereCafe } from '../../../../../local/simulator/scenarios/websphere-cafe.ts';
import { createSimulator } from '../../../../../local/simulator/simulator.ts';
import type { Simulator } from '../../../../../local/simulator/simulator.ts';

const NAME = 'websphere-cafe.trafficmanager.net';
const EAST = 'ihs-cafe.eastus.cloudapp.azure.com';

let simulator: Simulator;
let servers: DnsServers;

beforeEach(async () => {
  simulator = createSimulator({ clock: createRealClock(), scenario: webSphereCafe() });
  servers = await startDnsServers(simulator.dns);
});

afterEach(() => servers.close());

function portOf(address: string): number {
  return Number(address.split(':')[1]);
}

function question(type: 'A' | 'AAAA' | 'CNAME', name: string): Buffer {
  return dnsPacket.encode({ type: 'query', id: 4711, questions: [{ type, name, class: 'IN' }] });
}

async function overUdp(address: string, message: Buffer): Promise<DecodedPacket> {
  const socket = createSocket('udp4');
  try {
    socket.send(message, portOf(address), '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return dnsPacket.decode(answer);
  } finally {
    socket.close();
  }
}

describe('the name servers on sockets', () => {
  it('answer the system’s own resolver', async () => {
    const resolver = new Resolver();
    resolver.setServers([servers.addresses['public-1']]);
    expect(await resolver.resolve4(NAME, { ttl: true })).toEqual([
      { address: '192.0.2.11', ttl: expect.any(Number) as number },
    ]);
    expect(await resolver.resolveCname(NAME)).toEqual([EAST]);
    await expect(resolver.resolve4('nothing.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve6(EAST)).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('say whether they have authority, and for how long nothing may be remembered', async () => {
    const { authoritative } = servers.addresses;
    const found = await overUdp(authoritative, question('A', NAME));
    expect(found).toMatchObject({
      id: 4711,
      rcode: 'NOERROR',
      flag_aa: true,
      answers: [
        { type: 'CNAME', name: NAME, data: EAST, ttl: 10 },
        { type: 'A', name: EAST, data: '192.0.2.11', ttl: 10 },
      ],
    });
    const missing = await overUdp(authoritative, question('A', 'other.trafficmanager.net'));
    expect(missing).toMatchObject({
      rcode: 'NXDOMAIN',
      answers: [],
      authorities: [{ type: 'SOA', name: 'trafficmanager.net', data: { minimum: 30 } }],
    });
    const cached = await overUdp(servers.addresses['public-2'], question('A', NAME));
    expect(cached).toMatchObject({ flag_aa: false, flag_ra: true });
  });

  it('answer over TCP, also to a question that comes in pieces', async () => {
    const message = question('CNAME', NAME);
    const framed = Buffer.concat([Buffer.from([0, message.length]), message]);
    const socket = connect(portOf(servers.addresses.authoritative), '127.0.0.1');
    await once(socket, 'connect');
    socket.setNoDelay(true);
    socket.write(framed.subarray(0, 9));
    // The time of another exchange: the first piece has arrived by then.
    await overUdp(servers.addresses.authoritative, message);
    socket.write(framed.subarray(9));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const answer = dnsPacket.streamDecode(Buffer.concat(chunks));
    expect(answer.answers).toMatchObject([{ type: 'CNAME', name: NAME, data: EAST }]);
  });

  it('survive messages that are no questions', async () => {
    const { authoritative } = servers.addresses;
    const socket = createSocket('udp4');
    socket.send(Buffer.from('nonsense'), portOf(authoritative), '127.0.0.1', () => socket.close());
    await once(socket, 'close');
    expect(await overUdp(authoritative, question('A', NAME))).toMatchObject({ rcode: 'NOERROR' });
  });
});
