import type { Json } from '../../src/core/json.ts';
import { errorResponse, Refusal, regionUnavailable } from './errors.ts';
import type { WireRequest, WireResponse, World } from './service.ts';

/** How one Azure service announces a long-running operation and answers about it. */
export interface OperationStyle {
  /** The answer to the request that began it: status, headers, body. */
  readonly accepted: (operation: LongRunning) => WireResponse;
  readonly poll: (operation: LongRunning) => Json;
  /** Seconds that a poll's answer asks to wait, by the number of polls so far. Null when the service sends none. */
  readonly retryAfter: (polls: number) => number | null;
  /** Seconds that the first answer asks to wait, when the service says so there. */
  readonly announces?: number;
}

export interface OperationError {
  readonly code: string;
  readonly message: string;
}

export interface LongRunning {
  readonly id: string;
  /** The service's own word for it: FailoverFailoverGroup. */
  readonly name: string;
  /** Of the request that began it: they make up the addresses to poll. */
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly apiVersion: string;
  readonly subscription: string;
  readonly region: string;
  readonly startedAt: number;
  state: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  endedAt: number | null;
  error: OperationError | null;
  polls: number;
}

export interface BeginOperation {
  readonly request: WireRequest;
  readonly style: OperationStyle;
  /** For faults: `sql/failover`, and the id of the resource. */
  readonly operation: string;
  readonly resource: string;
  readonly name: string;
  /** Its outage of size `control` makes polls fail too. */
  readonly region: string;
  /** For the journal. */
  readonly effect: string;
  readonly seconds: number;
  /** The operation's id, where the service gives it a meaning (Site Recovery: the job's). */
  readonly id?: string;
  /** Makes the change; an error makes the operation fail, and nothing may have changed. */
  readonly complete: () => OperationError | null;
  /** Told when a fault makes the operation fail instead. */
  readonly abandon?: (error: OperationError) => void;
  /** What its Location answers once it has succeeded. */
  readonly result?: () => WireResponse;
}

export interface Operations {
  begin(operation: BeginOperation): WireResponse;
  find(id: string): LongRunning | null;
  /** The answer to a GET of the Azure-AsyncOperation address. */
  poll(id: string): WireResponse;
  /** The answer to a GET of the Location address: 202 while it runs. */
  result(id: string): WireResponse;
}

interface Kept {
  readonly operation: LongRunning;
  readonly begun: BeginOperation;
}

export function createOperations(world: World): Operations {
  const kept = new Map<string, Kept>();
  const need = (id: string): Kept => {
    const found = kept.get(id.toLowerCase());
    if (found === undefined) {
      throw new Refusal(
        errorResponse(404, 'OperationIdNotFound', `The operation with Id ${id} does not exist.`),
      );
    }
    return found;
  };
  return {
    begin: (begun) => {
      const operation = start(world, begun);
      kept.set(operation.id.toLowerCase(), { operation, begun });
      run(world, operation, begun);
      return announce(world, operation, begun);
    },
    find: (id) => kept.get(id.toLowerCase())?.operation ?? null,
    poll: (id) => {
      const { operation, begun } = need(id);
      refuseInOutage(world, operation);
      operation.polls += 1;
      const body = begun.style.poll(operation);
      return { status: 200, headers: waitHeader(world, begun.style, operation), body };
    },
    result: (id) => {
      const { operation, begun } = need(id);
      refuseInOutage(world, operation);
      return resultOf(world, operation, begun);
    },
  };
}

function announce(world: World, operation: LongRunning, begun: BeginOperation): WireResponse {
  const response = begun.style.accepted(operation);
  const { announces } = begun.style;
  const wait = announces === undefined ? {} : retryAfter(world, announces);
  return { ...response, headers: { ...response.headers, ...wait }, effect: begun.effect };
}

function resultOf(world: World, operation: LongRunning, begun: BeginOperation): WireResponse {
  if (operation.state === 'InProgress') {
    return { status: 202, headers: waitHeader(world, begun.style, operation) };
  }
  const { error } = operation;
  if (error !== null) return errorResponse(409, error.code, error.message);
  return begun.result?.() ?? { status: 200 };
}

function start(world: World, begun: BeginOperation): LongRunning {
  const { request } = begun;
  return {
    id: begun.id ?? world.newId(),
    name: begun.name,
    method: request.method,
    origin: request.origin,
    path: request.url.pathname,
    apiVersion: request.query.get('api-version') ?? '',
    subscription: /^\/subscriptions\/([^/]+)/i.exec(request.url.pathname)?.[1] ?? '',
    region: begun.region,
    startedAt: world.clock.now(),
    state: 'InProgress',
    endedAt: null,
    error: null,
    polls: 0,
  };
}

function run(world: World, operation: LongRunning, begun: BeginOperation): void {
  const fault = world.takeFault(begun.operation, begun.resource);
  if (fault?.kind === 'stuck-operation') return;
  const slower = fault?.kind === 'slow-operation' ? (fault.factor ?? 10) : 1;
  world.after(begun.seconds * slower, () => {
    if (fault?.kind === 'fail-operation') {
      operation.error = {
        code: fault.code ?? 'InternalServerError',
        message: fault.message ?? 'The operation failed by an injected fault.',
      };
      begun.abandon?.(operation.error);
    } else {
      operation.error = begun.complete();
    }
    operation.state = operation.error === null ? 'Succeeded' : 'Failed';
    operation.endedAt = world.clock.now();
  });
}

function refuseInOutage(world: World, { region }: LongRunning): void {
  if (world.outages.of(region) === 'control') throw new Refusal(regionUnavailable(region));
}

function waitHeader(
  world: World,
  style: OperationStyle,
  operation: LongRunning,
): Record<string, string> {
  const seconds = operation.state === 'InProgress' ? style.retryAfter(operation.polls) : null;
  return seconds === null ? {} : retryAfter(world, seconds);
}

/** Whole seconds, at least one, fewer in a world that runs faster than the clock. */
function retryAfter(world: World, seconds: number): Record<string, string> {
  return { 'Retry-After': String(Math.max(1, Math.round(seconds / world.speed))) };
}
