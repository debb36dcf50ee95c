import { AbortError } from '@azure/abort-controller';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { createHttpHeaders } from '@azure/core-rest-pipeline';

/** Who is told of things: answers a post with a status, or never. */
export type Receiver = (body: string, attempt: number) => number | 'silent';

const DOMAIN = '.receivers.internal';

/** What the app is told of its receivers. The path stands for the secret of real webhooks. */
export function receiverSettings(
  receivers: Readonly<Record<string, Receiver>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(receivers).map((name) => [
      `SWITCHOVER_WEBHOOK_${name}`,
      `https://${name.toLowerCase().replaceAll('_', '-')}${DOMAIN}/secret-canary`,
    ]),
  );
}

/** Requests to receivers reach them, all others go where they went before. */
export function withReceivers(
  http: HttpClient,
  receivers: Readonly<Record<string, Receiver>>,
): HttpClient {
  const attempts = new Map<string, number>();
  return {
    async sendRequest(request) {
      const { hostname } = new URL(request.url);
      const name = hostname.replace(DOMAIN, '').replaceAll('-', '_').toUpperCase();
      const receiver = hostname.endsWith(DOMAIN) ? receivers[name] : undefined;
      if (receiver === undefined) return http.sendRequest(request);
      const attempt = (attempts.get(name) ?? 0) + 1;
      attempts.set(name, attempt);
      const status = receiver(typeof request.body === 'string' ? request.body : '', attempt);
      if (status === 'silent') return silence(request);
      return { request, status, headers: createHttpHeaders(), bodyAsText: '' };
    },
  };
}

function silence({ abortSignal }: PipelineRequest): Promise<never> {
  return new Promise((_, reject) => {
    abortSignal?.addEventListener('abort', () => reject(new AbortError('No answer.')));
  });
}
