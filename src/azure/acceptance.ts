import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { instant } from '../core/clock.ts';
import type { Accepted } from './access.ts';
import { parseBody } from './body.ts';
import { AzureError } from './errors.ts';
import { correlationOf, errorOfResponse, isSuccess, type Asked } from './failures.ts';

/** What a service said to a change: accepted, perhaps with an operation to follow. Throws when it said no. */
export function acceptanceOf(response: PipelineResponse, asked: Asked): Accepted {
  if (!isSuccess(response.status)) throw errorOfResponse(response, asked);
  const operation = operationOf(response, asked.now);
  if (operation === undefined && parseBody(response.bodyAsText) === undefined) {
    throw new AzureError({
      effect: 'lost',
      code: 'UnreadableAnswer',
      message: `answered ${response.status} with something that is no JSON; look at the resource`,
      operation: asked.operation,
      status: response.status,
      correlationId: correlationOf(response.headers) ?? null,
    });
  }
  const correlationId = correlationOf(response.headers);
  return {
    status: response.status,
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(operation === undefined ? {} : { operation }),
  };
}

/** The addresses are opaque, up to 4 KB long and signed: they are kept as they came. */
function operationOf({ status, headers }: PipelineResponse, now: number): Accepted['operation'] {
  const pollUrl = headers.get('azure-asyncoperation') ?? headers.get('operation-location');
  // With 201 and 200, Location alone names the resource, not an operation.
  const location = pollUrl === undefined && status !== 202 ? undefined : headers.get('location');
  const address = pollUrl ?? location;
  if (address === undefined) return undefined;
  const correlationId = correlationOf(headers);
  return {
    name: lastSegment(address),
    ...(pollUrl === undefined ? {} : { pollUrl }),
    ...(location === undefined ? {} : { location }),
    startedAt: instant(now),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...jobOf(headers),
  };
}

/** Site Recovery names the job, which knows more than its operation, in the request id. */
function jobOf(
  headers: PipelineResponse['headers'],
): { handle: { jobId: string } } | Record<string, never> {
  const requestId = headers.get('x-ms-request-id')?.split(',')[0]?.trim() ?? '';
  return /\/replicationJobs\/[^/]+$/i.test(requestId) ? { handle: { jobId: requestId } } : {};
}

function lastSegment(address: string): string {
  return address.split('?')[0]?.split('/').at(-1) ?? address;
}
