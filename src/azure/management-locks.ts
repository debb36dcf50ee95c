import { z } from 'zod';
import { canonicalId } from '../core/resource-id.ts';
import type { Parts } from './parts.ts';
import type { ManagementLock, ManagementLocks } from './readiness.ts';
import { pathOf } from './resource.ts';
import { understood } from './understood.ts';

const API_VERSION = '2020-05-01';

const lock = z.looseObject({
  id: z.string(),
  name: z.string(),
  properties: z.looseObject({
    level: z.enum(['CanNotDelete', 'ReadOnly']),
    notes: z.string().nullish(),
  }),
});

/** The id is the scope's with this behind it. */
const SUFFIX = /\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i;

export function createManagementLocks({ arm }: Pick<Parts, 'arm'>): ManagementLocks {
  return {
    async at(scope) {
      const operation = `Read management locks at ${scope}`;
      const path = pathOf(scope, '/providers/Microsoft.Authorization/locks', API_VERSION);
      const found = await arm.list(operation, path);
      return found.map((one) => {
        const { id, name, properties } = understood(lock, one, operation);
        const { level, notes } = properties;
        return { name, level, scope: id.replace(SUFFIX, ''), notes: notes ?? '' };
      });
    },
  };
}

/** The locks, of those that were read, that hold for a resource. */
export function locksOn(
  locks: readonly ManagementLock[],
  resourceId: string,
): readonly ManagementLock[] {
  const id = `${canonicalId(resourceId)}/`;
  return locks.filter(({ scope }) => id.startsWith(`${canonicalId(scope)}/`));
}
