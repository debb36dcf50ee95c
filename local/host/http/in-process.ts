import http from 'node:http';
import { duplexPair } from 'node:stream';
import type { Duplex } from 'node:stream';
import { requestListener } from './listener.ts';
import type { Door } from './listener.ts';

/** RFC 6761: no resolver ever gives an address for it, so nothing of it can leave the process. */
const SUFFIX = '.functions.invalid';

export interface InProcessOrigin {
  readonly origin: string;
  close(): void;
}

/**
 * Gives a door an origin of its own that Node's default HTTP agent reaches without a socket. The SDK's durable client
 * speaks HTTP through that agent and offers no other way in; connections made of streams settle within one turn of the
 * event loop and in a fixed order, which sockets do not.
 */
export function openInProcess(door: Door): InProcessOrigin {
  install();
  const host = `host-${++doors.count}${SUFFIX}`;
  const server = http.createServer(requestListener(door));
  const open = new Set<Duplex>();
  doors.accept.set(host, (stream) => {
    open.add(stream.once('close', () => open.delete(stream)));
    server.emit('connection', stream);
  });
  return {
    origin: `http://${host}`,
    close: () => {
      doors.accept.delete(host);
      for (const stream of open) stream.destroy();
      // The agent keeps its own ends for reuse, and with them everything behind this door.
      for (const stream of http.globalAgent.freeSockets[`${host}:80:`] ?? []) stream.destroy();
    },
  };
}

/** Like the agent itself, one for the process. */
const doors = { installed: false, count: 0, accept: new Map<string, (stream: Duplex) => void>() };

function install(): void {
  if (doors.installed) return;
  doors.installed = true;
  const agent = http.globalAgent;
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    if (options.host?.endsWith(SUFFIX) !== true) return connect(options, callback);
    const [client, server] = duplexPair();
    const accept = doors.accept.get(options.host);
    if (accept === undefined) server.destroy();
    else accept(likeSocket(server));
    return likeSocket(client);
  };
}

/** Node's HTTP asks these of a socket; a stream in memory has nothing to set. */
function likeSocket(stream: Duplex): Duplex {
  const noop = (): Duplex => stream;
  return Object.assign(stream, {
    setKeepAlive: noop,
    setNoDelay: noop,
    setTimeout: noop,
    ref: noop,
    unref: noop,
  });
}
