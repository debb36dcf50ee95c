import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server as TcpServer, Socket as TcpSocket } from 'node:net';
import dnsPacket from 'dns-packet';
import type { Answer as PacketAnswer, DecodedPacket, Packet, Question } from 'dns-packet';
import { NAME_SERVERS } from './dns.ts';
import type { NameServer, SimulatedDns } from './dns.ts';
import { NEGATIVE_TTL, plainName } from './zone.ts';
import type { Answer, DnsRecord } from './zone.ts';

const LOOPBACK = '127.0.0.1';
const RCODE: Readonly<Record<Answer['rcode'], number>> = { NOERROR: 0, NXDOMAIN: 3 };

export interface DnsServers {
  /** `127.0.0.1:port` of each, the same port for UDP and TCP. */
  readonly addresses: Readonly<Record<NameServer, string>>;
  close(): Promise<void>;
}

/** Puts the simulated name servers on loopback sockets. Port 0 takes any free one. */
export async function startDnsServers(
  dns: SimulatedDns,
  ports: Partial<Readonly<Record<NameServer, number>>> = {},
): Promise<DnsServers> {
  const listeners = await Promise.all(
    NAME_SERVERS.map((server) => listen(dns, server, ports[server] ?? 0)),
  );
  const [authoritative, first, second] = listeners.map(({ port }) => `${LOOPBACK}:${port}`);
  return {
    addresses: {
      authoritative: authoritative ?? '',
      'public-1': first ?? '',
      'public-2': second ?? '',
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

async function listen(dns: SimulatedDns, server: NameServer, port: number): Promise<Listener> {
  const tcp = createServer((socket) => serveTcp(dns, server, socket));
  tcp.listen(port, LOOPBACK);
  await once(tcp, 'listening');
  const bound = portOf(tcp);
  const udp = createSocket('udp4', (message, from) => {
    void reply(dns, server, message).then((packet) => {
      if (packet !== null) udp.send(dnsPacket.encode(packet), from.port, from.address);
    });
  });
  udp.bind(bound, LOOPBACK);
  await once(udp, 'listening');
  return { port: bound, close: () => closeBoth(tcp, udp) };
}

function portOf(server: TcpServer): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The name server has no port.');
  return address.port;
}

async function closeBoth(tcp: TcpServer, udp: UdpSocket): Promise<void> {
  await Promise.all([
    new Promise<void>((resolve) => udp.close(() => resolve())),
    new Promise<void>((resolve) => tcp.close(() => resolve())),
  ]);
}

/** A message over TCP has its length in front of it and may arrive in pieces. */
function serveTcp(dns: SimulatedDns, server: NameServer, socket: TcpSocket): void {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
    const message = received.subarray(2, 2 + received.readUInt16BE(0));
    void reply(dns, server, message).then((packet) => {
      if (packet === null) socket.destroy();
      else socket.end(dnsPacket.streamEncode(packet));
    });
  });
}

/** Null when the message is no question, or when the query came to nothing: a client then sees no answer. */
async function reply(
  dns: SimulatedDns,
  server: NameServer,
  message: Buffer,
): Promise<Packet | null> {
  const query = decoded(message);
  const question = query?.questions?.[0];
  if (query === null || question === undefined) return null;
  try {
    return packetOf(
      query,
      question,
      await dns.query(question.name, server),
      server === 'authoritative',
    );
  } catch {
    return null;
  }
}

function decoded(message: Buffer): DecodedPacket | null {
  try {
    return dnsPacket.decode(message);
  } catch {
    return null;
  }
}

function packetOf(
  query: DecodedPacket,
  question: Question,
  answer: Answer,
  authoritative: boolean,
): Packet {
  const records = answer.records.filter((record) => wanted(record, question));
  return {
    type: 'response',
    id: query.id ?? 0,
    flags:
      RCODE[answer.rcode] |
      (authoritative ? dnsPacket.AUTHORITATIVE_ANSWER : dnsPacket.RECURSION_AVAILABLE) |
      ((query.flags ?? 0) & dnsPacket.RECURSION_DESIRED),
    questions: [question],
    answers: records.map((record) => ({ ...record, class: 'IN' })),
    authorities: records.length === 0 ? [startOfAuthority(question.name)] : [],
  };
}

/** Whoever asks for the alias gets that alone; whoever asks for addresses gets the chain that leads there. */
function wanted(record: DnsRecord, question: Question): boolean {
  if (question.type === 'CNAME')
    return record.type === 'CNAME' && record.name === plainName(question.name);
  return record.type === 'CNAME' || record.type === question.type;
}

/** Says for how long the absence may be remembered. */
function startOfAuthority(name: string): PacketAnswer {
  const zone = name.split('.').slice(-2).join('.');
  const data = {
    mname: `ns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 900,
    retry: 300,
    expire: 2_419_200,
  };
  return {
    type: 'SOA',
    name: zone,
    class: 'IN',
    ttl: NEGATIVE_TTL,
    data: { ...data, minimum: NEGATIVE_TTL },
  };
}
