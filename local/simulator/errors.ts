import type { Json } from '../../src/core/json.ts';
import type { WireResponse } from './service.ts';

/** Thrown by a route's code to answer with an error. */
export class Refusal extends Error {
  readonly response: WireResponse;

  constructor(response: WireResponse) {
    super(`answered ${response.status}`);
    this.name = 'Refusal';
    this.response = response;
  }
}

/** The error body that every Azure service shares. */
export function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  return { status, headers, body: { error: { code, message } } };
}

/** The code of an error body; null when it is none. */
export function errorCode(body: Json | string | undefined): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

const BY_GATEWAY = { 'x-ms-failure-cause': 'gateway' };

export function unauthenticated(why: string): WireResponse {
  return errorResponse(401, 'AuthenticationFailed', `Authentication failed. ${why}`, {
    'WWW-Authenticate':
      'Bearer authorization_uri="https://login.microsoftonline.com/common", error="invalid_token"',
    ...BY_GATEWAY,
  });
}

export function apiVersionMissing(path: string): WireResponse {
  return errorResponse(
    400,
    'MissingApiVersionParameter',
    `The api-version query parameter (?api-version=) is required for all requests. Path: '${path}'.`,
    BY_GATEWAY,
  );
}

export function apiVersionInvalid(version: string): WireResponse {
  return errorResponse(
    400,
    'InvalidApiVersionParameter',
    `The api-version '${version}' is invalid. The supported versions have the form yyyy-MM-dd, with '-preview' for previews.`,
    BY_GATEWAY,
  );
}

export function bodyMalformed(): WireResponse {
  return errorResponse(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized.',
  );
}

export function subscriptionNotFound(subscription: string): WireResponse {
  return errorResponse(
    404,
    'SubscriptionNotFound',
    `The subscription '${subscription}' could not be found.`,
    BY_GATEWAY,
  );
}

export function groupNotFound(group: string): WireResponse {
  return errorResponse(
    404,
    'ResourceGroupNotFound',
    `Resource group '${group}' could not be found.`,
    BY_GATEWAY,
  );
}

/** `type` with its provider and names: `Microsoft.Compute/virtualMachines/ihs`. */
export function resourceNotFound(resource: string, group: string): WireResponse {
  return errorResponse(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function denied(objectId: string, action: string, scope: string): WireResponse {
  return errorResponse(
    403,
    'AuthorizationFailed',
    `The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    BY_GATEWAY,
  );
}

/** A management lock, which no right overrides. */
export function scopeLocked(scope: string, verb: 'write' | 'delete', lock: string): WireResponse {
  return errorResponse(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${verb} operation because following scope(s) are locked: '${lock}'. Please remove the lock and try again.`,
    BY_GATEWAY,
  );
}

export function throttled(
  kind: 'read' | 'write',
  subscription: string,
  actor: string,
  seconds: number,
): WireResponse {
  return errorResponse(
    429,
    'SubscriptionRequestsThrottled',
    `Number of '${kind}' requests for subscription '${subscription}' actor '${actor}' exceeded. Please try again after '${seconds}' seconds.`,
    { 'Retry-After': String(seconds), ...BY_GATEWAY },
  );
}

export function regionUnavailable(region: string): WireResponse {
  return errorResponse(
    503,
    'ServiceUnavailable',
    `The service is temporarily unavailable in region '${region}'. Please try again later.`,
  );
}

/** Loud: the product asked for something that the simulator does not know. */
export function notSimulated(method: string, path: string): WireResponse {
  return errorResponse(
    501,
    'NotSimulated',
    `The simulator has no route for ${method} ${path}. Add it under local/simulator, or mend the caller.`,
  );
}

export function broken(error: unknown): WireResponse {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return errorResponse(500, 'SimulatorBroken', text);
}
