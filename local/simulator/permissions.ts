import { canonicalId } from '../../src/core/resource-id.ts';

/** An action that the caller lacks, at a scope and below it. `*` stands for anything. */
export interface Denial {
  readonly action: string;
  readonly scope: string;
}

export interface Permissions {
  deny(denial: Denial): void;
  grantAll(): void;
  denials(): readonly Denial[];
  /** The actions that are missing at a scope. */
  missing(scope: string): readonly string[];
  allowed(action: string, scope: string): boolean;
}

/** Everything is allowed that was not denied: tests say what is missing, not what is there. */
export function createPermissions(): Permissions {
  let denials: readonly Denial[] = [];
  const missing = (scope: string): readonly string[] =>
    denials
      .filter((denial) => canonicalId(scope).startsWith(canonicalId(denial.scope)))
      .map(({ action }) => action);
  return {
    deny: (denial) => {
      denials = [...denials, denial];
    },
    grantAll: () => {
      denials = [];
    },
    denials: () => denials,
    missing,
    allowed: (action, scope) => !missing(scope).some((denied) => pattern(denied).test(action)),
  };
}

function pattern(action: string): RegExp {
  const escaped = action.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.*')}$`, 'i');
}
