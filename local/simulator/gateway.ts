import { instant } from '../../src/core/clock.ts';
import type { Json } from '../../src/core/json.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import { kindOf, refusalOf, type CheckParts, type Passage } from './checks.ts';
import * as errors from './errors.ts';
import { OF_REQUESTS } from './faults.ts';
import { standardHeaders } from './headers.ts';
import type { Journal } from './journal.ts';
import type { Match, Router } from './router.ts';
import type { Door, Fault, WireRequest, WireResponse, World } from './service.ts';

/** A request as a transport hands it over. Header names are in lower case. */
export interface Inbound {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a caller experiences. `broken`: the connection is reset. `silent`: nothing ever comes. */
export type Outcome =
  | {
      readonly is: 'answer';
      readonly response: WireResponse;
      /** It comes so much later than usual. */
      readonly lateSeconds?: number;
    }
  | { readonly is: 'broken' | 'silent' };

export interface GatewayParts extends CheckParts {
  readonly router: Router;
  readonly journal: Journal;
}

export type Gateway = (inbound: Inbound, door: Door) => Promise<Outcome>;

/** What comes late comes so late, unless the fault says otherwise. */
export const LATE_SECONDS = 10;

/** What every service of Azure does before and after its own work. */
export function createGateway(parts: GatewayParts): Gateway {
  const { world, router, journal } = parts;
  return async (inbound, door) => {
    world.catchUp();
    const { method } = inbound;
    const url = withoutEmptySegments(inbound.url);
    const match = router(method, url.pathname, door);
    const passage = match === null ? null : begin(world, { ...inbound, url }, match);
    const enter = ({ outcome, response }: Result): void =>
      journal.add({
        at: instant(world.clock.now()),
        door,
        method,
        path: canonicalId(url.pathname),
        operation: match?.operation ?? null,
        action: match?.route.action ?? null,
        caller: passage?.caller?.clientId ?? null,
        mutating: passage?.mutating ?? false,
        status: outcome.is === 'answer' ? outcome.response.status : null,
        code: errors.errorCode(response?.body),
        correlationId: passage?.correlationId ?? world.newId(),
        effect: response?.effect ?? null,
        ...('lateSeconds' in outcome ? { lateSeconds: outcome.lateSeconds } : {}),
      });
    const result =
      passage === null
        ? answered(errors.notSimulated(method, url.pathname))
        : await pass(parts, passage, inbound, enter);
    const { outcome } = result;
    if (result.later !== true) enter(result);
    return outcome.is === 'answer' && passage !== null
      ? { ...outcome, response: withHeaders(world, passage, outcome.response) }
      : outcome;
  };
}

/** Azure overlooks them, and some of its SDKs send them (`//subscriptions/…`). */
function withoutEmptySegments(url: URL): URL {
  const tidy = new URL(url);
  tidy.pathname = url.pathname.replace(/\/{2,}/g, '/');
  return tidy;
}

/** What the caller gets, and what the service said, which a lost reply keeps apart. */
interface Result {
  readonly outcome: Outcome;
  readonly response: WireResponse | null;
  /** It is still on its way, and is entered in the journal when it arrives. */
  readonly later?: true;
}

function answered(response: WireResponse): Result {
  return { outcome: { is: 'answer', response }, response };
}

function begin(world: World, { method, url, headers }: Inbound, match: Match): Passage {
  const request: WireRequest = {
    method,
    origin: url.origin,
    url,
    params: match.params,
    query: url.searchParams,
    headers,
    body: undefined,
  };
  return {
    match,
    request,
    mutating: match.route.mutating ?? method !== 'GET',
    correlationId: headers['x-ms-correlation-request-id'] ?? world.newId(),
    caller: null,
    remaining: null,
  };
}

async function pass(
  parts: GatewayParts,
  passage: Passage,
  { body }: Inbound,
  enter: (result: Result) => void,
): Promise<Result> {
  const refusal = refusalOf(parts, passage);
  if (refusal !== null) return answered(refusal);
  const { match, request } = passage;
  const fault = parts.world.takeFault(match.operation, request.url.pathname, OF_REQUESTS);
  if (fault?.kind === 'fail-before') return { outcome: { is: 'broken' }, response: null };
  if (fault?.kind === 'respond') return answered(faultResponse(fault));
  if (fault?.kind === 'arrive-late') {
    const { world } = parts;
    const outcome = { is: 'broken' } as const;
    const seconds = fault.delaySeconds ?? LATE_SECONDS;
    world.after(seconds, () => {
      void serve(passage, body).then((response) => enter({ outcome, response }));
    });
    // It arrives then, and is in the journal then, even if nobody looks for an hour.
    void world.clock.sleep(Math.ceil((seconds * 1_000) / world.speed)).then(world.catchUp);
    return { outcome, response: null, later: true };
  }
  const response = await serve(passage, body);
  if (fault?.kind === 'slow-reply') {
    const lateSeconds = fault.delaySeconds ?? LATE_SECONDS;
    return { outcome: { is: 'answer', response, lateSeconds }, response };
  }
  return fault?.kind === 'lose-reply'
    ? { outcome: { is: 'silent' }, response }
    : answered(response);
}

/** The answer that a `respond` fault gives in the service's place. */
export function faultResponse(fault: Fault): WireResponse {
  return errors.errorResponse(
    fault.status ?? 500,
    fault.code ?? 'InternalServerError',
    fault.message ?? 'An injected fault.',
    fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) },
  );
}

async function serve({ match, request }: Passage, text: string | undefined): Promise<WireResponse> {
  const body = parseBody(request, text);
  if (body === null) return errors.bodyMalformed();
  try {
    return await match.route.handle({ ...request, body: body.value });
  } catch (error) {
    return error instanceof errors.Refusal ? error.response : errors.broken(error);
  }
}

function parseBody(
  { headers }: WireRequest,
  text: string | undefined,
): { readonly value: Json | undefined } | null {
  if (text === undefined || text === '') return { value: undefined };
  if (!(headers['content-type'] ?? 'application/json').includes('json')) return { value: text };
  try {
    // JSON.parse gives nothing but JSON.
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}

function withHeaders(world: World, passage: Passage, response: WireResponse): WireResponse {
  if (passage.match.door !== 'resource-manager') return response;
  const standard = standardHeaders(world, {
    correlationId: passage.correlationId,
    clientRequestId: passage.request.headers['x-ms-client-request-id'],
    kind: kindOf(passage),
    remaining: passage.remaining,
  });
  return { ...response, headers: { ...standard, ...response.headers } };
}
