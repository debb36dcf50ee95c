import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const PROVIDERS = `/subscriptions/${SUBSCRIPTION}/resourceGroups/fleet/providers`;

/** The resources of one of the fleet's plans. */
export interface Ids {
  readonly profile: string;
  readonly server: string;
  readonly machine: string;
  readonly gateway: string;
}

export const idsOf = (plan: number | string): Ids => ({
  profile: `${PROVIDERS}/Microsoft.Network/trafficManagerProfiles/tm-${plan}`,
  server: `${PROVIDERS}/Microsoft.Sql/servers/sql-${plan}`,
  machine: `${PROVIDERS}/Microsoft.Compute/virtualMachines/vm-${plan}`,
  gateway: `${PROVIDERS}/Microsoft.Network/applicationGateways/gw-${plan}`,
});

export interface FleetAzure {
  readonly http: HttpClient;
  /** Requests since the last time, by what they ask. */
  readonly taken: () => Readonly<Record<string, number>>;
}

/** An Azure in which everything is well and which answers at once: what is left is our own work and the SDKs'. */
export function fleetAzure(plans: number, now: () => number): FleetAzure {
  let counts: Record<string, number> = {};
  const all = Array.from({ length: plans }, (_one, index) => idsOf(index));
  const profiles = { value: all.map(({ profile }) => profileOf(profile)) };
  const statuses = { value: all.map(({ machine }) => statusOf(machine)) };
  const answer = (request: PipelineRequest): [what: string, body: object] => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith('/metrics:getBatch')) {
      const { resourceids } = JSON.parse(
        typeof request.body === 'string' ? request.body : '{}',
      ) as { resourceids: string[] };
      const at = now();
      return [
        'metric batch',
        { values: resourceids.map((id) => ({ ...metricOf(id, at), resourceid: id })) },
      ];
    }
    if (pathname.endsWith('/metrics')) return ['metric', metricOf(pathname, now())];
    if (pathname.endsWith('/availabilityStatuses')) return ['health list', statuses];
    // The SDK writes this one in lower case.
    if (/\/trafficmanagerprofiles$/i.test(pathname)) return ['profile list', profiles];
    if (pathname.includes('/failoverGroups/')) return ['failover group', groupOf(pathname)];
    if (pathname === '/') return ['probe', {}];
    throw new Error(`Nobody asks ${request.url}.`);
  };
  return {
    http: {
      async sendRequest(request) {
        const [what, body] = answer(request);
        counts[what] = (counts[what] ?? 0) + 1;
        return { request, status: 200, headers: JSON_HEADERS, bodyAsText: JSON.stringify(body) };
      },
    },
    taken() {
      const before = counts;
      counts = {};
      return before;
    },
  };
}

const JSON_HEADERS = createHttpHeaders({ 'content-type': 'application/json' });

function profileOf(id: string): object {
  const endpoint = { name: 'east', type: 'externalEndpoints' };
  return {
    id,
    name: id.split('/').at(-1),
    properties: {
      profileStatus: 'Enabled',
      endpoints: [
        { ...endpoint, properties: { endpointStatus: 'Enabled', endpointMonitorStatus: 'Online' } },
      ],
    },
  };
}

function statusOf(id: string): object {
  return {
    id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    properties: { availabilityState: 'Available' },
  };
}

function groupOf(path: string): object {
  const properties = {
    replicationRole: 'Primary',
    replicationState: 'CATCH_UP',
    readWriteEndpoint: { failoverPolicy: 'Manual' },
    partnerServers: [],
    databases: [],
  };
  return { id: path, name: 'fg', properties };
}

function metricOf(id: string, now: number): object {
  const data = [{ timeStamp: new Date(now - 60_000).toISOString(), average: 100 }];
  return {
    cost: 0,
    interval: 'PT1M',
    timespan: 'PT15M',
    namespace: 'Microsoft.Network/applicationGateways',
    resourceregion: 'eastus',
    value: [
      {
        id: `${id}/metric`,
        type: 'Microsoft.Insights/metrics',
        name: { value: 'HealthyHostCount' },
        unit: 'Count',
        timeseries: [{ metadatavalues: [], data }],
      },
    ],
  };
}
