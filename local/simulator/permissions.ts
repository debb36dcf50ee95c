import { isWithin } from '../../src/core/resource-id.ts';

/** An action at a scope and below it. `*` stands for anything. */
export interface Denial {
  readonly action: string;
  readonly scope: string;
}

export interface Permissions {
  deny(denial: Denial): void;
  grantAll(): void;
  /** From now on the identity has these and nothing else: its role assignments. */
  assign(clientId: string, grants: readonly Denial[]): void;
  denials(): readonly Denial[];
  /** What an identity has at a scope, as one role tells of it. */
  at(
    scope: string,
    clientId: string,
  ): { readonly actions: readonly string[]; readonly notActions: readonly string[] };
  allowed(action: string, scope: string, clientId: string): boolean;
}

/** Everything is allowed that was not denied, to every identity that was given no roles: tests say what is missing. */
export function createPermissions(): Permissions {
  let denials: readonly Denial[] = [];
  const assigned = new Map<string, readonly Denial[]>();
  const at: Permissions['at'] = (scope, clientId) => ({
    actions: assigned.get(clientId)?.filter(reaches(scope)).map(actionOf) ?? ['*'],
    notActions: denials.filter(reaches(scope)).map(actionOf),
  });
  return {
    deny: (denial) => {
      denials = [...denials, denial];
    },
    grantAll: () => {
      denials = [];
      assigned.clear();
    },
    assign: (clientId, grants) => void assigned.set(clientId, grants),
    denials: () => denials,
    at,
    allowed(action, scope, clientId) {
      const { actions, notActions } = at(scope, clientId);
      const isIn = (patterns: readonly string[]): boolean =>
        patterns.some((one) => pattern(one).test(action));
      return isIn(actions) && !isIn(notActions);
    },
  };
}

function reaches(scope: string): (one: Denial) => boolean {
  return (one) => isWithin(scope, one.scope);
}

function actionOf({ action }: Denial): string {
  return action;
}

function pattern(action: string): RegExp {
  const escaped = action.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}
