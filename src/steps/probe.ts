import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient, HttpHeaders, HttpMethods } from '@azure/core-rest-pipeline';
import { IN_TIME } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';

export interface ProbeRequest {
  readonly url: string;
  readonly method?: HttpMethods;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly trustAnyCertificate?: boolean;
  readonly timeoutSeconds?: number;
}

export type ProbeAnswer =
  | {
      readonly status: number;
      readonly body: string;
      readonly headers: Pick<HttpHeaders, 'get'>;
    }
  | { readonly status: null; readonly reason: string };

const TIMEOUT_SECONDS = 10;

/** Asks the application itself, once. No answer in time is an answer too: `status: null`. */
export async function probe(
  through: { readonly http: HttpClient; readonly clock: Clock },
  asked: ProbeRequest,
): Promise<ProbeAnswer> {
  const seconds = asked.timeoutSeconds ?? TIMEOUT_SECONDS;
  const limit = new AbortController();
  const answered = new AbortController();
  const timer = through.clock.sleep(seconds * 1000, answered.signal).then(
    () => limit.abort(),
    () => undefined,
  );
  try {
    const response = await through.http.sendRequest(
      createPipelineRequest({
        url: asked.url,
        method: asked.method ?? 'GET',
        headers: createHttpHeaders(asked.headers),
        ...(asked.body === undefined ? {} : { body: asked.body }),
        abortSignal: limit.signal,
        allowInsecureConnection: true,
        ...(asked.trustAnyCertificate === true
          ? { requestOverrides: { rejectUnauthorized: false } }
          : {}),
      }),
    );
    const { status, headers, bodyAsText } = response;
    return { status, headers, body: bodyAsText ?? '' };
  } catch (error) {
    const reason = limit.signal.aborted ? `no answer within ${seconds} s` : messageOf(error);
    return { status: null, reason };
  } finally {
    answered.abort(IN_TIME);
    await timer;
  }
}
