import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { instant, type Clock } from '../core/clock.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operation } from '../core/step.ts';
import type { Operations, OperationStatus } from './access.ts';
import type { Arm } from './arm.ts';
import { errorIn, isObject, parseBody, textOf } from './body.ts';
import { AzureError } from './errors.ts';
import { errorOfResponse, isSuccess } from './failures.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** Every service seen sends Retry-After with an operation; this is for the answer that lost it. */
const DEFAULT_RETRY_SECONDS = 5;

export function createOperations(arm: Arm, clock: Clock): Operations {
  return {
    async poll(operation) {
      const asked = `Poll ${operation.call} ${operation.name}`;
      if (operation.pollUrl !== undefined) {
        return statusOf(await arm.look(asked, operation.pollUrl), asked, clock.now());
      }
      if (operation.location !== undefined) {
        return statusAtLocation(await arm.look(asked, operation.location), asked, clock.now());
      }
      throw withoutAddress(operation, asked);
    },
  };
}

/** Azure-AsyncOperation: the body's status decides, and a status that is not known is one that runs. */
function statusOf(response: PipelineResponse, operation: string, now: number): OperationStatus {
  if (!isSuccess(response.status)) throw errorOfResponse(response, { operation, now });
  const parsed = parseBody(response.bodyAsText);
  if (parsed === undefined || Array.isArray(parsed)) throw unreadable(response, operation);
  const body: JsonObject = isObject(parsed) ? parsed : {};
  const { status } = body;
  if (status === undefined) {
    return response.status === 202 ? running(response, body, now) : { is: 'succeeded' };
  }
  switch (textOf(status)?.toLowerCase()) {
    case 'succeeded':
      return succeeded(body);
    case 'failed':
      return { is: 'failed', ...failureIn(body, 'OperationFailed') };
    case 'canceled':
    case 'cancelled':
      return { is: 'canceled', ...failureIn(body, 'OperationCanceled') };
    default:
      return running(response, body, now);
  }
}

/** Location alone: the HTTP status decides. A 4xx that is about the poll and not about the operation throws. */
function statusAtLocation(
  response: PipelineResponse,
  operation: string,
  now: number,
): OperationStatus {
  if (response.status === 202) return running(response, {}, now);
  if (isSuccess(response.status)) return { is: 'succeeded' };
  const body = parseBody(response.bodyAsText);
  if ([400, 409, 412, 422].includes(response.status) && errorIn(body).code !== null) {
    return { is: 'failed', ...failureIn(body, 'OperationFailed') };
  }
  throw errorOfResponse(response, { operation, now });
}

function running(response: PipelineResponse, body: JsonObject, now: number): OperationStatus {
  const percent = body['percentComplete'];
  return {
    is: 'running',
    retryAfterSeconds: retryAfterSeconds(response.headers, now) ?? DEFAULT_RETRY_SECONDS,
    ...(typeof percent === 'number' ? { percent } : {}),
  };
}

function succeeded(body: JsonObject): OperationStatus {
  const endedAt = Date.parse(textOf(body['endTime']) ?? '');
  return Number.isNaN(endedAt)
    ? { is: 'succeeded' }
    : { is: 'succeeded', endedAt: instant(endedAt) };
}

function failureIn(
  body: Parameters<typeof errorIn>[0],
  code: string,
): { code: string; message: string } {
  const error = errorIn(body);
  return { code: error.code ?? code, message: error.message ?? 'The service gives no reason.' };
}

function unreadable(response: PipelineResponse, operation: string): AzureError {
  const message = `answered ${response.status} with something that is no status; it says nothing about the operation`;
  return new AzureError({
    effect: 'lost',
    code: 'UnreadableAnswer',
    message,
    operation,
    status: response.status,
  });
}

function withoutAddress(operation: Operation, asked: string): AzureError {
  return new AzureError({
    effect: 'refused',
    code: 'OperationWithoutAddress',
    message: `"${operation.name}" has no address to be followed at. Look at the resource.`,
    operation: asked,
  });
}
