import { isRestError, type PipelineResponse, type RestError } from '@azure/core-rest-pipeline';
import { messageOf } from '../core/errors.ts';
import { errorIn, parseBody } from './body.ts';
import { AzureError } from './errors.ts';
import { retryAfterSeconds } from './retry-after.ts';

/**
 * Codes that say "something else holds the resource": the request had no effect and may work later. Network answers
 * some of them with 429, which then is no throttling. Other 409s (an administrator's lock, a missing registration, a
 * name taken) do not pass by waiting.
 */
const BUSY: ReadonlySet<string> = new Set(
  [
    'FailoverGroupBusy',
    'ConflictingServerOperation',
    'DatabaseBeingAddedToFailoverGroup',
    'OperationInterrupted',
    'OperationPreempted',
    'AnotherOperationInProgress',
    'RetryableErrorDueToAnotherOperation',
    'RetryableError',
    'ReferencedResourceNotProvisioned',
    'Conflict',
    'ExpiredAuthenticationToken',
    'PreconditionFailed',
  ].map((code) => code.toLowerCase()),
);

/** Raised while connecting: nothing of the request has left. */
const UNCONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** The other end is not who it should be. Nothing was sent, and asking again does not help. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF))/;

/** An answer's link led to a host that is not the Azure that is configured. */
export const FOREIGN_ADDRESS = 'ForeignAddress';

const CREDENTIAL_ERRORS: ReadonlySet<string> = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
]);

export interface Asked {
  /** What was asked of which resource. */
  readonly operation: string;
  /** Epoch milliseconds of the injected clock. */
  readonly now: number;
}

interface Answered {
  readonly status: number;
  readonly headers: Pick<PipelineResponse['headers'], 'get'>;
  readonly code: string | null;
  readonly message: string | null;
  readonly cause?: unknown;
}

/** The error that an answer stands for when it is not the one hoped for. */
export function errorOfResponse(response: PipelineResponse, asked: Asked): AzureError {
  const { code, message } = errorIn(parseBody(response.bodyAsText));
  return errorOfAnswer(
    { status: response.status, headers: response.headers, code, message },
    asked,
  );
}

/**
 * The error that a failed request stands for. `sent` says whether anything has left this process: what never left had
 * no effect. Of what never left, errors that are about no request (bugs) are returned unchanged.
 */
export function errorOfFailure(failure: unknown, asked: Asked, sent: boolean): Error {
  if (failure instanceof AzureError) return failure;
  if (isRestError(failure)) return errorOfRest(failure, asked, sent);
  if (!(failure instanceof Error)) return new Error(String(failure));
  const { operation } = asked;
  if (CREDENTIAL_ERRORS.has(failure.name)) {
    const message = `no token, so nothing was sent: ${messageOf(failure)} Check the app's managed identity.`;
    return new AzureError({
      effect: 'refused',
      transient: true,
      code: failure.name,
      message,
      operation,
      cause: failure,
    });
  }
  return sent || isRequestFailure(failure)
    ? unanswered(failure.name, failure, asked, sent)
    : failure;
}

/** Whether an error is about a request, and no bug. */
export function isRequestFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error instanceof AzureError ||
    isRestError(error) ||
    CREDENTIAL_ERRORS.has(error.name) ||
    ['AbortError', 'TimeoutError'].includes(error.name)
  );
}

function errorOfRest(failure: RestError, asked: Asked, sent: boolean): AzureError {
  const { response, statusCode } = failure;
  if (response !== undefined && statusCode !== undefined && !isSuccess(statusCode)) {
    const fromBody = errorIn(parseBody(response.bodyAsText));
    const code = failure.code === 'PARSE_ERROR' ? null : (failure.code ?? fromBody.code);
    const message = code === null ? null : (fromBody.message ?? failure.message);
    return errorOfAnswer(
      { status: statusCode, headers: response.headers, code, message, cause: failure },
      asked,
    );
  }
  const code = failure.code === 'PARSE_ERROR' ? 'UnreadableAnswer' : (failure.code ?? 'NoAnswer');
  const { operation } = asked;
  if (code === FOREIGN_ADDRESS || UNTRUSTED.test(code)) {
    const message = `the other end is not to be trusted, so nothing was sent: ${failure.message}`;
    return new AzureError({ effect: 'refused', code, message, operation, cause: failure });
  }
  return unanswered(code, failure, asked, sent && !UNCONNECTED.has(code));
}

function unanswered(code: string, cause: Error, { operation }: Asked, sent: boolean): AzureError {
  return sent
    ? new AzureError({
        effect: 'lost',
        code,
        message: `no usable answer: ${cause.message}`,
        operation,
        cause,
      })
    : new AzureError({
        effect: 'refused',
        transient: true,
        code,
        message: `could not be sent: ${cause.message}`,
        operation,
        cause,
      });
}

function errorOfAnswer(answer: Answered, { operation, now }: Asked): AzureError {
  const code = answer.code ?? `Http${answer.status}`;
  const busy = isBusy(answer.status, code);
  const effect = effectOf(answer.status, busy);
  const said = answer.message ?? 'without an explanation that can be read';
  return new AzureError({
    effect,
    code,
    message: `answered ${answer.status} ${code}: ${said}${adviceFor(answer.status, busy)}`,
    operation,
    status: answer.status,
    transient: effect !== 'refused' || busy,
    retryAfterSeconds: retryAfterSeconds(answer.headers, now),
    correlationId: correlationOf(answer.headers) ?? null,
    cause: answer.cause,
  });
}

/** Whether a resource is held by something else, as opposed to a caller that asks too much. */
export function isBusy(status: number, code: string | null): boolean {
  return status === 412 || (status < 500 && BUSY.has((code ?? '').toLowerCase()));
}

function effectOf(status: number, busy: boolean): AzureError['effect'] {
  if (status === 429 && !busy) return 'throttled';
  // 408 is a server's own time-out: like a 5xx it does not say how far the request got. A redirect comes from
  // something that is not Resource Manager.
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'lost';
}

function adviceFor(status: number, busy: boolean): string {
  if (status === 401) return " Check the app's managed identity and the token scope setting.";
  if (status === 403)
    return " Give the app's identity the role that this action needs, at this scope.";
  return busy ? ' Something else holds the resource; try again when it is through.' : '';
}

export function correlationOf(
  headers: Pick<PipelineResponse['headers'], 'get'>,
): string | undefined {
  return headers.get('x-ms-correlation-request-id') ?? headers.get('x-ms-request-id');
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
