import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { encodeResponse } from './encoding.ts';
import type { Inbound } from './gateway.ts';
import type { Answer } from './visit.ts';

/** Everything listens here and nowhere else. */
export const LOOPBACK = '127.0.0.1';

const LONGEST_BODY = 1_000_000;

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Binds a server to the loopback interface; port 0 takes any free one. */
export async function listen(server: Server, port: number): Promise<Listener> {
  // The server's own list lacks the connections that a CONNECT took over.
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A server has no port.');
  return {
    port: address.port,
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Puts a simulated host on a socket: what it does not answer, the socket does not answer either. */
export function serve(
  origin: (request: IncomingMessage) => string,
  respond: (inbound: Inbound) => Promise<Answer>,
): RequestListener {
  return (request, response) => {
    void (async () => {
      const answer = await respond(await readInbound(request, origin(request)));
      if (answer.is === 'answer') write(response, answer);
      // Silence: the connection stays open until the client gives up.
      else if (answer.is !== 'silent') request.socket.destroy();
    })().catch((error: unknown) => {
      request.socket.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  };
}

async function readInbound(request: IncomingMessage, origin: string): Promise<Inbound> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', origin),
    headers,
    body: await readBody(request),
  };
}

export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > LONGEST_BODY) throw new Error(`A body of more than ${LONGEST_BODY} bytes.`);
    chunks.push(bytes);
  }
  return chunks.length === 0 ? undefined : Buffer.concat(chunks).toString();
}

function write(
  response: ServerResponse,
  { response: answer }: Answer & { readonly is: 'answer' },
): void {
  const { status, headers, text } = encodeResponse(answer);
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text);
}
