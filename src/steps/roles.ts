import { canonicalText } from '../core/canonical.ts';
import { sha256 } from '../core/chain.ts';
import type { Plan } from '../plan/plan.ts';
import type { Permission } from './contract.ts';
import { subscriptionOf } from './permissions.ts';
import { rightsOf } from './rights.ts';

export const IDENTITIES = ['watch', 'failover', 'forced'] as const;

/** A custom role and where it is given: scopes that need the same share one, so that none gives more than its scope needs. */
export interface Role {
  readonly name: string;
  readonly identity: (typeof IDENTITIES)[number];
  readonly actions: readonly string[];
  readonly scopes: readonly string[];
}

export interface PlanRoles {
  readonly plan: string;
  readonly roles: readonly Role[];
  /** What the plan does not say the place of, so that it has to be granted by hand. */
  readonly byHand: readonly string[];
}

export function rolesOf(plan: Plan): PlanRoles {
  const { byHand, ...rights } = rightsOf(plan);
  const roles = IDENTITIES.flatMap((identity) =>
    [...sharedActions(rights[identity])].map(([actions, scopes]): Role => {
      const role = { identity, actions: actions.split(' '), scopes: [...scopes].sort() };
      return { name: nameOf(plan.name, role), ...role };
    }),
  );
  return { plan: plan.name, roles, byHand };
}

/** Scopes by all that is needed there. */
function sharedActions(rights: readonly Permission[]): ReadonlyMap<string, readonly string[]> {
  const actionsAt = Map.groupBy(rights, ({ scope }) => scope);
  return Map.groupBy(actionsAt.keys(), (scope) =>
    (actionsAt.get(scope) ?? [])
      .map(({ action }) => action)
      .sort()
      .join(' '),
  );
}

/**
 * Named after what it allows: a role that allows something else is another role. A number would give what a changed plan
 * needs in one place to all places where the role of that number was given before.
 */
function nameOf(plan: string, { identity, actions, scopes }: Omit<Role, 'name'>): string {
  const subscriptions = [...new Set(scopes.map(subscriptionOf))].sort();
  const digest = sha256(canonicalText({ actions, subscriptions })).slice(0, 8);
  return `Switchover ${plan} ${identity} ${digest}`;
}
