import { isRestError } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import type { Telemetry } from './sender.ts';

/** The same transport, of which is told how long each request took and what it was answered. */
export function toldRequests(http: HttpClient, telemetry: Telemetry, clock: Clock): HttpClient {
  return {
    async sendRequest(request) {
      const began = clock.now();
      const tell = (status: number | null, error: string | null): void =>
        telemetry.measure('http.client.request.duration', (clock.now() - began) / 1000, {
          ...whereTo(request),
          'http.response.status_code': status,
          'error.type': error,
        });
      try {
        const response = await http.sendRequest(request);
        tell(response.status, response.status < 400 ? null : String(response.status));
        return response;
      } catch (error) {
        tell(null, (isRestError(error) ? error.code : null) ?? 'unanswered');
        throw error;
      }
    },
  };
}

/** The last one named: what is asked of lies within what it extends. */
const PROVIDER = /\/providers\/([\w.]+)(?!.*\/providers\/)/i;

function whereTo({ method, url }: PipelineRequest): {
  'http.request.method': string;
  'server.address': string;
  'azure.resource_provider.namespace': string | null;
} {
  const { hostname, pathname } = new URL(url);
  return {
    'http.request.method': method,
    'server.address': hostname,
    'azure.resource_provider.namespace': PROVIDER.exec(pathname)?.[1] ?? null,
  };
}
