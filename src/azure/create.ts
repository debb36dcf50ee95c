import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Settings } from '../settings.ts';
import type { AzureAccess } from './access.ts';
import { createArm } from './arm.ts';
import { createBudget } from './budget.ts';
import { createClients } from './clients.ts';
import { endpointOf, logsEndpointOf, pinned, scopeOf, type Connection } from './connection.ts';
import { managedIdentity } from './credential.ts';
import { createFailoverGroups } from './failover-groups.ts';
import { createMachines } from './machines.ts';
import { createManagementLocks } from './management-locks.ts';
import { createLogs } from './monitor/logs.ts';
import { createMetrics } from './monitor/metrics.ts';
import { createMonitorSdk } from './monitor/sdk.ts';
import { createNetwork } from './network.ts';
import { createOperations } from './operations.ts';
import { createQuotas } from './quotas.ts';
import { createRead } from './read.ts';
import { createReader } from './reader.ts';
import { createResourceHealth } from './resource-health.ts';
import { createRights } from './rights.ts';
import { createRest } from './rest.ts';
import { createSiteRecovery } from './site-recovery/create.ts';
import { createTrafficManager } from './traffic-manager.ts';

export interface AzureOptions {
  readonly settings: Pick<
    Settings,
    | 'AZURE_RESOURCE_MANAGER'
    | 'AZURE_TOKEN_SCOPE'
    | 'AZURE_METRICS_ENDPOINT'
    | 'AZURE_LOGS_ENDPOINT'
    | 'AZURE_CLIENT_ID'
  >;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** Instead of the app's managed identity. */
  readonly credential?: TokenCredential;
}

/** Azure for one process: one set of clients, one token cache, one budget. */
export function createAzureAccess(options: AzureOptions): AzureAccess {
  const { settings, clock, random, log } = options;
  const connection: Connection = {
    endpoint: endpointOf(settings),
    scope: scopeOf(settings),
    credential:
      options.credential ??
      managedIdentity(
        createReader({ http: options.http, clock, random, log }),
        settings.AZURE_CLIENT_ID,
      ),
  };
  const batchEndpoint = settings.AZURE_METRICS_ENDPOINT;
  const logsEndpoint = logsEndpointOf(settings);
  const known = [connection.endpoint, ...(logsEndpoint === null ? [] : [logsEndpoint])];
  const http = pinned(options.http, (url) => isKnown(url, known, batchEndpoint));
  const budget = createBudget(clock);
  const reader = createReader({ http, clock, random, log, budget });
  const read = createRead(clock);
  const arm = createArm({ connection, http, reader, read, clock, budget });
  const sdk = createMonitorSdk(connection, reader);
  const parts = { arm, read, clients: createClients(connection, reader) };
  return {
    machines: createMachines(parts),
    sql: createFailoverGroups(parts),
    siteRecovery: createSiteRecovery(parts),
    traffic: createTrafficManager(parts),
    network: createNetwork(parts),
    metrics: createMetrics({ sdk, batchEndpoint, read, clock, log }),
    logs: createLogs({ sdk, endpoint: logsEndpoint, read }),
    health: createResourceHealth(parts),
    rights: createRights(parts),
    managementLocks: createManagementLocks(parts),
    quotas: createQuotas(parts),
    operations: createOperations(arm, clock),
    rest: createRest({ arm }),
  };
}

function isKnown(url: URL, origins: readonly string[], batchEndpoint: string | undefined): boolean {
  if (origins.includes(url.origin)) return true;
  return batchEndpoint !== undefined && url.host.endsWith(`.${new URL(batchEndpoint).host}`);
}
