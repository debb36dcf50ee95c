import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { webhookOverSockets } from '../../../../local/simulator/alerts/over-sockets.ts';

it.each([
  ['signs in with what stands before the @', 'local:automation@', 'Bearer local:automation'],
  ['signs in nowhere else', '', undefined],
])('an action group %s', async (_what, before, authorization) => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization, request.url);
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const url = `http://${before}127.0.0.1:${port}/api/alerts?a=b`;
    expect(await webhookOverSockets(url, '{}')).toBe(202);
    expect(seen).toEqual([authorization, '/api/alerts?a=b']);
  } finally {
    server.close();
  }
});
