import type { AlertsSeed } from './alerts/rules.ts';
import type { Lock } from './authorization/locks.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { CafeSeed } from './cafe/cafe.ts';
import type { MachineSeed } from './compute/machines.ts';
import type { Caller } from './identity/tokens.ts';
import type { MonitoringSeed } from './monitoring/seed.ts';
import type { InterfaceSeed, PublicAddress, VirtualNetwork } from './network/addresses.ts';
import type { QuotaSeed } from './quotas/limits.ts';
import type { RefusalStyle } from './site-recovery/actions.ts';
import type { VaultSeed } from './site-recovery/vault.ts';
import type { SqlSeed } from './sql/failover-groups.ts';

/** The world at its start: what exists, and where. */
export interface Scenario {
  readonly name: string;
  readonly subscription: string;
  /** Who the managed identity is. */
  readonly caller: Caller;
  /** Further managed identities of the app. */
  readonly identities?: readonly Caller[];
  /** ARM ids of resource groups. */
  readonly groups: readonly string[];
  readonly machines: readonly MachineSeed[];
  readonly interfaces: readonly InterfaceSeed[];
  readonly addresses: readonly PublicAddress[];
  readonly virtualNetworks: readonly VirtualNetwork[];
  readonly sql: SqlSeed;
  /** Recovery Services vaults whose machines have been protected for long. */
  readonly vaults: readonly VaultSeed[];
  /** How Site Recovery refuses: unknown of the real service. */
  readonly refusal: RefusalStyle;
  /** Traffic Manager profiles at rest, as bodies of their PUT. */
  readonly trafficProfiles: readonly { readonly id: string; readonly body: JsonObject }[];
  readonly cafe: CafeSeed;
  readonly monitoring?: MonitoringSeed;
  /** Alert rules, and whom they tell. */
  readonly alerts?: AlertsSeed;
  readonly locks?: readonly Lock[];
  /** Limits that differ from Azure's usual ones. */
  readonly quotas?: readonly QuotaSeed[];
}
