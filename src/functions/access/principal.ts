import { z } from 'zod';
import { SwitchoverError } from '../../core/errors.ts';
import { ROLES } from '../../core/principal.ts';
import type { Principal } from '../../core/principal.ts';
import type { Access } from './trust.ts';

/** What App Service authentication sends: base64 of this, and it strips the same header from clients' requests. */
const HEADER = 'x-ms-client-principal';
const platformPrincipal = z.object({
  role_typ: z.string().optional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});

/** Entra's names, and the long ones to which App Service maps them unless told otherwise. */
const CLAIMS = {
  id: ['oid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  name: [
    'name',
    'preferred_username',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name',
  ],
  roles: ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
  tokenFor: ['idtyp'],
  application: ['appid', 'azp'],
  person: [
    'scp',
    'http://schemas.microsoft.com/identity/claims/scope',
    'upn',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
    'preferred_username',
  ],
} as const;

const KEY: Principal = { id: 'key', name: 'function key', kind: 'key', roles: ['Automation'] };

/**
 * Who asks; null when nobody is known. With keys the host has checked the key before we are called, and the platform's
 * header is not even looked at.
 */
export function principalOf(access: Access, headers: Headers): Principal | null {
  if (access.by === 'keys') return KEY;
  if (access.by === 'nobody') throw new SwitchoverError('SETTING_INVALID', access.why);
  const header = headers.get(HEADER);
  return header === null ? null : fromPlatform(header);
}

function fromPlatform(header: string): Principal {
  const { claims, role_typ: roleType } = decoded(header);
  const all = (names: readonly string[]): readonly string[] =>
    names.flatMap((name) => claims.filter((claim) => claim.typ === name).map((claim) => claim.val));
  const id = all(CLAIMS.id)[0];
  if (id === undefined) throw unreadable('it carries no object id');
  const named = new Set(all(roleType === undefined ? CLAIMS.roles : [...CLAIMS.roles, roleType]));
  return {
    id,
    name: all(CLAIMS.name)[0] ?? id,
    kind: isApplication(all) ? 'application' : 'person',
    roles: ROLES.filter((role) => named.has(role)),
  };
}

/** A token of an application's own names the application and no person; `idtyp` says it outright where configured. */
function isApplication(all: (names: readonly string[]) => readonly string[]): boolean {
  const tokenFor = all(CLAIMS.tokenFor)[0];
  if (tokenFor !== undefined) return tokenFor === 'app';
  return all(CLAIMS.application).length > 0 && all(CLAIMS.person).length === 0;
}

function decoded(header: string): z.infer<typeof platformPrincipal> {
  try {
    return platformPrincipal.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  } catch {
    throw unreadable('it is not the JSON that App Service sends');
  }
}

function unreadable(why: string): SwitchoverError {
  return new SwitchoverError(
    'UNAUTHENTICATED',
    `The platform's ${HEADER} header cannot be used: ${why}. Check the app's authentication settings.`,
  );
}
