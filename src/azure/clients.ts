import type { ComputeManagementClient } from '@azure/arm-compute';
import type { NetworkManagementClient } from '@azure/arm-network';
import type { SiteRecoveryManagementClient } from '@azure/arm-recoveryservices-siterecovery';
import type { SqlManagementClient } from '@azure/arm-sql';
import type { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { PIPELINE, type Connection } from './connection.ts';

/**
 * The SDKs' clients, used for typed reads only: their transport repeats every request. One a subscription, loaded and
 * built on first use, because together they take seconds to load.
 */
export interface Clients {
  compute(subscription: string): Promise<ComputeManagementClient>;
  network(subscription: string): Promise<NetworkManagementClient>;
  siteRecovery(subscription: string): Promise<SiteRecoveryManagementClient>;
  sql(subscription: string): Promise<SqlManagementClient>;
  traffic(subscription: string): Promise<TrafficManagerManagementClient>;
}

export function createClients(connection: Connection, reader: HttpClient): Clients {
  const { credential, endpoint, scope } = connection;
  const options = { ...PIPELINE, endpoint, httpClient: reader };
  // The scope has another name in each generation of clients.
  const older = { ...options, credentialScopes: scope };
  const newer = { ...options, credentials: { scopes: [scope] } };
  return {
    compute: perSubscription(async (subscription) => {
      const sdk = await import('@azure/arm-compute');
      return new sdk.ComputeManagementClient(credential, subscription, newer);
    }),
    network: perSubscription(async (subscription) => {
      const sdk = await import('@azure/arm-network');
      return new sdk.NetworkManagementClient(credential, subscription, newer);
    }),
    siteRecovery: perSubscription(async (subscription) => {
      const sdk = await import('./sdk/site-recovery.ts');
      return new sdk.SiteRecoveryManagementClient(credential, subscription, older);
    }),
    sql: perSubscription(async (subscription) => {
      const sdk = await import('./sdk/sql.ts');
      return new sdk.SqlManagementClient(credential, subscription, older);
    }),
    traffic: perSubscription(async (subscription) => {
      const sdk = await import('./sdk/traffic-manager.ts');
      return new sdk.TrafficManagerManagementClient(credential, subscription, older);
    }),
  };
}

function perSubscription<T>(
  build: (subscription: string) => Promise<T>,
): (subscription: string) => Promise<T> {
  const built = new Map<string, Promise<T>>();
  return (subscription) => {
    const key = subscription.toLowerCase();
    const client = built.get(key) ?? build(subscription);
    built.set(key, client);
    return client;
  };
}
