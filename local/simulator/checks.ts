import type { Locks } from './authorization/locks.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import * as errors from './errors.ts';
import type { Caller, Tokens } from './identity/tokens.ts';
import type { Permissions } from './permissions.ts';
import type { Match } from './router.ts';
import type { Door, WireRequest, WireResponse, World } from './service.ts';
import type { Throttle } from './throttle.ts';

/** One request on its way through the gateway, gathering what the headers and the journal tell of it. */
export interface Passage {
  readonly match: Match;
  readonly request: WireRequest;
  readonly mutating: boolean;
  readonly correlationId: string;
  caller: Caller | null;
  /** Calls left until throttling. */
  remaining: number | null;
}

export interface CheckParts {
  readonly world: World;
  readonly throttle: Throttle;
  readonly permissions: Permissions;
  readonly locks: Locks;
  readonly tokens: Tokens;
  /** Canonical ids of what exists: `/subscriptions/…` and `/subscriptions/…/resourcegroups/…`. */
  readonly scopes: ReadonlySet<string>;
}

/** The answer that refuses the request; null when it may go on. */
type Check = (parts: CheckParts, passage: Passage) => WireResponse | null;

const CHECKS: Readonly<Record<Door, readonly Check[]>> = {
  'resource-manager': [token, version, load, scope, permission, lock, region],
  metrics: [token, version, permission, region],
  logs: [token, permission],
  'sign-in': [],
  identity: [],
};

/** What is refused before a service sees it, in Resource Manager's order. */
export function refusalOf(parts: CheckParts, passage: Passage): WireResponse | null {
  for (const check of CHECKS[passage.match.door]) {
    const refusal = check(parts, passage);
    if (refusal !== null) return refusal;
  }
  return null;
}

export function kindOf({ mutating }: Passage): 'read' | 'write' {
  return mutating ? 'write' : 'read';
}

function token({ tokens }: CheckParts, passage: Passage): WireResponse | null {
  const caller = tokens.verify(passage.request.headers['authorization']);
  if ('refused' in caller) return errors.unauthenticated(caller.refused);
  passage.caller = caller;
  return null;
}

function version(_parts: CheckParts, { request }: Passage): WireResponse | null {
  const given = request.query.get('api-version');
  if (given === null) return errors.apiVersionMissing(request.url.pathname);
  return /^\d{4}-\d{2}-\d{2}(-[a-z0-9.]+)?$/i.test(given) ? null : errors.apiVersionInvalid(given);
}

function load({ throttle }: CheckParts, passage: Passage): WireResponse | null {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(passage.request.url.pathname)?.[1] ?? '';
  const actor = passage.caller?.objectId ?? '';
  const kind = kindOf(passage);
  const { remaining, waitSeconds } = throttle.take(kind, subscription, actor);
  passage.remaining = remaining;
  return waitSeconds === undefined
    ? null
    : errors.throttled(kind, subscription, actor, waitSeconds);
}

function scope({ scopes }: CheckParts, { request }: Passage): WireResponse | null {
  const [, subscription, group] =
    /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(request.url.pathname) ?? [];
  if (subscription === undefined) return null;
  const root = canonicalId(`/subscriptions/${subscription}`);
  if (!scopes.has(root)) return errors.subscriptionNotFound(subscription);
  if (group === undefined || scopes.has(canonicalId(`${root}/resourceGroups/${group}`)))
    return null;
  return errors.groupNotFound(group);
}

function permission({ permissions }: CheckParts, passage: Passage): WireResponse | null {
  const { action } = passage.match.route;
  if (action === undefined) return null;
  const path = passage.request.url.pathname;
  const asked = action.endsWith('/action') ? path.slice(0, path.lastIndexOf('/')) : path;
  return permissions.allowed(action, asked, passage.caller?.clientId ?? '')
    ? null
    : errors.denied(passage.caller?.objectId ?? '', action, asked);
}

function lock({ locks }: CheckParts, { request, mutating }: Passage): WireResponse | null {
  if (!mutating) return null;
  const path = request.url.pathname;
  const verb = request.method === 'DELETE' ? 'delete' : 'write';
  const found = locks.refusing(verb, path);
  return found === null ? null : errors.scopeLocked(path, verb, found.scope);
}

function region({ world }: CheckParts, { match, request }: Passage): WireResponse | null {
  const where = match.route.region?.(request);
  return where !== undefined && world.outages.of(where) === 'control'
    ? errors.regionUnavailable(where)
    : null;
}
