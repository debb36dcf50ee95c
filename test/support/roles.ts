import { CLIENT_IDS } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { isWithin } from '../../src/core/resource-id.ts';
import { IDENTITIES } from '../../src/steps/roles.ts';
import type { PlanRoles, Role } from '../../src/steps/roles.ts';
import type { Permission } from '../../src/steps/contract.ts';
import { ask } from './door.ts';

const CLIENTS = {
  watch: CLIENT_IDS.AZURE_CLIENT_ID,
  failover: CLIENT_IDS.SWITCHOVER_FAILOVER_CLIENT_ID,
  forced: CLIENT_IDS.SWITCHOVER_FORCED_CLIENT_ID,
} as const satisfies Record<Role['identity'], string>;

export type Rights = Readonly<Record<Role['identity'], readonly Permission[]>>;

/**
 * Gives each simulated identity the roles that the app makes of its plan, and no others. The simulator's permission
 * model stands in for Azure's.
 */
export async function giveRoles(stack: VirtualStack, plan: string): Promise<Rights> {
  const { status, body } = await ask(stack, { path: `/api/plans/${plan}/permissions` });
  if (status !== 200) throw new Error(`No roles are told of ${plan}: ${JSON.stringify(body)}`);
  const { roles } = body as unknown as PlanRoles;
  const of = (identity: Role['identity']): readonly Permission[] =>
    roles
      .filter((role) => role.identity === identity)
      .flatMap(({ actions, scopes }) =>
        scopes.flatMap((scope) => actions.map((action) => ({ action, scope }))),
      );
  const rights = { watch: of('watch'), failover: of('failover'), forced: of('forced') };
  for (const one of IDENTITIES) stack.simulator.control.assign(CLIENTS[one], rights[one]);
  return rights;
}

export interface Use {
  readonly identity: Role['identity'];
  readonly action: string;
  readonly path: string;
  readonly wasRefused: boolean;
}

/** What the app has asked of Azure so far, in whose name. */
export function usesOf({ simulator }: VirtualStack): readonly Use[] {
  return simulator.journal.entries().flatMap(({ caller, action, path, status }) => {
    const identity = IDENTITIES.find((one) => CLIENTS[one] === caller);
    // Which scope Azure asks for a batch is a guess of the simulator's; what is refused in a batch is read one by one.
    if (identity === undefined || action === null || path.endsWith('/metrics:getbatch')) return [];
    return [{ identity, action, path, wasRefused: status === 403 }];
  });
}

/** What the roles do not allow and was asked for, each once. A fault may refuse what they allow: that is none. */
export function missingIn(stack: VirtualStack, rights: Rights): readonly string[] {
  const missing = usesOf(stack).filter((use) => use.wasRefused && !isAllowed(use, rights));
  return [...new Set(missing.map((one) => `${one.identity}: ${one.action} at ${one.path}`))];
}

function isAllowed({ identity, action, path }: Use, rights: Rights): boolean {
  return rights[identity].some((right) => right.action === action && isWithin(path, right.scope));
}
