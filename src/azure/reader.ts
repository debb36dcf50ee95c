import {
  isRestError,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { parseBody } from './body.ts';
import type { Budget } from './budget.ts';
import { AzureError } from './errors.ts';
import { errorOfFailure, isSuccess } from './failures.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { within } from './within.ts';

export interface Patience {
  readonly tries: number;
  readonly tryMs: number;
  /** No new try starts later than this. */
  readonly totalMs: number;
}

export const PATIENCE: Patience = { tries: 4, tryMs: 15_000, totalMs: 60_000 };

export interface ReaderOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly budget?: Budget;
  readonly patience?: Patience;
}

/**
 * A transport for requests that change nothing. It stands where the SDK clients expect their HTTP client, so that
 * every page of a list is repeated by itself, on the injected clock, whatever pipeline is above it.
 */
export function createReader(options: ReaderOptions): HttpClient {
  const { clock, random, log, patience = PATIENCE } = options;
  return {
    async sendRequest(request) {
      const startedAt = clock.now();
      const signal = request.abortSignal instanceof AbortSignal ? request.abortSignal : undefined;
      for (let attempt = 1; ; attempt++) {
        const outcome = await ask(options, patience.tryMs, request, signal);
        const waitMs =
          outcome.waitSeconds === null ? backoff(attempt, random) : outcome.waitSeconds * 1000;
        const tooLate = clock.now() + waitMs - startedAt > patience.totalMs;
        if (!outcome.again || attempt === patience.tries || tooLate) return settle(outcome);
        const data = told(request, outcome, attempt);
        log({ level: 'warning', message: 'Azure is asked again.', data });
        await clock.sleep(waitMs, signal);
      }
    },
  };
}

interface Outcome {
  readonly response?: PipelineResponse;
  readonly error?: unknown;
  readonly again: boolean;
  readonly waitSeconds: number | null;
}

async function ask(
  { http, clock, budget }: ReaderOptions,
  tryMs: number,
  request: PipelineRequest,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    await budget?.turn(request, signal);
    const response = await within(clock, tryMs, signal, (abortSignal) =>
      http.sendRequest({ ...request, abortSignal }),
    );
    budget?.learn(request, response);
    // The SDKs find what they know of a request by its identity.
    return outcomeOf({ ...response, request }, clock.now());
  } catch (error) {
    return { error, again: signal?.aborted !== true && isPassing(error), waitSeconds: null };
  }
}

function outcomeOf(response: PipelineResponse, now: number): Outcome {
  const { status } = response;
  if (isSuccess(status)) {
    if (parseBody(response.bodyAsText) !== undefined)
      return { response, again: false, waitSeconds: null };
    const error = new RestError(`The answer ${status} is cut short or no JSON.`, {
      code: RestError.PARSE_ERROR,
      statusCode: status,
    });
    return { error, again: true, waitSeconds: null };
  }
  const again = status === 408 || status === 429 || status >= 500;
  return { response, again, waitSeconds: again ? retryAfterSeconds(response.headers, now) : null };
}

/** Certificates and refused names do not mend themselves within a minute; connections do. */
function isPassing(error: unknown): boolean {
  if (!isRestError(error)) return false;
  const meaning = errorOfFailure(error, { operation: '', now: 0 }, true);
  return meaning instanceof AzureError && meaning.transient;
}

/** Half to all of 0.5 s, 1 s, 2 s …: enough to spread, never nothing. */
function backoff(attempt: number, random: () => number): number {
  return 500 * 2 ** (attempt - 1) * (0.5 + random() / 2);
}

function settle(outcome: Outcome): PipelineResponse {
  if (outcome.response !== undefined) return outcome.response;
  throw outcome.error;
}

function told(
  request: PipelineRequest,
  outcome: Outcome,
  attempt: number,
): Record<string, unknown> {
  const { origin, pathname } = new URL(request.url);
  const why = outcome.response?.status ?? messageOf(outcome.error);
  return { method: request.method, address: origin + pathname, attempt, why };
}
