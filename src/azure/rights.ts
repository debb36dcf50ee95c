import { z } from 'zod';
import type { Parts } from './parts.ts';
import type { Grant, Rights } from './readiness.ts';
import { pathOf } from './resource.ts';
import { understood } from './understood.ts';

const API_VERSION = '2022-04-01';

const grant = z.looseObject({
  actions: z.array(z.string()).default([]),
  notActions: z.array(z.string()).default([]),
});

export function createRights({ arm }: Pick<Parts, 'arm'>): Rights {
  return {
    async at(scope) {
      const operation = `Read this app's rights at ${scope}`;
      const path = pathOf(scope, '/providers/Microsoft.Authorization/permissions', API_VERSION);
      const found = await arm.list(operation, path);
      return found.map((one) => {
        const { actions, notActions } = understood(grant, one, operation);
        return { actions, notActions };
      });
    },
  };
}

/** What one role takes away another may give: each grant is looked at by itself, as Azure does. */
export function permits(grants: readonly Grant[], action: string): boolean {
  return grants.some(
    ({ actions, notActions }) =>
      actions.some((given) => covers(given, action)) &&
      !notActions.some((taken) => covers(taken, action)),
  );
}

/** `Microsoft.Compute/*` covers `Microsoft.Compute/virtualMachines/start/action`; case does not matter. */
function covers(pattern: string, action: string): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i').test(action);
}
