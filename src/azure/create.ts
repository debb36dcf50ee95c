import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Settings } from '../settings.ts';
import type { AzureAccess } from './access.ts';
import { createArm } from './arm.ts';
import { createBudget } from './budget.ts';
import { createClients } from './clients.ts';
import { endpointOf, pinned, scopeOf, type Connection } from './connection.ts';
import { managedIdentity } from './credential.ts';
import { createFailoverGroups } from './failover-groups.ts';
import { createMachines } from './machines.ts';
import { createMetrics } from './metrics.ts';
import { createNetwork } from './network.ts';
import { createOperations } from './operations.ts';
import { createRead } from './read.ts';
import { createReader } from './reader.ts';
import { createSiteRecovery } from './site-recovery/create.ts';
import { createTrafficManager } from './traffic-manager.ts';

export interface AzureOptions {
  readonly settings: Pick<
    Settings,
    'AZURE_RESOURCE_MANAGER' | 'AZURE_TOKEN_SCOPE' | 'AZURE_METRICS_ENDPOINT' | 'AZURE_CLIENT_ID'
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
  const http = pinned(options.http, (url) => isKnown(url, connection.endpoint, batchEndpoint));
  const budget = createBudget(clock);
  const reader = createReader({ http, clock, random, log, budget });
  const read = createRead(clock);
  const arm = createArm({ connection, http, reader, read, clock, budget });
  const parts = { arm, read, clients: createClients(connection, reader) };
  return {
    machines: createMachines(parts),
    sql: createFailoverGroups(parts),
    siteRecovery: createSiteRecovery(parts),
    traffic: createTrafficManager(parts),
    network: createNetwork(parts),
    metrics: createMetrics({ connection, batchEndpoint, reader, read, clock, log }),
    operations: createOperations(arm, clock),
  };
}

function isKnown(url: URL, endpoint: string, batchEndpoint: string | undefined): boolean {
  if (url.origin === endpoint) return true;
  return batchEndpoint !== undefined && url.host.endsWith(`.${new URL(batchEndpoint).host}`);
}
