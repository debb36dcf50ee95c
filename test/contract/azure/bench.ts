import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual.ts';
import {
  createInProcessClient,
  IN_PROCESS,
  simulatorCredential,
} from '../../../local/simulator/in-process.ts';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { createSimulator, type Simulator } from '../../../local/simulator/simulator.ts';
import type { Accepted, AzureAccess, OperationStatus } from '../../../src/azure/access.ts';
import { createAzureAccess } from '../../../src/azure/create.ts';
import type { Clock } from '../../../src/core/clock.ts';
import type { Operation } from '../../../src/core/step.ts';

export const SUBSCRIPTION_ID = '11111111-1111-1111-1111-111111111111';
export const SUBSCRIPTION = `/subscriptions/${SUBSCRIPTION_ID}`;
const ROOT = `${SUBSCRIPTION}/resourceGroups`;
export const EAST = `${ROOT}/was-cluster-eastus`;
export const WEST = `${ROOT}/was-cluster-westus`;
export const MACHINE = `${EAST}/providers/Microsoft.Compute/virtualMachines/ihs`;
export const NIC = `${EAST}/providers/Microsoft.Network/networkInterfaces/ihs-nic`;
export const ADDRESS = `${EAST}/providers/Microsoft.Network/publicIPAddresses/ihs-ip`;
export const SQL_EAST = `${ROOT}/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-east`;
export const SQL_WEST = `${ROOT}/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-west`;
export const FAILOVER_GROUP = 'failovergroup-cafe';
export const VAULT = `${ROOT}/cafe-recovery/providers/Microsoft.RecoveryServices/vaults/cafe-vault`;
export const RECOVERY_PLAN = 'recovery-plan-cafe';
export const COMPONENT = `${ROOT}/cafe-monitoring/providers/microsoft.insights/components/cafe-insights`;
export const WORKSPACE = `${ROOT}/cafe-monitoring/providers/Microsoft.OperationalInsights/workspaces/cafe-logs`;
export const PROFILE = `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`;

export interface Bench {
  readonly azure: AzureAccess;
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  /** Paths that were asked to change something, whether they did or not. */
  readonly changes: () => readonly string[];
}

/** Azure access and the simulated Azure, on one virtual clock. */
export function onSimulator(work: (bench: Bench) => Promise<void>): () => Promise<void> {
  return async () => {
    const clock = createVirtualClock({ start: Date.parse('2026-11-21T10:00:00Z') });
    const scenario = webSphereCafe({ clientSeconds: 1 });
    const simulator = createSimulator({ clock, scenario, seed: 7 });
    const azure = createAzureAccess({
      settings: {
        AZURE_RESOURCE_MANAGER: IN_PROCESS.resourceManager,
        AZURE_METRICS_ENDPOINT: IN_PROCESS.metrics,
      },
      http: createInProcessClient(simulator),
      clock,
      random: () => 0.5,
      log: () => undefined,
      credential: simulatorCredential(simulator),
    });
    const changes = (): readonly string[] =>
      simulator.journal
        .entries()
        .flatMap(({ mutating, method, path }) =>
          mutating ? [`${method} ${path.split('/').slice(-2).join('/')}`] : [],
        );
    await clock.run(() => work({ azure, simulator, clock, changes }));
  };
}

/** Follows an operation as the orchestration does, through a restart at every look. */
export async function follow(
  { azure, clock }: { readonly azure: AzureAccess; readonly clock: Clock },
  accepted: Accepted,
): Promise<{ readonly looks: number; readonly end: OperationStatus }> {
  if (accepted.operation === undefined) throw new Error('There is no operation to follow.');
  const stored = JSON.stringify({ call: 'test', ...accepted.operation });
  for (let looks = 1; ; looks++) {
    const end = await azure.operations.poll(JSON.parse(stored) as Operation);
    if (end.is !== 'running') return { looks, end };
    await clock.sleep(end.retryAfterSeconds * 1000);
  }
}
