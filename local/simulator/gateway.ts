import { instant } from '../../src/core/clock.ts';
import type { Json } from '../../src/core/json.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import * as errors from './errors.ts';
import { OF_REQUESTS } from './faults.ts';
import { standardHeaders } from './headers.ts';
import type { Caller, Tokens } from './identity/tokens.ts';
import type { Journal } from './journal.ts';
import type { Permissions } from './permissions.ts';
import type { Match, Router } from './router.ts';
import type { Door, Fault, WireRequest, WireResponse, World } from './service.ts';
import type { Throttle } from './throttle.ts';

/** A request as a transport hands it over. Header names are in lower case. */
export interface Inbound {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a caller experiences. `broken`: the connection is reset. `silent`: nothing ever comes. */
export type Outcome =
  | { readonly is: 'answer'; readonly response: WireResponse }
  | { readonly is: 'broken' }
  | { readonly is: 'silent' };

export interface GatewayParts {
  readonly world: World;
  readonly router: Router;
  readonly journal: Journal;
  readonly throttle: Throttle;
  readonly permissions: Permissions;
  readonly tokens: Tokens;
  /** Canonical ids of what exists: `/subscriptions/…` and `/subscriptions/…/resourcegroups/…`. */
  readonly scopes: ReadonlySet<string>;
}

export type Gateway = (inbound: Inbound, doors: readonly Door[]) => Promise<Outcome>;

/** One request on its way, gathering what the journal and the headers tell of it. */
interface Passage {
  readonly inbound: Inbound;
  readonly match: Match;
  readonly request: WireRequest;
  readonly kind: 'read' | 'write';
  readonly mutating: boolean;
  readonly correlationId: string;
  caller: Caller | null;
  remaining: number | null;
}

/** What Resource Manager does before and after a service sees the request. */
export function createGateway(parts: GatewayParts): Gateway {
  const { world, router, journal } = parts;
  return async (inbound, doors) => {
    world.catchUp();
    const match = router(inbound.method, inbound.url.pathname, doors);
    const correlationId = inbound.headers['x-ms-correlation-request-id'] ?? world.newId();
    if (match === null) {
      const response = errors.notSimulated(inbound.method, inbound.url.pathname);
      journal.add(entry(world, inbound, null, correlationId, response, response.status));
      return { is: 'answer', response };
    }
    const passage = begin(inbound, match, correlationId);
    const { outcome, response } = await pass(parts, passage);
    const status = outcome.is === 'answer' ? outcome.response.status : null;
    journal.add(entry(world, inbound, passage, correlationId, response, status));
    return outcome.is === 'answer'
      ? {
          is: 'answer',
          response: { ...outcome.response, headers: headersOf(world, passage, outcome.response) },
        }
      : outcome;
  };
}

function begin(inbound: Inbound, match: Match, correlationId: string): Passage {
  const mutating = match.route.mutating ?? inbound.method !== 'GET';
  return {
    inbound,
    match,
    request: {
      method: inbound.method,
      origin: inbound.url.origin,
      url: inbound.url,
      params: match.params,
      query: inbound.url.searchParams,
      headers: inbound.headers,
      body: undefined,
    },
    kind: mutating ? 'write' : 'read',
    mutating,
    correlationId,
    caller: null,
    remaining: null,
  };
}

type Check = (parts: GatewayParts, passage: Passage) => WireResponse | null;

const CHECKS: Readonly<Record<Door, readonly Check[]>> = {
  'resource-manager': [
    checkToken,
    checkVersion,
    checkThrottle,
    checkScope,
    checkPermission,
    checkRegion,
  ],
  metrics: [checkToken, checkVersion, checkPermission, checkRegion],
  'sign-in': [],
  identity: [],
};

async function pass(
  parts: GatewayParts,
  passage: Passage,
): Promise<{ outcome: Outcome; response: WireResponse | null }> {
  for (const check of CHECKS[passage.match.door]) {
    const refusal = check(parts, passage);
    if (refusal !== null)
      return { outcome: { is: 'answer', response: refusal }, response: refusal };
  }
  const fault = parts.world.takeFault(
    passage.match.operation,
    passage.inbound.url.pathname,
    OF_REQUESTS,
  );
  if (fault?.kind === 'fail-before') return { outcome: { is: 'broken' }, response: null };
  const response = fault?.kind === 'respond' ? faulty(fault) : await serve(passage);
  const outcome: Outcome =
    fault?.kind === 'lose-reply' ? { is: 'silent' } : { is: 'answer', response };
  return { outcome, response };
}

async function serve({ match, inbound, request }: Passage): Promise<WireResponse> {
  const body = parseBody(inbound);
  if (body === null) return errors.bodyMalformed();
  try {
    return await match.route.handle({ ...request, body: body.value });
  } catch (error) {
    return error instanceof errors.Refusal ? error.response : errors.broken(error);
  }
}

function parseBody({ headers, body }: Inbound): { value: Json | undefined } | null {
  if (body === undefined || body === '') return { value: undefined };
  if (!(headers['content-type'] ?? 'application/json').includes('json')) return { value: body };
  try {
    const value: Json = JSON.parse(body);
    return { value };
  } catch {
    return null;
  }
}

function faulty(fault: Fault): WireResponse {
  return errors.errorResponse(
    fault.status ?? 500,
    fault.code ?? 'InternalServerError',
    fault.message ?? 'An injected fault.',
    fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) },
  );
}

function checkToken(parts: GatewayParts, passage: Passage): WireResponse | null {
  const caller = parts.tokens.verify(passage.inbound.headers['authorization']);
  if ('refused' in caller) return errors.unauthenticated(caller.refused);
  passage.caller = caller;
  return null;
}

function checkVersion(_parts: GatewayParts, { request }: Passage): WireResponse | null {
  const version = request.query.get('api-version');
  if (version === null) return errors.apiVersionMissing(request.url.pathname);
  return /^\d{4}-\d{2}-\d{2}(-[a-z0-9.]+)?$/i.test(version)
    ? null
    : errors.apiVersionInvalid(version);
}

function checkThrottle(parts: GatewayParts, passage: Passage): WireResponse | null {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(passage.inbound.url.pathname)?.[1] ?? '';
  const actor = passage.caller?.objectId ?? '';
  const { remaining, waitSeconds } = parts.throttle.take(passage.kind, subscription, actor);
  passage.remaining = remaining;
  return waitSeconds === undefined
    ? null
    : errors.throttled(passage.kind, subscription, actor, waitSeconds);
}

function checkScope({ scopes }: GatewayParts, { inbound }: Passage): WireResponse | null {
  const [, subscription, group] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(inbound.url.pathname) ?? [];
  if (subscription === undefined) return null;
  const root = canonicalId(`/subscriptions/${subscription}`);
  if (!scopes.has(root)) return errors.subscriptionNotFound(subscription);
  if (group === undefined || scopes.has(canonicalId(`${root}/resourceGroups/${group}`)))
    return null;
  return errors.groupNotFound(group);
}

function checkPermission(
  parts: GatewayParts,
  { match, inbound, caller }: Passage,
): WireResponse | null {
  const { action } = match.route;
  if (action === undefined) return null;
  const path = inbound.url.pathname;
  const scope = action.endsWith('/action') ? path.slice(0, path.lastIndexOf('/')) : path;
  return parts.permissions.allowed(action, scope)
    ? null
    : errors.denied(caller?.objectId ?? '', action, scope);
}

function checkRegion({ world }: GatewayParts, { match, request }: Passage): WireResponse | null {
  const region = match.route.region?.(request);
  return region !== undefined && world.outages.of(region) === 'control'
    ? errors.regionUnavailable(region)
    : null;
}

function headersOf(world: World, passage: Passage, response: WireResponse): Record<string, string> {
  if (passage.match.door !== 'resource-manager') return { ...response.headers };
  const standard = standardHeaders(world, {
    correlationId: passage.correlationId,
    clientRequestId: passage.inbound.headers['x-ms-client-request-id'],
    kind: passage.kind,
    remaining: passage.remaining,
  });
  return { ...standard, ...response.headers };
}

function entry(
  world: World,
  inbound: Inbound,
  passage: Passage | null,
  correlationId: string,
  response: WireResponse | null,
  status: number | null,
): Parameters<Journal['add']>[0] {
  return {
    at: instant(world.clock.now()),
    method: inbound.method,
    path: canonicalId(inbound.url.pathname),
    operation: passage?.match.operation ?? null,
    action: passage?.match.route.action ?? null,
    mutating: passage?.mutating ?? false,
    status,
    code: errors.errorCode(response?.body),
    correlationId,
    effect: response?.effect ?? null,
  };
}
