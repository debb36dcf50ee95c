import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';

export interface LossyProxy {
  readonly port: number;
  /** The next request of this method whose address holds `path` is carried out, and its answer lost. */
  loseAnswer(method: string, path: string): void;
  /** How many answers were lost so far. */
  readonly lost: () => number;
  close(): Promise<void>;
}

/** Forwards HTTP to a loopback port, and loses answers on demand: what a broken connection looks like to a client. */
export async function startLossyProxy(target: number): Promise<LossyProxy> {
  let doomed: { method: string; path: string } | null = null;
  let lost = 0;

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = incoming;
    const lose = doomed !== null && doomed.method === method && url.includes(doomed.path);
    if (lose) doomed = null;
    const onward = request({ host: '127.0.0.1', port: target, method, path: url, headers });
    onward.once('response', (answer) => {
      if (!lose) {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      answer.resume().once('end', () => {
        lost += 1;
        incoming.socket.destroy();
      });
    });
    onward.once('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  }

  const server = createServer(forward).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.');
  return {
    port: address.port,
    loseAnswer(method, path) {
      doomed = { method, path };
    },
    lost: () => lost,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
