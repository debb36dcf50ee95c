import type { Json } from '../../../src/core/json.ts';
import { isWithin } from '../../../src/core/resource-id.ts';
import type { Tokens } from '../identity/tokens.ts';
import type { Permissions } from '../permissions.ts';
import type { Service, WireRequest } from '../service.ts';
import type { Lock, Locks } from './locks.ts';

const AUTHORIZATION = '{scope+}/providers/Microsoft.Authorization';

/** Microsoft.Authorization: what the caller may do at a scope, and the locks at it and below. */
export function createAuthorization(
  permissions: Permissions,
  locks: Locks,
  tokens: Tokens,
): Service {
  const rightsAt = (request: WireRequest): Json => {
    const caller = tokens.verify(request.headers['authorization']);
    const rights = permissions.at(scopeOf(request), 'refused' in caller ? '' : caller.clientId);
    return { ...rights, dataActions: [], notDataActions: [] };
  };
  return {
    name: 'authorization',
    routes: [
      {
        method: 'GET',
        path: `${AUTHORIZATION}/permissions`,
        operation: 'authorization/permissions',
        action: 'Microsoft.Authorization/permissions/read',
        handle: (request) => ({
          status: 200,
          body: { value: [rightsAt(request)], nextLink: null },
        }),
      },
      {
        method: 'GET',
        path: `${AUTHORIZATION}/locks`,
        operation: 'authorization/locks',
        action: 'Microsoft.Authorization/locks/read',
        handle: (request) => ({
          status: 200,
          body: {
            value: locks
              .all()
              .filter(({ scope }) => isWithin(scope, scopeOf(request)))
              .map(lockJson),
          },
        }),
      },
    ],
  };
}

function scopeOf({ params }: WireRequest): string {
  return params['scope'] ?? '';
}

function lockJson({ name, level, scope, notes }: Lock): Json {
  return {
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    type: 'Microsoft.Authorization/locks',
    name,
    properties: { level, ...(notes !== undefined && { notes }) },
  };
}
