import { Refusal, errorResponse } from '../errors.ts';
import { siteRecoveryStyle } from '../operation-styles.ts';
import type { LongRunning } from '../operations.ts';
import type { WireRequest, WireResponse, World } from '../service.ts';
import { cancelJob, startJob } from './jobs.ts';
import type { Job, JobPlan } from './jobs.ts';
import type { Vault } from './vault.ts';

/** A long-running operation is a view of its job: they have the same id. */
export interface Operation {
  readonly job: Job;
  readonly request: Pick<WireRequest, 'method' | 'origin'> & {
    readonly path: string;
    readonly apiVersion: string;
  };
  readonly clientRequestId: string;
  readonly correlationId: string;
  /** What Location answers in the end. */
  readonly result: () => WireResponse;
}

export interface Launch {
  readonly world: World;
  readonly vault: Vault;
  readonly request: WireRequest;
  readonly plan: JobPlan;
  readonly result: () => WireResponse;
  /** For the journal; absent when the job changes nothing. */
  readonly effect?: string;
}

const POLL_SECONDS = 30;

/** Starts the job and answers 202 with the addresses to follow it. */
export function launch(
  id: string,
  { world, vault, request, plan, result, effect }: Launch,
): WireResponse {
  const operation: Operation = {
    job: startJob(world, id, plan),
    request: {
      method: request.method,
      origin: request.origin,
      path: request.url.pathname,
      apiVersion: request.query.get('api-version') ?? '',
    },
    clientRequestId: request.headers['x-ms-client-request-id'] ?? world.newId(),
    correlationId: request.headers['x-ms-correlation-request-id'] ?? world.newId(),
    result,
  };
  vault.operations.set(id.toLowerCase(), operation);
  const { status, headers } = siteRecoveryStyle.accepted(longRunning(vault, operation));
  return {
    status,
    headers: { ...headers, ...retryAfter(world) },
    ...(effect !== undefined && { effect }),
  };
}

/** GET of the Azure-AsyncOperation address. */
export function operationStatus(world: World, vault: Vault, id: string): WireResponse {
  const operation = needOperation(vault, id);
  const body = siteRecoveryStyle.poll(longRunning(vault, operation));
  const runs = operation.job.state === 'InProgress';
  return { status: 200, ...(runs && { headers: retryAfter(world) }), body };
}

/** GET of the Location address. What it answers in the end was not recorded. */
export function operationResult(world: World, vault: Vault, id: string): WireResponse {
  const { job, result } = needOperation(vault, id);
  if (job.state === 'InProgress') return { status: 202, headers: retryAfter(world) };
  const [error] = job.errors;
  return error === undefined ? result() : errorResponse(409, error.code, error.message);
}

export function needOperation({ operations }: Vault, id: string): Operation {
  const found = operations.get(id.toLowerCase());
  if (found !== undefined) return found;
  throw new Refusal(
    errorResponse(404, 'JobNotFound', `The job '${id}' was not found in the vault.`),
  );
}

/** Cancelling is a job of its own; that it takes two seconds is a guess. */
export function cancelPlan(world: World, id: string, { job }: Operation): JobPlan {
  const cancel = {
    label: 'Cancel',
    seconds: 2,
    fault: null,
    complete: () => (cancelJob(world, job), 'done' as const),
  };
  return {
    scenario: 'CancelJob',
    friendlyName: 'Cancel job',
    target: { id, name: job.id, type: 'Job' },
    tasks: [
      {
        name: 'CancelJobTask',
        friendlyName: 'Cancel job',
        type: 'TaskDetails',
        strands: () => [cancel],
      },
    ],
    ended: () => undefined,
  };
}

function longRunning(vault: Vault, { job, request }: Operation): LongRunning {
  const [error] = job.errors;
  return {
    id: job.id,
    name: job.plan.scenario,
    ...request,
    subscription: vault.id.split('/')[2] ?? '',
    region: vault.region,
    startedAt: job.startedAt,
    // Jobs are Cancelled, operations Canceled.
    state: job.state === 'Cancelled' ? 'Canceled' : job.state,
    endedAt: job.endedAt,
    error: error === undefined || job.state === 'InProgress' ? null : error,
    polls: 0,
  };
}

function retryAfter(world: World): Record<string, string> {
  return { 'Retry-After': String(Math.max(1, Math.round(POLL_SECONDS / world.speed))) };
}
