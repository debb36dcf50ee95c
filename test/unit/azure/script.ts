import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  RestError,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual.ts';
import type { AzureAccess } from '../../../src/azure/access.ts';
import { createAzureAccess, type AzureOptions } from '../../../src/azure/create.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import type { LogEntry } from '../../../src/core/log.ts';

export const ENDPOINT = 'https://management.azure.com';
export const SUBSCRIPTION = '/subscriptions/11111111-1111-1111-1111-111111111111';
export const GROUP = `${SUBSCRIPTION}/resourceGroups/cafe`;
export const MACHINE = `${GROUP}/providers/Microsoft.Compute/virtualMachines/ihs`;
export const START = Date.parse('2026-11-21T10:00:00Z');

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless a string, which is sent as it is. */
  readonly body?: unknown;
}

/** What the other end does with one request: it answers, the connection breaks, or nothing ever comes. */
export type Step = ScriptedAnswer | { readonly breaks: string } | 'silence';

export interface Stage {
  readonly azure: AzureAccess;
  readonly clock: VirtualClock;
  /** What reached the wire, in order. */
  readonly sent: readonly PipelineRequest[];
  /** Seconds of the clock since the start, for each request. */
  readonly sentAt: readonly number[];
  readonly log: readonly LogEntry[];
  readonly scopes: readonly string[];
}

/** Runs a test on virtual time against answers that are given one after the other. One request more is a failure. */
export function onScript(
  steps: readonly Step[],
  work: (stage: Stage) => Promise<void>,
  options: Partial<Pick<AzureOptions, 'settings' | 'credential'>> = {},
): () => Promise<void> {
  return async () => {
    const clock = createVirtualClock({ start: START });
    const sent: PipelineRequest[] = [];
    const sentAt: number[] = [];
    const log: LogEntry[] = [];
    const scopes: string[] = [];
    const http: HttpClient = {
      sendRequest: (request) => {
        const step = steps[sent.length];
        sent.push(request);
        sentAt.push((clock.now() - START) / 1000);
        return play(step, request);
      },
    };
    const azure = createAzureAccess({
      settings: { AZURE_RESOURCE_MANAGER: ENDPOINT },
      http,
      clock,
      random: () => 1,
      log: (entry) => log.push(entry),
      credential: tokens(scopes),
      ...options,
    });
    await clock.run(() => work({ azure, clock, sent, sentAt, log, scopes }));
  };
}

function play(step: Step | undefined, request: PipelineRequest): Promise<PipelineResponse> {
  if (step === undefined) throw new Error(`Not in the script: ${request.method} ${request.url}`);
  if (step === 'silence') return new Promise(() => undefined);
  if ('breaks' in step) {
    return Promise.reject(new RestError(`socket: ${step.breaks}`, { code: step.breaks, request }));
  }
  const { status, headers = {}, body } = step;
  const isText = body === undefined || typeof body === 'string';
  return Promise.resolve({
    request,
    status,
    headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
    bodyAsText: isText ? (body ?? '') : JSON.stringify(body),
  });
}

function tokens(scopes: string[]): TokenCredential {
  return {
    getToken: (scope) => {
      scopes.push(...[scope].flat());
      return Promise.resolve({ token: 'token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
    },
  };
}

export function refusal(code: string, message = 'Because.'): { error: Record<string, string> } {
  return { error: { code, message } };
}

/** The error that a promise must end with. */
export async function errorOf(promise: Promise<unknown>): Promise<AzureError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
  throw new Error('It went well, which it should not.');
}

export const never = new AbortController().signal;
