import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { AzureError } from '../../src/azure/errors.ts';
import { instant } from '../../src/core/clock.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Operation } from '../../src/core/step.ts';
import type {
  Ask,
  Motion,
  Observation,
  Refusal,
  StepContext,
  Verification,
} from '../../src/steps/contract.ts';
import type { FakeAzure } from './azure.ts';

export const START = Date.parse('2026-03-01T10:00:00.000Z');

/** Stands still until it is told to move; what sleeps on it sleeps until aborted. */
export interface StillClock extends Clock {
  pass(seconds: number): void;
}

export function stillClock(): StillClock {
  let now = START;
  return {
    now: () => now,
    pass: (seconds) => (now += seconds * 1000),
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  };
}

export type Page = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
} | null;

/** Answers requests with what the function gives; null is a connection that is refused. */
export function pages(answer: (request: PipelineRequest) => Page): HttpClient {
  return {
    sendRequest: async (request) => {
      const page = answer(request);
      if (page === null) throw new Error('connect ECONNREFUSED');
      return {
        request,
        status: page.status,
        headers: createHttpHeaders(page.headers),
        bodyAsText: page.body ?? '',
      };
    },
  };
}

export function stepContext(
  azure: FakeAzure,
  clock: Clock,
  patch: Partial<StepContext> & {
    readonly mode?: 'planned' | 'unplanned';
    readonly to?: string;
  } = {},
): StepContext {
  const { mode = 'planned', to = 'westus', ...rest } = patch;
  const site = (name: string, region: string): StepContext['execution']['from'] => ({
    name,
    region,
    standby: 'cold',
    resources: {},
  });
  return {
    azure: azure.access,
    clock,
    random: () => 0.5,
    http: pages(() => null),
    dns: { resolve: async () => [], alias: async () => null },
    publicResolvers: [],
    secret: () => null,
    step: 's1',
    execution: {
      id: 'x1',
      kind: 'failover',
      mode,
      from: site('old', to === 'westus' ? 'eastus' : 'westus'),
      to: site('new', to),
      startedAt: instant(START),
    },
    stepStartedAt: instant(START),
    before: null,
    sent: [],
    sentThere: [],
    lastFailure: null,
    acceptedLossSeconds: null,
    approval: null,
    closedAt: null,
    dataLossLimitSeconds: 300,
    lag: async () => null,
    fencing: async () => ({ state: 'unknown', at: instant(START), observers: [] }),
    ...rest,
  };
}

export interface Run {
  readonly end: 'holds' | 'waits' | 'asks' | 'refused' | 'failed';
  readonly sentence: string;
  readonly seen: readonly Observation[];
  readonly verification?: Verification;
  readonly ask?: Ask;
  readonly refusal?: Refusal;
  /** As an orchestration would keep it for the way back. */
  readonly before: Observation['facts'];
}

/**
 * The loop of the orchestration, without rows and timers: goes on until the step would wait. Calls are sent once a
 * run, as each attempt does.
 */
export async function run<S>(motion: Motion<S>, context: StepContext, settings: S): Promise<Run> {
  const seen: Observation[] = [];
  const sent = [...context.sent];
  const endedWell = (name: string): void => {
    const index = sent.findLastIndex(({ call }) => call === name);
    const one = sent[index];
    if (one !== undefined) sent[index] = { ...one, ended: 'succeeded' };
  };
  let { before } = context;
  for (let round = 0; round < 10; round += 1) {
    const now: StepContext = { ...context, sent: [...sent], before };
    const observation = await motion.observe(now, settings);
    seen.push(observation);
    before ??= observation.facts;
    const soFar = { seen, before, sentence: observation.sentence };
    if (observation.goal === 'blocked' || observation.goal === 'moving')
      return { ...soFar, end: 'waits' };
    const answer = observation.goal === 'met' ? [] : await motion.act(now, settings, observation);
    if ('ask' in answer) return { ...soFar, end: 'asks', ask: answer, sentence: answer.sentence };
    if ('refuse' in answer)
      return { ...soFar, end: 'refused', refusal: answer, sentence: answer.refuse.message };
    if ('people' in answer) return { ...soFar, end: 'asks', sentence: answer.sentence };
    const fresh = answer.filter(({ name }) => !sent.some(({ call }) => call === name));
    if (fresh.length === 0) {
      const verification = await motion.verify(now, settings);
      return {
        ...soFar,
        verification,
        sentence: verification.sentence,
        end: verification.holds ? 'holds' : 'waits',
      };
    }
    const operations: Operation[] = [];
    for (const call of fresh) {
      sent.push({ call: call.name, sentAt: instant(context.clock.now()) });
      try {
        const { operation } = await call.send(new AbortController().signal);
        if (operation !== undefined) operations.push(operation);
        else endedWell(call.name);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        return { ...soFar, end: 'failed', sentence: error.code };
      }
    }
    for (const operation of operations) {
      const progress = await motion.poll(now, settings, operation);
      if (progress.is === 'failed')
        return { ...soFar, end: 'failed', sentence: progress.error.code };
      if (progress.is === 'running') return { ...soFar, end: 'waits', sentence: progress.sentence };
      endedWell(operation.call);
    }
  }
  throw new Error('The step does not come to an end.');
}
