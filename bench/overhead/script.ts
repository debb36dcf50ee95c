import { ComputeManagementClient } from '@azure/arm-compute';
import { NetworkManagementClient } from '@azure/arm-network';
import { SiteRecoveryManagementClient } from '@azure/arm-recoveryservices-siterecovery';
import { SqlManagementClient } from '@azure/arm-sql';
import { TrafficManagerManagementClient } from '@azure/arm-trafficmanager';
import type { TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';

/**
 * What somebody writes who has an evening for it: the calls of the SDKs, one after the other, each waited for by the
 * SDK's own means, and a look every five seconds at what no SDK waits for. It keeps no record, checks nothing
 * beforehand, and cannot be undone, stopped or taken up again.
 */
export interface Reach {
  readonly http: HttpClient;
  readonly credential: TokenCredential;
}

const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const LOOK_SECONDS = 5;
/** The profile's time to live, and what Traffic Manager takes to obey a write. */
const NAME_SECONDS = 10 + 5;
const POINT_SECONDS = 30;

export async function stopMachines(
  reach: Reach,
  group: string,
  names: readonly string[],
): Promise<void> {
  const compute = new ComputeManagementClient(reach.credential, SUBSCRIPTION, options(reach));
  for (const name of names) await compute.virtualMachines.deallocate(group, name);
}

/** The planned failover of the example plan, from east to west. */
export async function failOver(reach: Reach): Promise<void> {
  await setEndpoint(reach, 'myPrimaryEndpoint', 'Disabled');
  await seconds(NAME_SECONDS);
  const closed = Date.now();
  const sql = new SqlManagementClient(reach.credential, SUBSCRIPTION, options(reach));
  const group = ['cafe-data', 'sql-cafe-west', 'failovergroup-cafe'] as const;
  await sql.failoverGroups.beginFailoverAndWait(...group);
  const siteRecovery = new SiteRecoveryManagementClient(
    reach.credential,
    SUBSCRIPTION,
    options(reach),
  );
  await untilPointsAreNewerThan(siteRecovery, closed);
  const plan = ['cafe-vault', 'cafe-recovery', 'recovery-plan-cafe'] as const;
  const direction = { failoverDirection: 'PrimaryToRecovery', sourceSiteOperations: 'Required' };
  const a2a = { instanceType: 'A2A', recoveryPointType: 'Latest' } as const;
  await siteRecovery.replicationRecoveryPlans.beginUnplannedFailoverAndWait(...plan, {
    properties: { ...direction, providerSpecificDetails: [a2a] },
  });
  await attachAddresses(reach);
  await untilAnswers(
    reach,
    'https://dmgr-cafe.westus.cloudapp.azure.com:9043/ibm/console/logon.jsp',
  );
  await untilAnswers(reach, 'http://ihs-cafe.westus.cloudapp.azure.com/websphere-cafe/');
  await setEndpoint(reach, 'myFailoverEndpoint', 'Enabled');
  await untilAnswers(reach, 'http://websphere-cafe.trafficmanager.net/websphere-cafe/');
  await siteRecovery.replicationRecoveryPlans.beginFailoverCommitAndWait(...plan);
}

function options({ http }: Reach): { endpoint: string; httpClient: HttpClient } {
  return { endpoint: 'https://management.azure.com', httpClient: http };
}

async function setEndpoint(
  reach: Reach,
  name: string,
  endpointStatus: 'Enabled' | 'Disabled',
): Promise<void> {
  const traffic = new TrafficManagerManagementClient(
    reach.credential,
    SUBSCRIPTION,
    options(reach),
  );
  const of = ['cafe-traffic', 'websphere-cafe', 'AzureEndpoints', name] as const;
  const endpoint = await traffic.endpoints.get(...of);
  await traffic.endpoints.createOrUpdate(...of, { ...endpoint, endpointStatus });
}

async function untilPointsAreNewerThan(
  siteRecovery: SiteRecoveryManagementClient,
  closed: number,
): Promise<void> {
  const newest = async (id: string): Promise<number> => {
    const [, fabric = '', container = '', item = ''] =
      /replicationFabrics\/([^/]+)\/replicationProtectionContainers\/([^/]+)\/replicationProtectedItems\/([^/]+)$/i.exec(
        id,
      ) ?? [];
    const of = ['cafe-vault', 'cafe-recovery', fabric, container, item] as const;
    let last = 0;
    for await (const { properties } of siteRecovery.recoveryPoints.listByReplicationProtectedItems(
      ...of,
    ))
      last = Math.max(last, properties?.recoveryPointTime?.getTime() ?? 0);
    return last;
  };
  for (;;) {
    const points: Promise<number>[] = [];
    for await (const { id } of siteRecovery.replicationProtectedItems.list(
      'cafe-vault',
      'cafe-recovery',
    ))
      points.push(newest(id ?? ''));
    if (Math.min(...(await Promise.all(points))) > closed) return;
    await seconds(POINT_SECONDS);
  }
}

async function attachAddresses(reach: Reach): Promise<void> {
  const network = new NetworkManagementClient(reach.credential, SUBSCRIPTION, options(reach));
  const group = 'was-cluster-westus';
  for await (const nic of network.networkInterfaces.list(group)) {
    const { name = '', ipConfigurations: [configuration] = [] } = nic;
    const machine = ['dmgr', 'ihs'].find((one) => name.startsWith(one));
    if (machine === undefined || configuration === undefined) continue;
    const id = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Network/publicIPAddresses/${machine}-ip`;
    const ipConfigurations = [{ ...configuration, publicIPAddress: { id } }];
    await network.networkInterfaces.createOrUpdate(group, name, { ...nic, ipConfigurations });
  }
}

async function untilAnswers({ http }: Reach, url: string): Promise<void> {
  for (;;) {
    const headers = createHttpHeaders();
    const request = createPipelineRequest({ url, headers, allowInsecureConnection: true });
    const status = await http.sendRequest(request).then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 200) return;
    await seconds(LOOK_SECONDS);
  }
}

/** By setTimeout, as the SDKs wait: it is on the simulator's clock here. */
function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
