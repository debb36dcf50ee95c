import { bindingText } from '../functions/registrations.ts';
import type { FunctionDefinition } from '../functions/registrations.ts';
import type { HttpCall } from './call.ts';

/** Keys by name: `_master` opens everything, `durabletask_extension` the management API, any other the functions. */
export type Keys = Readonly<Record<string, string>>;

/** Who may sign in locally, by the name in `Authorization: Bearer local:NAME`. */
export type Principals = Readonly<
  Record<string, { readonly id: string; readonly name: string; readonly roles: readonly string[] }>
>;

export const MASTER_KEY = '_master';
export const DURABLE_KEY = 'durabletask_extension';

/** Whether the call carries a key that this function asks for. Without any keys nothing is asked, as in Core Tools. */
export function mayCall(
  call: HttpCall,
  definition: FunctionDefinition,
  keys: Keys | undefined,
): boolean {
  const level = (bindingText(definition.trigger, 'authLevel') ?? 'function').toLowerCase();
  if (level === 'anonymous') return true;
  return level === 'admin'
    ? carriesKey(call, keys, (name) => name === MASTER_KEY)
    : carriesKey(call, keys, (name) => name !== DURABLE_KEY);
}

export function mayManage(call: HttpCall, keys: Keys | undefined): boolean {
  return carriesKey(call, keys, (name) => name === MASTER_KEY || name === DURABLE_KEY);
}

function carriesKey(
  call: HttpCall,
  keys: Keys | undefined,
  fits: (name: string) => boolean,
): boolean {
  if (keys === undefined) return true;
  const given = call.headers['x-functions-key'] ?? call.url.searchParams.get('code');
  return Object.entries(keys).some(([name, key]) => fits(name) && key === given);
}

const IDENTITY_HEADER = /^x-ms-client-principal/;
const SIGN_IN = /^Bearer local:(.+)$/;

/**
 * What App Service authentication does in front of the app: identity headers of the caller are dropped, and those of
 * the signed-in principal put in. Undefined when somebody unknown signs in.
 */
export function signIn(
  headers: Readonly<Record<string, string>>,
  principals: Principals,
): Record<string, string> | undefined {
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !IDENTITY_HEADER.test(name)),
  );
  const name = SIGN_IN.exec(headers['authorization'] ?? '')?.[1];
  if (name === undefined) return kept;
  const principal = Object.hasOwn(principals, name) ? principals[name] : undefined;
  if (principal === undefined) return undefined;
  return {
    ...kept,
    'x-ms-client-principal-id': principal.id,
    'x-ms-client-principal-name': principal.name,
    'x-ms-client-principal-idp': 'aad',
    'x-ms-client-principal': Buffer.from(JSON.stringify(clientPrincipal(principal))).toString(
      'base64',
    ),
  };
}

function clientPrincipal(principal: Principals[string]): unknown {
  return {
    auth_typ: 'aad',
    claims: [
      { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: principal.id },
      { typ: 'name', val: principal.name },
      ...principal.roles.map((role) => ({ typ: 'roles', val: role })),
    ],
    name_typ: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
    role_typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
  };
}
