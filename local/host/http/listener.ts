import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { HttpAnswer, HttpCall } from './call.ts';

/** Null breaks the connection without an answer. */
export type Door = (call: HttpCall) => Promise<HttpAnswer | null>;

/** Node's side of a door. */
export function requestListener(door: Door): RequestListener {
  return (request, response) => {
    void serve(door, request, response);
  };
}

async function serve(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = await door(await callOf(request));
    if (answer === null) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
    response.writeHead(answer.status).end(answer.body);
  } catch {
    response.destroy();
  }
}

async function callOf(request: IncomingMessage): Promise<HttpCall> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`),
    headers: Object.fromEntries(headers),
    body: chunks.length === 0 ? null : Buffer.concat(chunks),
  };
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Loopback only: the local stack is nobody else's. */
export async function listenOnLoopback(door: Door, port: number): Promise<Listener> {
  const server = http.createServer(requestListener(door));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
