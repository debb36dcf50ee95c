import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { ensureCertificates, type Certificates } from './certificates.ts';
import { controlApi } from './control-api.ts';
import type { SimulatedDns } from './dns/dns.ts';
import { startDnsServers } from './dns/server.ts';
import { IDENTITY_HEADER, IDENTITY_PATH } from './identity/service.ts';
import type { Door } from './service.ts';
import type { Simulator } from './simulator.ts';
import { listen, LOOPBACK, serve } from './sockets.ts';

export interface SimulatorServerOptions {
  /** Makes a new world: at the start, and at each reset. */
  readonly create: () => Simulator;
  /** Where the certificates are kept. */
  readonly folder: string;
  /** The first of seven ports; 0 takes any free ones. */
  readonly port?: number;
}

export interface SimulatorServer {
  readonly simulator: () => Simulator;
  /**
   * The environment with which an app reaches this Azure. Metrics come from Resource Manager: Azure Monitor's batch
   * hosts have a name for each region, and an address has no subdomains.
   */
  readonly settings: Readonly<Record<string, string>>;
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** Puts a simulated Azure on loopback sockets. */
export async function startSimulatorServer(
  options: SimulatorServerOptions,
): Promise<SimulatorServer> {
  let simulator = options.create();
  const present = (): Simulator => simulator;
  const reset = (): void => {
    simulator.stop();
    simulator = options.create();
  };
  const { port = 0 } = options;
  const at = (offset: number): number => (port === 0 ? 0 : port + offset);
  const certificates = await ensureCertificates(options.folder, simulator.clock.now());
  const servers = createServers(present, reset, certificates);
  const listeners = await Promise.all(servers.map((server, index) => listen(server, at(index))));
  const dns = await startDnsServers(following(present), {
    authoritative: at(4),
    'public-1': at(5),
    'public-2': at(6),
  });
  const [azure = '', identity = '', proxy = '', control = ''] = listeners.map(
    (each) => `${LOOPBACK}:${each.port}`,
  );
  return {
    simulator: present,
    controlUrl: `http://${control}/control`,
    settings: {
      AZURE_RESOURCE_MANAGER: `https://${azure}`,
      AZURE_LOGS_ENDPOINT: `https://${azure}`,
      AZURE_TOKEN_SCOPE: 'https://management.azure.com/.default',
      IDENTITY_ENDPOINT: `http://${identity}${IDENTITY_PATH}`,
      IDENTITY_HEADER,
      NODE_EXTRA_CA_CERTS: certificates.authorityFile,
      SWITCHOVER_PROBE_PROXY: `http://${proxy}`,
      SWITCHOVER_RESOLVER: dns.addresses['public-1'],
      SWITCHOVER_PUBLIC_RESOLVERS: `${dns.addresses['public-1']},${dns.addresses['public-2']}`,
    },
    close: async () => {
      simulator.stop();
      await Promise.all([...listeners.map((each) => each.close()), dns.close()]);
    },
  };
}

/** Azure, the managed identity's endpoint, the proxy to the café, the control API: in the order of their ports. */
function createServers(
  present: () => Simulator,
  reset: () => void,
  { certificate, key }: Certificates,
): readonly Server[] {
  const tls = { cert: certificate, key };
  return [
    createHttpsServer(
      tls,
      serve(originOf('https'), (inbound) =>
        present().handle(inbound, doorOf(inbound.url.pathname)),
      ),
    ),
    createHttpServer(serve(originOf('http'), (inbound) => present().handle(inbound, 'identity'))),
    createProxy(present, tls),
    createHttpServer(
      controlApi({ control: () => present().control, journal: () => present().journal, reset }),
    ),
  ];
}

function originOf(scheme: 'http' | 'https'): (request: IncomingMessage) => string {
  return ({ headers }) => `${scheme}://${headers.host ?? LOOPBACK}`;
}

/** One port has all of Azure's TLS hosts, so the path tells which is meant. */
function doorOf(path: string): Door {
  if (path.endsWith('/metrics:getBatch')) return 'metrics';
  if (path.startsWith('/v1/')) return 'logs';
  return path.endsWith('/oauth2/v2.0/token') ? 'sign-in' : 'resource-manager';
}

/**
 * The way to the café's hosts by their public names: plain requests in absolute form, and CONNECT, behind which this
 * server is every host itself.
 */
function createProxy(present: () => Simulator, tls: { cert: string; key: string }): Server {
  const inside = createHttpsServer(
    tls,
    serve(originOf('https'), (inbound) => present().browse(inbound)),
  );
  const proxy = createHttpServer(serve(originOf('http'), (inbound) => present().browse(inbound)));
  proxy.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    inside.emit('connection', socket);
  });
  return proxy;
}

/** The name servers stay where they are when the world begins anew. */
function following(present: () => Simulator): SimulatedDns {
  return {
    query: (name, server) => present().dns.query(name, server),
    answer: (name, server) => present().dns.answer(name, server),
    resolve: (name, server) => present().dns.resolve(name, server),
    alias: (name, server) => present().dns.alias(name, server),
  };
}
