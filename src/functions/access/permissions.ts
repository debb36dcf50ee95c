import { SwitchoverError } from '../../core/errors.ts';
import type { Command } from '../../core/execution.ts';
import type { Principal, Role } from '../../core/principal.ts';

/** What somebody may want of the app. Every route names one of them. */
export type Deed =
  | 'read'
  | 'start'
  | 'alert'
  | 'hold'
  | 'lift a cool-down'
  | 'push plans'
  | 'retire plans'
  | Command;

/**
 * Who may do what. Decisions are another role than operation, so that nobody can grant what they ask for. Plans are a
 * third: they say who has to agree, and what may begin without anybody.
 */
const MAY: Readonly<Record<Deed, readonly Role[]>> = {
  read: ['Viewer', 'Operator', 'Approver', 'Author', 'Automation'],
  start: ['Operator', 'Automation'],
  alert: ['Operator', 'Automation'],
  hold: ['Operator'],
  'lift a cool-down': ['Operator'],
  'push plans': ['Author'],
  'retire plans': ['Author'],
  pause: ['Operator'],
  resume: ['Operator'],
  cancel: ['Operator'],
  retry: ['Operator'],
  skip: ['Operator'],
  'go-unplanned': ['Operator'],
  approve: ['Approver'],
  reject: ['Approver'],
  accept: ['Approver'],
};

/** Answered for by a person by name: a program or a key cannot take the responsibility. */
const PERSONS_ONLY: readonly Deed[] = ['approve', 'reject', 'accept'];

/** Who may do it, before it is asked whether they are a person. */
export function rolesFor(deed: Deed): readonly Role[] {
  return MAY[deed];
}

/** Returns the principal when it may do the deed, and refuses otherwise. */
export function allowed(principal: Principal | null, deed: Deed): Principal {
  if (principal === null) {
    throw new SwitchoverError(
      'UNAUTHENTICATED',
      'Sign in first: this address needs a bearer token of an account that has a role in this app.',
    );
  }
  if (!MAY[deed].some((role) => principal.roles.includes(role))) {
    throw new SwitchoverError('FORBIDDEN', `${who(principal)} may not ${deed}: ${remedy(deed)}`);
  }
  if (PERSONS_ONLY.includes(deed) && principal.kind !== 'person') {
    throw new SwitchoverError(
      'FORBIDDEN',
      `${who(principal)} may not ${deed}: only a person can. Somebody with the role Approver has to sign in.`,
    );
  }
  return principal;
}

function who({ name, roles }: Principal): string {
  return `${name} (${roles.length === 0 ? 'no role' : roles.join(', ')})`;
}

function remedy(deed: Deed): string {
  return `it takes the role ${MAY[deed].join(' or ')}.`;
}
