import { ROLES } from '../../src/core/principal.ts';
import type { Role } from '../../src/core/principal.ts';

interface TestPrincipal {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

function person(name: string, roles: readonly Role[]): readonly [string, TestPrincipal] {
  return [name, { id: `local-${name}`, name: `${name}@example.com`, roles }];
}

/**
 * One test principal for each role, by name: `Authorization: Bearer local:operator`. A second approver, because some
 * plans want two; and one who may also operate, to show that nobody approves what they asked for.
 */
export const PRINCIPALS: Readonly<Record<string, TestPrincipal>> = Object.fromEntries([
  ...ROLES.map((role) => person(role.toLowerCase(), [role])),
  person('second-approver', ['Approver']),
  person('chief', ['Operator', 'Approver']),
]);

/** What tells the app that sign-in is in front: the host's, which stands for App Service's. */
export const SIGN_IN = {
  SWITCHOVER_SIGN_IN_CLIENT_ID: 'local',
  WEBSITE_AUTH_ENABLED: 'True',
} as const;
