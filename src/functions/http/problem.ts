import { SwitchoverError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { answer } from './exchange.ts';
import type { WebAnswer } from './exchange.ts';

const TITLES: Readonly<Record<ErrorCode, string>> = {
  PLAN_INVALID: 'The plan is not valid',
  PLAN_UNKNOWN: 'There is no such plan',
  PLAN_NOT_READY: 'The plan could not be run',
  PLAN_CHANGED: 'The plan was changed by somebody else',
  PLANS_IN_PACKAGE: 'Plans come with the package here',
  EXECUTION_UNKNOWN: 'There is no such execution',
  METHOD_NOT_ALLOWED: 'The address does not take this method',
  REQUEST_MALFORMED: 'The request cannot be read',
  REQUEST_TOO_LARGE: 'The request is too large',
  CONTENT_TYPE_UNSUPPORTED: 'The body is of another type',
  REQUEST_INVALID: 'The request cannot be carried out as it is',
  UNAUTHENTICATED: 'Nobody is signed in',
  FORBIDDEN: 'Not allowed',
  CROSS_SITE: 'The request may come from a page of another site',
  LOCKED: 'Another execution runs',
  IDEMPOTENCY_KEY_REUSED: 'The idempotency key stands for another request',
  TRANSITION_REFUSED: 'Not possible in this state',
  RATE_LIMITED: 'Too many requests',
  SETTING_INVALID: "The app's settings are not valid",
  STORE_UNAVAILABLE: 'The state store does not answer',
  STORE_CONFLICT: 'Somebody else changed it at the same time',
  AZURE_REFUSED: 'Azure refused',
  AZURE_UNAVAILABLE: 'Azure does not answer',
  AZURE_THROTTLED: 'Azure asks to slow down',
  ANSWER_LOST: 'An answer was lost',
  INTERNAL: 'Switchover failed',
};

const RETRY_SECONDS = '5';

/**
 * RFC 9457. `code` is stable; details of the error (such as `execution` of LOCKED) are members beside it. What nobody
 * meant to throw may name internals: its text stays in the log.
 */
export function problem(
  thrown: unknown,
  instance: string,
  headers: Readonly<Record<string, string>> = {},
): WebAnswer {
  const error =
    thrown instanceof SwitchoverError
      ? thrown
      : new SwitchoverError(
          'INTERNAL',
          "Something failed that should not. The app's log says what; the same request may be sent again.",
        );
  const { code, status, message, details } = error;
  const body = {
    ...details,
    type: `urn:switchover:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[code],
    status,
    detail: message,
    instance,
    code,
  };
  return answer(status, JSON.stringify(body), {
    'content-type': 'application/problem+json; charset=utf-8',
    ...(status === 503 ? { 'retry-after': RETRY_SECONDS } : {}),
    ...(code === 'RATE_LIMITED' ? { 'retry-after': String(details['retryAfterSeconds']) } : {}),
    ...headers,
  });
}
