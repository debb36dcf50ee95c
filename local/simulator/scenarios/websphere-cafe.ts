import type { CafeSite } from '../cafe/cafe.ts';
import type { MachineSeed } from '../compute/machines.ts';
import type { InterfaceSeed, PublicAddress, VirtualNetwork } from '../network/addresses.ts';
import type { Scenario } from '../scenario.ts';

const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const ROOT = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;
const MACHINES = ['dmgr', 'ihs', 'app1', 'app2', 'app3'] as const;

const MONITORING = `${ROOT}/cafe-monitoring/providers`;
const COMPONENT = `${MONITORING}/microsoft.insights/components/cafe-insights`;
const WEB_TEST = 'cafe-availability';
const PUBLIC_NAME = 'websphere-cafe.trafficmanager.net';

interface Region {
  readonly site: string;
  readonly region: string;
  /** First three numbers of its addresses, from the ranges kept for documentation. */
  readonly prefix: string;
}

const EAST: Region = { site: 'east', region: 'eastus', prefix: '192.0.2' };
const WEST: Region = { site: 'west', region: 'westus', prefix: '198.51.100' };

export interface WebSphereCafeOptions {
  /**
   * switchover: the passive endpoint is disabled at rest. automatic: both are enabled, as published, and Traffic
   * Manager moves by itself.
   */
  readonly control?: 'switchover' | 'automatic';
  /** How often a client orders a coffee; 0 for never. */
  readonly clientSeconds?: number;
  /** How Site Recovery answers what it refuses: at once, or by a job that fails. */
  readonly refusal?: Scenario['refusal'];
}

/** The resources of plans/websphere-cafe.yaml at rest: everything runs in East US, West US holds addresses only. */
const TENANT = '44444444-4444-4444-4444-444444444444';

/** The app's managed identities, as its settings name them. */
export const CLIENT_IDS = {
  AZURE_CLIENT_ID: '33333333-3333-3333-3333-333333333333',
  SWITCHOVER_FAILOVER_CLIENT_ID: '33333333-3333-3333-3333-333333333334',
  SWITCHOVER_FORCED_CLIENT_ID: '33333333-3333-3333-3333-333333333335',
} as const;

export function webSphereCafe(options: WebSphereCafeOptions = {}): Scenario {
  const { control = 'switchover', clientSeconds = 5, refusal = '4xx' } = options;
  return {
    name: 'websphere-cafe',
    subscription: SUBSCRIPTION,
    caller: {
      objectId: '22222222-2222-2222-2222-222222222222',
      clientId: CLIENT_IDS.AZURE_CLIENT_ID,
      tenant: TENANT,
    },
    identities: [
      {
        objectId: '22222222-2222-2222-2222-222222222223',
        clientId: CLIENT_IDS.SWITCHOVER_FAILOVER_CLIENT_ID,
        tenant: TENANT,
      },
      {
        objectId: '22222222-2222-2222-2222-222222222224',
        clientId: CLIENT_IDS.SWITCHOVER_FORCED_CLIENT_ID,
        tenant: TENANT,
      },
    ],
    groups: [
      groupOf(EAST),
      groupOf(WEST),
      ...['cafe-data', 'cafe-traffic', 'cafe-recovery', 'cafe-monitoring'].map(
        (name) => `${ROOT}/${name}`,
      ),
    ],
    machines: MACHINES.map((name) => machine(EAST, name)),
    interfaces: MACHINES.map((name, index) => networkInterface(EAST, name, index)),
    addresses: [EAST, WEST].flatMap(addresses),
    virtualNetworks: [EAST, WEST].flatMap(virtualNetworks),
    sql: database(),
    vaults: [vault()],
    refusal,
    trafficProfiles: [trafficProfile(control)],
    monitoring: monitoring(),
    alerts: { rules: alertRules(), receivers: [] },
    cafe: {
      publicName: PUBLIC_NAME,
      failoverGroup: 'failovergroup-cafe',
      sites: [EAST, WEST].map(cafeSite),
      clientSeconds,
    },
  };
}

function groupOf({ region }: Region): string {
  return `${ROOT}/was-cluster-${region}`;
}

function interfaceId(region: Region, name: string): string {
  return `${groupOf(region)}/providers/Microsoft.Network/networkInterfaces/${name}-nic`;
}

function machineId(region: Region, name: string): string {
  return `${groupOf(region)}/providers/Microsoft.Compute/virtualMachines/${name}`;
}

function addressId(region: Region, role: 'dmgr' | 'ihs'): string {
  return `${groupOf(region)}/providers/Microsoft.Network/publicIPAddresses/${role}-ip`;
}

function machine(region: Region, name: string): MachineSeed {
  return {
    id: machineId(region, name),
    location: region.region,
    interfaceIds: [interfaceId(region, name)],
  };
}

function networkInterface(region: Region, name: string, index: number): InterfaceSeed {
  return {
    id: interfaceId(region, name),
    location: region.region,
    machineId: machineId(region, name),
    privateAddress: `10.0.0.${4 + index}`,
    publicAddressId: name === 'dmgr' || name === 'ihs' ? addressId(region, name) : null,
  };
}

function addresses(region: Region): readonly PublicAddress[] {
  return (['dmgr', 'ihs'] as const).map((role, index) => ({
    id: addressId(region, role),
    location: region.region,
    address: `${region.prefix}.${10 + index}`,
    label: `${role}-cafe`,
  }));
}

/** The one that serves, and one beside it in which a test failover meets nothing of it. */
function virtualNetworks(region: Region): readonly VirtualNetwork[] {
  const network = (name: string, subnet: string): VirtualNetwork => ({
    id: networkId(region, name),
    location: region.region,
    subnets: [subnet],
    peers: [],
  });
  return [network('was-vnet', 'was-subnet'), network('test-vnet', 'default')];
}

function networkId(region: Region, name: string): string {
  return `${groupOf(region)}/providers/Microsoft.Network/virtualNetworks/${name}`;
}

function cafeSite(region: Region): CafeSite {
  return {
    name: region.site,
    region: region.region,
    group: groupOf(region),
    ihsAddress: addressId(region, 'ihs'),
    dmgrAddress: addressId(region, 'dmgr'),
  };
}

function database(): Scenario['sql'] {
  const server = ({ site }: Region): string =>
    `${ROOT}/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-${site}`;
  return {
    servers: [EAST, WEST].map((region) => ({ id: server(region), location: region.region })),
    groups: [
      {
        name: 'failovergroup-cafe',
        servers: [server(EAST), server(WEST)],
        databases: ['cafe'],
        policy: 'Manual',
        rows: [
          { id: 1, name: 'Coffee 1', price: 10, at: 0 },
          { id: 2, name: 'Coffee 2', price: 20, at: 0 },
        ],
      },
    ],
  };
}

/** In the region that is failed over to, so that it answers while the other is down. */
function vault(): Scenario['vaults'][number] {
  return {
    id: `${ROOT}/cafe-recovery/providers/Microsoft.RecoveryServices/vaults/cafe-vault`,
    region: WEST.region,
    policy: '24-hour-retention-policy',
    fabrics: [EAST, WEST].map(({ site, region }) => ({
      name: `asr-${region}`,
      region,
      container: `asr-${site}-container`,
    })),
    items: MACHINES.map((name) => ({
      machineId: machineId(EAST, name),
      fromRegion: EAST.region,
      toRegion: WEST.region,
      targetGroupId: groupOf(WEST),
      targetNetworkId: networkId(WEST, 'was-vnet'),
    })),
    plans: [{ name: 'recovery-plan-cafe', bootGroups: [MACHINES] }],
  };
}

/** As an operator would set them; nobody is told until there are receivers. */
function alertRules(): NonNullable<Scenario['alerts']>['rules'] {
  const common = { description: '', severity: 1 };
  return [
    {
      kind: 'web-test',
      name: 'cafe-unavailable',
      ...common,
      componentId: COMPONENT,
      test: WEB_TEST,
      failedLocations: 2,
      windowMinutes: 5,
    },
    {
      kind: 'metric',
      name: 'cafe-primary-endpoint-down',
      ...common,
      resourceId: trafficProfile('switchover').id,
      metric: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
      aggregation: 'Maximum',
      operator: 'LessThan',
      threshold: 1,
      windowMinutes: 1,
      dimensions: { EndpointName: 'myPrimaryEndpoint' },
    },
    {
      kind: 'resource-health',
      name: 'cafe-database-health',
      ...common,
      scope: `${ROOT}/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-east`,
    },
  ];
}

/** In a third region, so that it tells of both. */
function monitoring(): NonNullable<Scenario['monitoring']> {
  return {
    components: [{ id: COMPONENT, region: 'centralus' }],
    workspaces: [
      {
        id: `${MONITORING}/Microsoft.OperationalInsights/workspaces/cafe-logs`,
        customerId: '55555555-5555-5555-5555-555555555555',
        region: 'centralus',
      },
    ],
    webTests: [
      {
        name: WEB_TEST,
        componentId: COMPONENT,
        url: `http://${PUBLIC_NAME}/websphere-cafe/`,
        everySeconds: 300,
        locations: [
          'us-va-ash-azr',
          'us-fl-mia-edge',
          'emea-nl-ams-azr',
          'emea-gb-db3-azr',
          'apac-jp-kaw-edge',
        ],
      },
    ],
  };
}

function trafficProfile(control: 'switchover' | 'automatic'): Scenario['trafficProfiles'][number] {
  const endpoint = (name: string, region: Region, priority: number, enabled: boolean) => ({
    name,
    type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
    properties: {
      targetResourceId: addressId(region, 'ihs'),
      endpointStatus: enabled ? 'Enabled' : 'Disabled',
      priority,
      weight: 1,
    },
  });
  return {
    id: `${ROOT}/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe`,
    body: {
      location: 'global',
      properties: {
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'websphere-cafe', ttl: 10 },
        monitorConfig: {
          protocol: 'HTTP',
          port: 80,
          path: '/websphere-cafe/',
          intervalInSeconds: 10,
          toleratedNumberOfFailures: 3,
          timeoutInSeconds: 5,
        },
        endpoints: [
          endpoint('myPrimaryEndpoint', EAST, 1, true),
          endpoint('myFailoverEndpoint', WEST, 2, control === 'automatic'),
        ],
      },
    },
  };
}
