import { createHmac } from 'node:crypto';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { HOOKS, reply } from '../../local/simulate/receiver.ts';

interface Asked {
  readonly url: string;
  readonly key: string;
  readonly body: { readonly action: string; readonly step: string; readonly data: unknown };
}

/** Somebody's own service that is asked by webhook, and honours its keys as it must. */
export interface Receiver {
  /** What it has done, once for each key. */
  readonly done: string[];
  /** Every request that was rightly signed. */
  readonly asked: Asked[];
  /** How the next requests fare: lost on the way there, on the way back, or refused. */
  readonly fates: ('lost-there' | 'lost-back' | 'refused')[];
  /** How often its work is seen running before it is done; 0 for done at once. */
  looks: number;
  around(simulated: HttpClient): HttpClient;
}

export function createReceiver(secret: string): Receiver {
  const known = new Set<string>();
  const receiver: Receiver = {
    done: [],
    asked: [],
    fates: [],
    looks: 0,
    around: (simulated) => ({
      sendRequest: (request) =>
        request.url.startsWith(HOOKS) ? answer(request) : simulated.sendRequest(request),
    }),
  };

  async function answer(request: PipelineRequest): Promise<PipelineResponse> {
    const body = typeof request.body === 'string' ? request.body : '';
    if (!isSigned(request, body, secret)) return reply(request, 401, {});
    if (request.method === 'GET') return reply(request, 200, statusOf());
    const fate = receiver.fates.shift();
    if (fate === 'lost-there') throw new Error('socket hang up');
    if (fate === 'refused') return reply(request, 422, { message: 'no' });
    const key = request.headers.get('idempotency-key') ?? '';
    const asked: Asked = { url: request.url, key, body: JSON.parse(body) as Asked['body'] };
    receiver.asked.push(asked);
    if (!known.has(key)) receiver.done.push(`${asked.body.action} ${new URL(asked.url).pathname}`);
    known.add(key);
    if (fate === 'lost-back') throw new Error('socket hang up');
    return receiver.looks === 0
      ? reply(request, 204, {})
      : reply(request, 202, {}, { location: '/status/1' });
  }

  function statusOf(): object {
    receiver.looks -= 1;
    return receiver.looks <= 0
      ? { status: 'succeeded' }
      : { status: 'running', percent: 50, message: 'half way' };
  }

  return receiver;
}

function isSigned({ headers }: PipelineRequest, body: string, secret: string): boolean {
  const timestamp = headers.get('x-switchover-timestamp') ?? '';
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return headers.get('x-switchover-signature') === `sha256=${expected}`;
}
