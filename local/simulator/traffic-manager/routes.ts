import type { Json, JsonObject } from '../../../src/core/json.ts';
import { canonicalId, resourceName } from '../../../src/core/resource-id.ts';
import { Refusal, resourceNotFound } from '../errors.ts';
import type { Route, WireRequest, WireResponse } from '../service.ts';
import type { Endpoint, EndpointType, Profile } from './profile.ts';
import type { Profiles } from './profiles.ts';
import { endpointType, parseEndpoint, parseProfile, sameName, withEndpoint } from './requests.ts';
import type { TargetName } from './requests.ts';
import { endpointJson, profileJson } from './wire.ts';

interface Parts {
  readonly profiles: Profiles;
  readonly targetName: TargetName;
}

const SUBSCRIPTION = '/subscriptions/{sub}/providers/Microsoft.Network/trafficManagerProfiles';
const GROUP =
  '/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.Network/trafficManagerProfiles';
const PROFILE = `${GROUP}/{profile}`;
const ACTION = 'Microsoft.Network/trafficManagerProfiles';

/** No operation is long-running here, and there are no ETags: the last PUT wins. */
export function trafficManagerRoutes(parts: Parts): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    operation: string,
    right: string,
    handle: (parts: Parts, request: WireRequest) => WireResponse,
  ): Route => ({
    method,
    path,
    operation: `traffic-manager/${operation}`,
    action: `${ACTION}/${right}`,
    handle: (request) => answered(handle(parts, request)),
  });
  const ofType = (type: EndpointType): readonly Route[] => {
    const path = `${PROFILE}/${type}/{endpoint}`;
    return [
      route('GET', path, 'get-endpoint', `${type}/read`, getEndpoint),
      route('PUT', path, 'put-endpoint', `${type}/write`, putEndpoint),
      route('PATCH', path, 'patch-endpoint', `${type}/write`, patchEndpoint),
      route('DELETE', path, 'delete-endpoint', `${type}/delete`, deleteEndpoint),
    ];
  };
  return [
    route('GET', SUBSCRIPTION, 'list-profiles', 'read', listProfiles),
    route('GET', GROUP, 'list-profiles', 'read', listProfiles),
    route('GET', PROFILE, 'get-profile', 'read', getProfile),
    route('PUT', PROFILE, 'put-profile', 'write', putProfile),
    route('PATCH', PROFILE, 'patch-profile', 'write', patchProfile),
    route('DELETE', PROFILE, 'delete-profile', 'delete', deleteProfile),
    ...ofType('azureEndpoints'),
    ...ofType('externalEndpoints'),
  ];
}

/** Headers seen on this service's answers alone. */
function answered(response: WireResponse): WireResponse {
  const headers = {
    'Cache-Control': 'private',
    'X-AspNet-Version': '4.0.30319',
    'X-Powered-By': 'ASP.NET',
  };
  return { ...response, headers: { ...headers, ...response.headers } };
}

function listProfiles({ profiles }: Parts, { params }: WireRequest): WireResponse {
  const group = params['group'] === undefined ? '' : `/resourceGroups/${params['group']}`;
  const scope = canonicalId(`/subscriptions/${params['sub'] ?? ''}${group}`);
  const found = profiles.all().filter(({ id }) => canonicalId(id).startsWith(`${scope}/`));
  return { status: 200, body: { value: found.map((profile) => profileJson(profile, 'list')) } };
}

function getProfile(parts: Parts, request: WireRequest): WireResponse {
  return { status: 200, body: profileJson(needProfile(parts, request)) };
}

function putProfile({ profiles, targetName }: Parts, request: WireRequest): WireResponse {
  const id = profileId(request);
  const before = profiles.get(id);
  const wanted = parseProfile(
    before?.id ?? id,
    before?.name ?? resourceName(id),
    request.body,
    targetName,
  );
  const effect = `profile ${wanted.name} ${before === null ? 'created' : 'replaced'}`;
  return { status: before === null ? 201 : 200, body: profileJson(profiles.put(wanted)), effect };
}

/** Whether PATCH replaces the list of endpoints is not known; here it does, as PUT. */
function patchProfile(parts: Parts, request: WireRequest): WireResponse {
  const body = merged(profileJson(needProfile(parts, request)), request.body);
  return { ...putProfile(parts, { ...request, body }), status: 200 };
}

function deleteProfile({ profiles }: Parts, request: WireRequest): WireResponse {
  const profile = profiles.get(profileId(request));
  if (profile === null) return { status: 204 };
  profiles.remove(profile.id);
  return { status: 200, effect: `profile ${profile.name} deleted` };
}

function getEndpoint(parts: Parts, request: WireRequest): WireResponse {
  const profile = needProfile(parts, request);
  return { status: 200, body: endpointJson(profile, needEndpoint(profile, request)) };
}

/** 201 whether it creates or changes, as recorded. */
function putEndpoint(parts: Parts, request: WireRequest): WireResponse {
  const before = needProfile(parts, request);
  const name = request.params['endpoint'] ?? '';
  const wanted = parseEndpoint(before, typeOf(request), name, request.body, parts.targetName);
  const profile = parts.profiles.put(withEndpoint(before, wanted));
  const effect = `endpoint ${wanted.name} of ${profile.name} ${wanted.enabled ? 'Enabled' : 'Disabled'}`;
  return { status: 201, body: endpointJson(profile, needEndpoint(profile, request)), effect };
}

function patchEndpoint(parts: Parts, request: WireRequest): WireResponse {
  const profile = needProfile(parts, request);
  const body = merged(endpointJson(profile, needEndpoint(profile, request)), request.body);
  return { ...putEndpoint(parts, { ...request, body }), status: 200 };
}

function deleteEndpoint(parts: Parts, request: WireRequest): WireResponse {
  const profile = needProfile(parts, request);
  const gone = findEndpoint(profile, request);
  if (gone === null) return { status: 204 };
  parts.profiles.put({ ...profile, endpoints: profile.endpoints.filter((each) => each !== gone) });
  return { status: 200, effect: `endpoint ${gone.name} of ${profile.name} deleted` };
}

function needProfile({ profiles }: Parts, request: WireRequest): Profile {
  const found = profiles.get(profileId(request));
  if (found !== null) return found;
  throw notFound(request, request.params['profile'] ?? '');
}

function needEndpoint(profile: Profile, request: WireRequest): Endpoint {
  const found = findEndpoint(profile, request);
  if (found !== null) return found;
  throw notFound(request, `${profile.name}/${typeOf(request)}/${request.params['endpoint'] ?? ''}`);
}

function findEndpoint({ endpoints }: Profile, request: WireRequest): Endpoint | null {
  const name = request.params['endpoint'] ?? '';
  const type = typeOf(request);
  return endpoints.find((each) => each.type === type && sameName(each.name, name)) ?? null;
}

function notFound({ params }: WireRequest, name: string): Refusal {
  return new Refusal(resourceNotFound(`${ACTION}/${name}`, params['group'] ?? ''));
}

function typeOf({ url }: WireRequest): EndpointType {
  return endpointType(url.pathname.split('/').at(-2) ?? '');
}

function profileId({ params }: WireRequest): string {
  return PROFILE.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
}

/** Members of `change` replace those of `base`, objects member by member. */
function merged(base: Json, change: Json | undefined): Json {
  if (change === undefined) return base;
  if (!isObject(base) || !isObject(change)) return change;
  const members = Object.entries(change).map(
    ([key, value]) => [key, merged(base[key] ?? null, value)] as const,
  );
  return { ...base, ...Object.fromEntries(members) };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
