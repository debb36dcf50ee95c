import { RestError, createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import type { Clock } from '../../src/core/clock.ts';
import type { HappeningOf } from './happenings.ts';

export const HOOKS = 'https://hooks.example';

/** How a request to the receiver fares: lost on the way there or back, refused, or it takes its time. */
export type Fate = HappeningOf<'receiver'>['fate'];

/** What the receiver did, once for each key as it must: how often the same was asked under different keys is not its affair. */
export interface Effect {
  readonly at: number;
  readonly execution: string;
  readonly action: 'do' | 'undo';
  readonly key: string;
}

/** Somebody's own service that is asked by webhook. */
export interface Receiver {
  readonly effects: readonly Effect[];
  fare(fate: Fate, times: number): void;
  through(clock: () => Clock, simulated: HttpClient): HttpClient;
}

const asked = z.object({
  execution: z.object({ id: z.string() }),
  action: z.enum(['do', 'undo']),
});

const WORK_SECONDS = 45;

export function createReceiver(): Receiver {
  const effects: Effect[] = [];
  const fates: Fate[] = [];
  let busyUntil = 0;

  function answer(request: PipelineRequest, now: number): PipelineResponse {
    if (request.method === 'GET')
      return reply(request, 200, { status: now < busyUntil ? 'running' : 'succeeded' });
    const fate = fates.shift();
    if (fate === 'lost-there') throw hangUp(request);
    if (fate === 'refused') return reply(request, 422, { message: 'not now' });
    const body = typeof request.body === 'string' ? request.body : '';
    const { execution, action } = asked.parse(JSON.parse(body));
    const key = request.headers.get('idempotency-key') ?? '';
    if (!effects.some((one) => one.key === key))
      effects.push({ at: now, execution: execution.id, action, key });
    if (fate === 'lost-back') throw hangUp(request);
    if (fate !== 'takes-long') return reply(request, 204, {});
    busyUntil = now + WORK_SECONDS * 1_000;
    return reply(request, 202, {}, { location: '/status' });
  }

  return {
    effects,
    fare: (fate, times) => {
      fates.push(...Array.from({ length: times }, () => fate));
    },
    through: (clock, simulated) => ({
      sendRequest: async (request) =>
        request.url.startsWith(HOOKS)
          ? answer(request, clock().now())
          : simulated.sendRequest(request),
    }),
  };
}

function hangUp(request: PipelineRequest): RestError {
  return new RestError('socket hang up', { code: 'ECONNRESET', request });
}

export function reply(
  request: PipelineRequest,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): PipelineResponse {
  return { request, status, headers: createHttpHeaders(headers), bodyAsText: JSON.stringify(body) };
}
