import { instant } from '../../../src/core/clock.ts';
import type { Instant } from '../../../src/core/clock.ts';
import { sameResource } from '../../../src/core/resource-id.ts';
import type { Service, World } from '../service.ts';
import type { RefusalStyle } from './actions.ts';
import { itemId } from './items.ts';
import type { Stage } from './items.ts';
import type { MachineRoom } from './machines.ts';
import { startReplication } from './replication.ts';
import { siteRecoveryRoutes } from './routes.ts';
import { createVault } from './vault.ts';
import type { VaultSeed } from './vault.ts';

export interface SiteRecoveryParts extends Omit<MachineRoom, 'world'> {
  readonly vaults: readonly VaultSeed[];
  /** How a refused operation is answered; unknown of the real service, so both can be had. */
  readonly refusal?: RefusalStyle;
  readonly pageSize?: number;
}

/** A protected machine as a test or a person at the demo sees it. */
export interface ProtectionState {
  readonly itemId: string;
  readonly machine: string;
  readonly stage: Stage;
  /** The scenario that holds it. */
  readonly busy: string | null;
  /** What the machine wrote up to then is safe in the other region. */
  readonly replicatedUpTo: Instant;
  /** Of the recovery point that was failed over to: what was written later is lost. */
  readonly recoveredUpTo: Instant | null;
  readonly recoveryMachineId: string | null;
  readonly testMachineId: string | null;
}

export interface SiteRecovery extends Service {
  /** The protected machines of a vault. */
  protection(vaultId: string): readonly ProtectionState[];
}

/** Azure-to-Azure replication. A vault lives in the target region, so it answers while the source is down. */
export function createSiteRecovery(world: World, options: SiteRecoveryParts): SiteRecovery {
  const { machines, networks, refusal = '4xx', pageSize = 100 } = options;
  const vaults = options.vaults.map((seed) => createVault(world, seed));
  startReplication(world, {
    machines,
    items: () => vaults.flatMap(({ items }) => [...items.values()]),
  });
  return {
    name: 'site-recovery',
    routes: siteRecoveryRoutes({ site: { world, machines, networks, refusal }, vaults, pageSize }),
    protection: (vaultId) => {
      world.catchUp();
      const vault = vaults.find(({ id }) => sameResource(id, vaultId));
      return [...(vault?.items.values() ?? [])].map((item) => ({
        itemId: itemId(item),
        machine: item.friendlyName,
        stage: item.stage,
        busy: item.busy?.scenario ?? null,
        replicatedUpTo: instant(item.replicatedUpTo),
        recoveredUpTo: item.failoverPoint === null ? null : instant(item.failoverPoint.at),
        recoveryMachineId: item.recoveryMachineId,
        testMachineId: item.testMachineId,
      }));
    },
  };
}
