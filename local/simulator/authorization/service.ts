import type { Json } from '../../../src/core/json.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import type { Permissions } from '../permissions.ts';
import type { Service, WireRequest } from '../service.ts';
import type { Lock, Locks } from './locks.ts';

const AUTHORIZATION = '{scope+}/providers/Microsoft.Authorization';

/** Microsoft.Authorization: what the caller may do at a scope, and the locks at it and below. */
export function createAuthorization(permissions: Permissions, locks: Locks): Service {
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
          body: { value: [grant(permissions.missing(scopeOf(request)))], nextLink: null },
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
              .filter(({ scope }) => isAtOrBelow(scope, scopeOf(request)))
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

/** One role that gives everything but what was denied. */
function grant(missing: readonly string[]): Json {
  return { actions: ['*'], notActions: missing, dataActions: [], notDataActions: [] };
}

function isAtOrBelow(id: string, scope: string): boolean {
  return `${canonicalId(id)}/`.startsWith(`${canonicalId(scope)}/`);
}

function lockJson({ name, level, scope, notes }: Lock): Json {
  return {
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    type: 'Microsoft.Authorization/locks',
    name,
    properties: { level, ...(notes !== undefined && { notes }) },
  };
}
