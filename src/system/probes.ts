import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createDefaultHttpClient, proxyPolicy } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';

/**
 * Carries the probes of the application, through `proxy` where one is configured. Each has a connection of its own: one
 * that was kept open leads to where its name led before the traffic moved.
 */
export function systemProbes(proxy: string | undefined): HttpClient {
  const client = createDefaultHttpClient();
  const http = new HttpAgent({ keepAlive: false });
  const https = new HttpsAgent({ keepAlive: false });
  if (proxy !== undefined) return throughProxy(new URL(proxy), client);
  return {
    sendRequest: (request) =>
      client.sendRequest({ ...request, agent: isSecure(request) ? https : http }),
  };
}

/** Every probe passes it, also one of an address: exceptions would show another network than the clients'. */
function throughProxy(proxy: URL, client: HttpClient): HttpClient {
  const { protocol, hostname, username, password } = proxy;
  const port = Number(proxy.port || (protocol === 'https:' ? 443 : 80));
  const way = proxyPolicy(
    { host: `${protocol}//${hostname}`, port, username, password },
    { customNoProxyList: [] },
  );
  return {
    sendRequest: (request) => way.sendRequest(request, (sent) => client.sendRequest(sent)),
  };
}

function isSecure({ url }: PipelineRequest): boolean {
  return new URL(url).protocol === 'https:';
}
