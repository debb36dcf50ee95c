import type { TokenCredential } from '@azure/core-auth';
import { RestError, type HttpClient, type PipelineOptions } from '@azure/core-rest-pipeline';
import type { Settings } from '../settings.ts';
import { FOREIGN_ADDRESS } from './failures.ts';

/** Which Azure is spoken to, and how. Sovereign clouds and a private Azure differ from the public one only here. */
export interface Connection {
  /** Origin of Resource Manager, without a slash at the end. */
  readonly endpoint: string;
  readonly scope: string;
  readonly credential: TokenCredential;
}

export function endpointOf(settings: Pick<Settings, 'AZURE_RESOURCE_MANAGER'>): string {
  return new URL(settings.AZURE_RESOURCE_MANAGER).origin;
}

export function scopeOf(
  settings: Pick<Settings, 'AZURE_RESOURCE_MANAGER' | 'AZURE_TOKEN_SCOPE'>,
): string {
  return settings.AZURE_TOKEN_SCOPE ?? `${endpointOf(settings)}/.default`;
}

const PUBLIC_LOGS = 'https://api.loganalytics.io';

/** Origin of Log Analytics; null when it was not told and the cloud is not the public one, whose address is known. */
export function logsEndpointOf(
  settings: Pick<Settings, 'AZURE_RESOURCE_MANAGER' | 'AZURE_LOGS_ENDPOINT'>,
): string | null {
  const { AZURE_LOGS_ENDPOINT: told } = settings;
  if (told !== undefined) return new URL(told).origin;
  return endpointOf(settings) === 'https://management.azure.com' ? PUBLIC_LOGS : null;
}

/**
 * The SDKs' own repeats stay off: they would repeat POSTs. Redirects are not followed: Resource Manager sends none,
 * and the token must not travel.
 */
export const PIPELINE = {
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  userAgentOptions: { userAgentPrefix: 'switchover' },
} as const satisfies PipelineOptions;

/** Refuses to carry our token to any host that `known` does not name, whatever link an answer contained. */
export function pinned(http: HttpClient, known: (url: URL) => boolean): HttpClient {
  return {
    async sendRequest(request) {
      const url = new URL(request.url);
      if (known(url)) return http.sendRequest(request);
      throw new RestError(
        `An answer pointed to ${url.origin}, which is not the Azure that is configured.`,
        {
          code: FOREIGN_ADDRESS,
        },
      );
    },
  };
}
