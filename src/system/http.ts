import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** Carries requests as they are: no redirects followed, nothing repeated. */
export function systemHttp(): HttpClient {
  return createDefaultHttpClient();
}
