import type { Service, WireRequest, WireResponse } from '../service.ts';
import type { IssuedToken, Tokens } from './tokens.ts';

/** The managed identity endpoint of App Service, as IDENTITY_ENDPOINT names it. */
export const IDENTITY_PATH = '/msi/token';

/** What IDENTITY_HEADER holds: App Service's guard against requests that were tricked out of the app. */
export const IDENTITY_HEADER = 'switchover-simulator';

export function createManagedIdentity(tokens: Tokens): Service {
  return {
    name: 'identity',
    door: 'identity',
    routes: [
      { method: 'GET', path: IDENTITY_PATH, handle: (request) => answerIdentity(tokens, request) },
    ],
  };
}

function answerIdentity(tokens: Tokens, request: WireRequest): WireResponse {
  const resource = request.query.get('resource');
  if (request.headers['x-identity-header'] !== IDENTITY_HEADER) {
    return identityError(401, 'Unauthorized', 'The x-identity-header header is missing or wrong.');
  }
  if (resource === null)
    return identityError(400, 'BadRequest', 'The query parameter resource is missing.');
  const clientId = request.query.get('client_id');
  const issued = clientId === null ? tokens.issue(resource) : tokens.issueFor(clientId, resource);
  if (issued === null) {
    return identityError(
      400,
      'BadRequest',
      `No managed identity has the client id ${clientId ?? ''}.`,
    );
  }
  const { token, expiresAt } = issued;
  return {
    status: 200,
    body: {
      access_token: token,
      expires_on: String(Math.floor(expiresAt / 1000)),
      resource,
      token_type: 'Bearer',
      ...(clientId !== null && { client_id: clientId }),
    },
  };
}

function identityError(statusCode: number, code: string, message: string): WireResponse {
  return { status: statusCode, body: { statusCode, code, message } };
}

/** Entra's token endpoint for client credentials, as far as a client with a secret or an assertion needs it. */
export function createSignIn(tokens: Tokens, now: () => number): Service {
  return {
    name: 'sign-in',
    door: 'sign-in',
    routes: [
      {
        method: 'POST',
        path: '/{tenant}/oauth2/v2.0/token',
        mutating: false,
        handle: (request) => answerSignIn(tokens, now(), request),
      },
    ],
  };
}

function answerSignIn(tokens: Tokens, now: number, request: WireRequest): WireResponse {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  const scope = form.get('scope');
  if (form.get('grant_type') !== 'client_credentials' || scope === null) {
    return {
      status: 400,
      body: {
        error: 'invalid_request',
        error_description:
          'AADSTS900144: grant_type must be client_credentials, and scope must be given.',
      },
    };
  }
  const issued: IssuedToken = tokens.issue(scope.replace(/\/\.default$/, ''));
  const seconds = Math.floor((issued.expiresAt - now) / 1000);
  return {
    status: 200,
    body: {
      token_type: 'Bearer',
      expires_in: seconds,
      ext_expires_in: seconds,
      access_token: issued.token,
    },
  };
}
