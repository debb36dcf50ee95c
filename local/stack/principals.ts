import { ROLES } from '../../src/core/principal.ts';

/** One test principal for each role, by name: `Authorization: Bearer local:operator`. */
export const PRINCIPALS = Object.fromEntries(
  ROLES.map((role) => {
    const name = role.toLowerCase();
    return [name, { id: `local-${name}`, name: `${name}@example.com`, roles: [role] }];
  }),
);
