import { createHmac } from 'node:crypto';
import { AzureError } from '../../azure/errors.ts';
import { retryAfterSeconds } from '../../azure/retry-after.ts';
import { instant } from '../../core/clock.ts';
import type { Direction } from '../../core/step.ts';
import type { Sent, StepContext } from '../contract.ts';
import { probe } from '../probe.ts';
import type { ProbeAnswer } from '../probe.ts';
import type { Request, Settings } from './settings.ts';

export const CALL = 'request';
const CALL_SECONDS = 30;

export interface Way {
  readonly direction: Direction;
  readonly request: Request;
}

/**
 * The same until the receiver has said how it ended: a repeat of what was not answered is recognised, and what it has
 * called failed can be tried again.
 */
export function idempotencyKey(context: StepContext, { direction }: Way): string {
  const failed = context.sent.filter(({ ended }) => ended === 'failed').length;
  return `${context.execution.id}:${context.step}:${direction}:${failed + 1}`;
}

export async function post(context: StepContext, settings: Settings, way: Way): Promise<Sent> {
  const { url, body: data = null } = way.request;
  const { id, kind, mode, from, to } = context.execution;
  const body = JSON.stringify({
    execution: { id, kind, mode, from: from.name, to: to.name },
    step: context.step,
    action: way.direction === 'forward' ? 'do' : 'undo',
    data,
  });
  const operation = `POST ${url}`;
  const answer = await probe(context, {
    url,
    method: 'POST',
    headers: {
      ...signed(context, settings, body),
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey(context, way),
    },
    body,
    timeoutSeconds: CALL_SECONDS,
  });
  const status = accepted(context, answer, operation);
  return status.status === 202
    ? following(context, url, status, operation)
    : { status: status.status };
}

/** What proves to the receiver who sent it, and when: HMAC-SHA256 over the timestamp, a full stop and the body. */
export function signed(
  context: StepContext,
  { secret }: Settings,
  body: string,
): Record<string, string> {
  if (secret === undefined) return {};
  const key = context.secret(secret);
  if (key === null) {
    throw new AzureError({
      effect: 'refused',
      code: 'SECRET_MISSING',
      message: `the app setting ${secret} is not set, so nothing was sent. Set it and try again.`,
      operation: 'Sign a webhook',
    });
  }
  const timestamp = String(Math.floor(context.clock.now() / 1000));
  const signature = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-switchover-timestamp': timestamp, 'x-switchover-signature': `sha256=${signature}` };
}

type Answered = Extract<ProbeAnswer, { readonly body: string }>;

/** 4xx is a no; of 5xx and of silence nobody knows what they did. */
function accepted(context: StepContext, answer: ProbeAnswer, operation: string): Answered {
  if (answer.status === null) {
    const { reason } = answer;
    throw new AzureError({ effect: 'lost', code: 'NoAnswer', message: reason, operation });
  }
  const { status, body, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  const wait = retryAfterSeconds(headers, context.clock.now());
  throw new AzureError({
    effect: status === 429 ? 'throttled' : status >= 500 ? 'lost' : 'refused',
    code: `HTTP_${status}`,
    message: `answered ${status}: ${body.slice(0, 200) || 'without a word'}`,
    operation,
    status,
    retryAfterSeconds: wait,
  });
}

/** Accepted, and not done: its status is at Location. Signed requests go to the receiver's own host only. */
function following(
  context: StepContext,
  url: string,
  { status, headers }: Answered,
  operation: string,
): Sent {
  const given = headers.get('location');
  if (given === undefined) return { status };
  const address = URL.canParse(given, url) ? new URL(given, url) : null;
  if (address?.origin !== new URL(url).origin) {
    throw new AzureError({
      effect: 'lost',
      code: 'STATUS_ELSEWHERE',
      message: `its status is at ${given}, not at ${new URL(url).origin}, so it is not asked there`,
      operation,
      status,
    });
  }
  return {
    status,
    operation: {
      call: CALL,
      name: address.pathname,
      location: address.href,
      startedAt: instant(context.clock.now()),
    },
  };
}
