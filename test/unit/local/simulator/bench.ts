import { expect } from 'vitest';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/core-auth';
import type { VirtualClock } from '../../../../local/clock/virtual.ts';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import {
  createInProcessClient,
  IN_PROCESS,
  simulatorCredential,
} from '../../../../local/simulator/in-process.ts';
import type { Webhook } from '../../../../local/simulator/alerts/action-group.ts';
import type { WebSphereCafeOptions } from '../../../../local/simulator/scenarios/websphere-cafe.ts';
import { webSphereCafe } from '../../../../local/simulator/scenarios/websphere-cafe.ts';
import type { Simulator } from '../../../../local/simulator/simulator.ts';
import { createSimulator } from '../../../../local/simulator/simulator.ts';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const ROOT = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
export const EAST = `${ROOT}/was-cluster-eastus/providers`;
export const WEST = `${ROOT}/was-cluster-westus/providers`;
export const SQL = `${ROOT}/cafe-data/providers/Microsoft.Sql/servers`;
export const START = Date.parse('2026-11-21T10:00:00Z');

/** A simulated Azure on virtual time, and what an app needs to reach it. */
export interface Bench {
  readonly clock: VirtualClock;
  readonly simulator: Simulator;
  readonly http: HttpClient;
  readonly credential: TokenCredential;
  /** Options for every SDK client: this Azure, no retries behind the test's back. */
  readonly client: {
    readonly httpClient: HttpClient;
    readonly endpoint: string;
    readonly retryOptions: { readonly maxRetries: 0 };
  };
  readonly send: (
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    options?: SendOptions,
  ) => Promise<Sent>;
  readonly wait: (seconds: number) => Promise<void>;
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly authorization?: string | null;
  readonly version?: string | null;
  readonly timeout?: number;
}

export interface Sent {
  readonly status: number;
  readonly headers: PipelineResponse['headers'];
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

export function createBench(
  options: WebSphereCafeOptions & { seed?: number; webhook?: Webhook } = {},
): Bench {
  const clock = createVirtualClock({ start: START });
  const simulator = createSimulator({
    clock,
    scenario: webSphereCafe(options),
    seed: options.seed ?? 7,
    ...(options.webhook !== undefined && { webhook: options.webhook }),
  });
  const http = createInProcessClient(simulator);
  const credential = simulatorCredential(simulator);
  return {
    clock,
    simulator,
    http,
    credential,
    client: {
      httpClient: http,
      endpoint: IN_PROCESS.resourceManager,
      retryOptions: { maxRetries: 0 },
    },
    send: (method, path, sending) => send(http, simulator, method, path, sending),
    wait: (seconds) => clock.sleep(seconds * 1000),
  };
}

/** Runs the test as the world's one task, so that virtual time passes while it waits. */
export function onBench(
  options: Parameters<typeof createBench>[0],
  work: (bench: Bench) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const bench = createBench(options);
    await bench.clock.run(() => work(bench));
  };
}

async function send(
  http: HttpClient,
  simulator: Simulator,
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  { body, headers = {}, authorization, version = '2024-05-01', timeout = 0 }: SendOptions = {},
): Promise<Sent> {
  const url = new URL(path, IN_PROCESS.resourceManager);
  if (version !== null && !url.searchParams.has('api-version'))
    url.searchParams.set('api-version', version);
  const bearer =
    authorization === undefined ? `Bearer ${simulator.tokens.issue('test').token}` : authorization;
  const response = await http.sendRequest(
    createPipelineRequest({
      url: url.toString(),
      method,
      timeout,
      allowInsecureConnection: true,
      headers: createHttpHeaders({ ...headers, ...(bearer !== null && { Authorization: bearer }) }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = response.bodyAsText ?? '';
  const json = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: json ? JSON.parse(text) : text,
  };
}

/** Matchers, without the type `any` that the test runner gives them. */
export const anyText: unknown = expect.any(String);

export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

export function textWith(part: string): unknown {
  return expect.stringContaining(part);
}
