import { AbortError } from '@azure/abort-controller';
import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { IN_TIME } from '../../src/core/clock.ts';
import { encodeResponse } from './encoding.ts';
import type { Inbound } from './gateway.ts';
import { IDENTITY_PATH } from './identity/service.ts';
import type { Door } from './service.ts';
import type { Simulator } from './simulator.ts';
import type { Answer } from './visit.ts';

/** Where the simulated world is, for settings of an app that reaches it without sockets. */
export const IN_PROCESS = {
  resourceManager: 'https://management.azure.com',
  metrics: 'https://metrics.monitor.azure.com',
  signIn: 'https://login.microsoftonline.com',
  identity: `http://identity.internal${IDENTITY_PATH}`,
} as const;

/** What a caller waits for an answer that never comes, when it sets no limit of its own. */
const SILENCE_MS = 120_000;

/**
 * Carries requests into the simulator without sockets: Azure's own hosts, and every other name as the simulated
 * internet knows it. All waiting is on the simulator's clock.
 */
export function createInProcessClient(simulator: Simulator): HttpClient {
  return { sendRequest: (request) => send(simulator, request) };
}

/** Tokens straight from the simulator, for tests that are not about tokens. */
export function simulatorCredential(simulator: Simulator): TokenCredential {
  return {
    getToken: (scopes) => {
      const [scope = ''] = [scopes].flat();
      const { token, expiresAt } = simulator.tokens.issue(scope.replace(/\/?\.default$/, ''));
      return Promise.resolve({ token, expiresOnTimestamp: expiresAt });
    },
  };
}

async function send(simulator: Simulator, request: PipelineRequest): Promise<PipelineResponse> {
  const { abortSignal, timeout } = request;
  if (abortSignal?.aborted === true) throw aborted();
  const ended = new AbortController();
  const givenUp = Promise.withResolvers<never>();
  const giveUp = (): void => givenUp.reject(aborted());
  abortSignal?.addEventListener('abort', giveUp, { once: true });
  const timedOut = async (): Promise<never> => {
    await simulator.clock.sleep(timeout, ended.signal);
    throw aborted();
  };
  try {
    return await Promise.race([
      exchange(simulator, request, ended.signal),
      givenUp.promise,
      ...(timeout > 0 ? [timedOut()] : []),
    ]);
  } finally {
    abortSignal?.removeEventListener('abort', giveUp);
    ended.abort(IN_TIME);
  }
}

async function exchange(
  simulator: Simulator,
  request: PipelineRequest,
  signal: AbortSignal,
): Promise<PipelineResponse> {
  const answer = await ask(simulator, toInbound(request), signal);
  if (answer.is !== 'answer') throw await failure(simulator, request, answer.is, signal);
  const { status, headers, text } = encodeResponse(answer.response);
  return { request, status, headers: createHttpHeaders(headers), bodyAsText: text };
}

function ask(simulator: Simulator, inbound: Inbound, signal: AbortSignal): Promise<Answer> {
  const door = doorOf(inbound.url.hostname);
  return door === null
    ? simulator.browse(inbound, signal)
    : simulator.handle(inbound, door, signal);
}

function doorOf(host: string): Door | null {
  if (host === 'management.azure.com') return 'resource-manager';
  if (host === 'login.microsoftonline.com') return 'sign-in';
  if (host === 'identity.internal') return 'identity';
  if (host === 'api.loganalytics.io') return 'logs';
  return /(^|\.)metrics\.monitor\.azure\.com$/.test(host) ? 'metrics' : null;
}

function toInbound({ method, url, headers, body }: PipelineRequest): Inbound {
  if (typeof body !== 'string' && body !== null && body !== undefined) {
    throw new TypeError(`${method} ${url}: the in-process transport carries bodies of text only.`);
  }
  return { method, url: new URL(url), headers: headers.toJSON(), body: body ?? undefined };
}

const FAILURES = {
  broken: { code: 'ECONNRESET', message: 'socket hang up' },
  refused: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
  silent: { code: 'ETIMEDOUT', message: 'connect ETIMEDOUT' },
  'unknown-name': { code: 'ENOTFOUND', message: 'getaddrinfo ENOTFOUND' },
} as const;

async function failure(
  { clock }: Simulator,
  request: PipelineRequest,
  kind: keyof typeof FAILURES,
  signal: AbortSignal,
): Promise<RestError> {
  if (kind === 'silent') await clock.sleep(SILENCE_MS, signal);
  const { code, message } = FAILURES[kind];
  return new RestError(`${message} ${new URL(request.url).host}`, { code, request });
}

function aborted(): AbortError {
  return new AbortError('The operation was aborted.');
}
