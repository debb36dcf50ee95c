import { describe, expect, test } from 'vitest';
import type {
  AzureAccess,
  FailoverGroupView,
  LogAnswer,
  ProtectedItem,
  Reading,
  ResourceAvailability,
  TrafficProfile,
} from '../../../../src/azure/access.ts';
import { AzureError } from '../../../../src/azure/errors.ts';
import { canonicalId } from '../../../../src/core/resource-id.ts';
import type { LagSample } from '../../../../src/records/plan-state.ts';
import { createFakeAzure, noAnswer } from '../../../fakes/azure.ts';
import type { FakeAzure } from '../../../fakes/azure.ts';
import { GROUP, looks, NOW, SUBSCRIPTION, wanted, words } from './stage.ts';

const noRight = new AzureError({
  effect: 'refused',
  code: 'AuthorizationFailed',
  message: 'has no right',
  operation: 'GET',
  status: 403,
});
const throttled = new AzureError({
  effect: 'throttled',
  code: 'TooManyRequests',
  message: 'asks too much',
  operation: 'GET',
  status: 429,
});

describe('a Traffic Manager signal', () => {
  const profileId = (name: string): string =>
    `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/${name}`;
  const profile = (name: string, monitor: string): TrafficProfile => ({
    id: profileId(name),
    name,
    enabled: true,
    monitor: 'Online',
    fqdn: `${name}.trafficmanager.net`,
    ttlSeconds: 10,
    routing: 'Priority',
    probe: {
      protocol: 'HTTP',
      port: 80,
      path: '/',
      intervalSeconds: 10,
      toleratedFailures: 3,
      timeoutSeconds: 5,
    },
    endpoints: [
      {
        type: 'AzureEndpoints',
        name: 'myPrimary',
        enabled: true,
        monitor,
        target: 'cafe',
        targetResourceId: null,
        priority: 1,
      },
    ],
  });
  const asked = (name: string, endpoint = 'MYPRIMARY') =>
    wanted('traffic-manager', { profile: profileId(name), endpoint });

  test.each([
    ['Online', 'good'],
    ['Degraded', 'bad'],
    ['Stopped', 'bad'],
    ['CheckingEndpoint', 'unclear'],
    ['Disabled', 'unclear'],
    ['Inactive', 'unclear'],
    ['Unmonitored', 'unclear'],
  ])('takes %s for %s', async (monitor, as) => {
    const azure = createFakeAzure();
    azure.profiles.set(profileId('cafe'), profile('cafe', monitor));
    const seen = await looks([asked('cafe')], { azure });
    expect(words(seen)).toEqual([`health ${as}: myPrimary ${monitor}`]);
    expect(seen[0]?.domain).toBe('traffic-manager');
  });

  test('is unclear about an endpoint and a profile that are not there, and when it may not read', async () => {
    const azure = createFakeAzure();
    azure.profiles.set(profileId('cafe'), profile('cafe', 'Online'));
    azure.unreachable.set('forbidden', noRight);
    expect(
      words(await looks([asked('cafe', 'other'), asked('gone'), asked('forbidden')], { azure })),
    ).toEqual([
      'health unclear: no endpoint other in cafe',
      'health unclear: no endpoint MYPRIMARY in gone',
      'health unclear: GET: has no right',
    ]);
  });

  test.each([
    ['lists a subscription with many profiles in one call', null, ['list'], 'good'],
    [
      'reads them one by one where it may not list',
      noRight,
      ['list', 'cafe-0', 'cafe-1', 'cafe-2', 'cafe-3', 'cafe-4'],
      'good',
    ],
    ['asks no more of who has no time', throttled, ['list'], 'unclear'],
  ])('%s', async (_what, trouble, calls, as) => {
    const azure = createFakeAzure();
    const names = Array.from({ length: 5 }, (_one, index) => `cafe-${index}`);
    for (const name of names) azure.profiles.set(profileId(name), profile(name, 'Online'));
    const made: string[] = [];
    const { traffic } = azure.access;
    const counted: AzureAccess['traffic'] = {
      ...traffic,
      async profiles(scope) {
        made.push('list');
        if (trouble !== null) throw trouble;
        return traffic.profiles(scope);
      },
      profile(id) {
        made.push(id.split('/').at(-1) ?? '');
        return traffic.profile(id);
      },
    };
    const seen = await looks(
      [...names, ...names].map((name) => asked(name)),
      { ports: { traffic: counted } },
    );
    expect(made).toEqual(calls);
    expect(seen.map((one) => one.as)).toEqual(Array.from({ length: 10 }, () => as));
  });
});

describe('an SQL signal', () => {
  const server = (name: string): string => `${GROUP}/providers/Microsoft.Sql/servers/${name}`;
  const east = wanted('sql', { server: server('sql-east'), group: 'fg' });
  const west = wanted('sql', { server: server('sql-west'), group: 'fg' }, 'cafe', 'west');
  const withLag = wanted('sql', { server: server('sql-east'), group: 'fg', lagAbove: '10s' });

  function database(state = 'CATCH_UP'): FakeAzure {
    const azure = createFakeAzure();
    const view = (name: string, role: 'Primary' | 'Secondary'): FailoverGroupView => ({
      id: 'fg',
      server: server(name),
      location: 'eastus',
      role,
      replicationState: state,
      policy: 'Manual',
      graceMinutes: null,
      partners: [],
      databases: [],
    });
    azure.groups.set(server('sql-east'), view('sql-east', 'Primary'));
    azure.groups.set(server('sql-west'), view('sql-west', 'Secondary'));
    return azure;
  }

  test('tells of the primary that it answers and whether the other site could take over', async () => {
    expect(words(await looks([east, west], { azure: database() }))).toEqual([
      'health good: Primary',
      'readiness good: replication CATCH_UP',
      'health unclear: Secondary: takes no writes here',
    ]);
    expect(words(await looks([east], { azure: database('SUSPENDED') }))).toEqual([
      'health good: Primary',
      'readiness bad: replication SUSPENDED',
    ]);
  });

  test('is unclear about a group that is not there', async () => {
    expect(words(await looks([east]))).toEqual(['health unclear: no failover group fg']);
  });

  test.each<[string, Partial<LagSample> | null, string]>([
    ['short', { seconds: 3 }, 'good: replication CATCH_UP, 3 s behind'],
    ['long', { seconds: 11 }, 'bad: replication CATCH_UP, 11 s behind, more than 10 s'],
    [
      'not known any more',
      { missingSince: NOW },
      `unclear: replication CATCH_UP, no sample of its lag since ${NOW}`,
    ],
    ['never known', null, 'unclear: replication CATCH_UP, never a sample of its lag'],
  ])('judges a lag that is %s', async (_what, sample, expected) => {
    const sampledAt = '2026-03-01T09:59:00.000Z';
    const lag = async (plan: string): Promise<LagSample | null> =>
      sample === null ? null : { plan, seconds: 3, sampledAt, missingSince: null, ...sample };
    const seen = await looks([withLag], { azure: database(), through: { planStates: { lag } } });
    expect(words(seen)[1]).toBe(`readiness ${expected}`);
    expect(seen[1]?.at).toBe(sample === null ? NOW : sampledAt);
  });

  test.each<[string, AzureError, AzureError | null, string]>([
    ['does not answer while its partner does', noAnswer(), null, 'bad'],
    ['is said to be down', noAnswer(503), noAnswer(503), 'bad'],
    ['is silent like all of Resource Manager', noAnswer(), noAnswer(), 'unclear'],
    ['may not be read', noRight, null, 'unclear'],
    ['may not be asked now', throttled, null, 'unclear'],
  ])('of a server that %s', async (_what, error, partners, as) => {
    const azure = database();
    azure.unreachable.set('sql-east', error);
    if (partners !== null) azure.unreachable.set('sql-west', partners);
    const [first] = await looks([east, west], { azure });
    expect(first).toMatchObject({ judges: 'health', as, sees: error.message });
  });

  test('reads a group once for all plans that share it', async () => {
    const azure = database();
    let reads = 0;
    const { sql } = azure.access;
    const get: typeof sql.get = (id, group) => {
      reads += 1;
      return sql.get(id, group);
    };
    const shared = {
      server: server('SQL-EAST').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
      group: 'FG',
    };
    const seen = await looks([east, east, wanted('sql', shared, 'other')], {
      ports: { sql: { ...sql, get } },
    });
    expect(reads).toBe(1);
    expect(seen.map(({ plan }) => plan)).toEqual([
      'cafe',
      'cafe',
      'cafe',
      'cafe',
      'other',
      'other',
    ]);
  });
});

describe('a metric signal', () => {
  const profile = `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/cafe`;
  const settings = {
    resource: profile,
    namespace: 'Microsoft.Network/trafficManagerProfiles',
    name: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
    aggregation: 'Maximum',
    bad: { below: 1 },
  };
  const at = '2026-03-01T09:58:00.000Z';

  test.each<[string, Reading | undefined, object, string]>([
    ['within its bounds', { is: 'sample', value: 1, at }, {}, 'good: PACS 1'],
    ['below', { is: 'sample', value: 0.99944, at }, {}, 'bad: PACS 0.999, below 1'],
    ['above', { is: 'sample', value: 7, at }, { bad: { above: 5 } }, 'bad: PACS 7, above 5'],
    ['not there', { is: 'silent' }, {}, 'unclear: PACS has no recent value'],
    ['not in the answer', undefined, {}, 'unclear: PACS has no recent value'],
    ['not to be read', { is: 'unread', error: noRight }, {}, 'unclear: GET: has no right'],
  ])('judges a value that is %s', async (_what, reading, more, expected) => {
    const readings = async () =>
      new Map(reading === undefined ? [] : [[profile.toLowerCase(), reading]]);
    const ask = wanted('metric', { ...settings, name: 'PACS', ...more });
    const seen = await looks([ask], { ports: { metrics: { readings, latest: never } } });
    expect(words(seen)).toEqual([`health ${expected}`]);
    expect(seen[0]).toMatchObject({ domain: 'monitor', at: reading?.is === 'sample' ? at : NOW });
  });

  test('asks for all resources of one metric together', async () => {
    const calls: (readonly string[])[] = [];
    const readings = async (ids: readonly string[]) => {
      calls.push(ids.map((id) => id.split('/').at(-1) ?? ''));
      return new Map<string, Reading>(ids.map((id) => [id, { is: 'sample', value: 1, at }]));
    };
    const of = (name: string, more = {}) =>
      wanted('metric', { ...settings, resource: profile.replace(/cafe$/, name), ...more });
    const seen = await looks(
      [
        of('a'),
        of('b'),
        of('a', { bad: { above: 0 } }),
        of('c', { filter: "EndpointName eq 'x'" }),
      ],
      { ports: { metrics: { readings, latest: never } } },
    );
    expect(calls).toEqual([['a', 'b'], ['c']]);
    expect(seen.map((one) => one.as)).toEqual(['good', 'good', 'bad', 'good']);
  });
});

describe('a logs signal', () => {
  const settings = {
    workspace: '99999999-9999-4999-8999-999999999999',
    query: 'AppRequests | summarize failed = countif(Success == false)',
    bad: { above: 5 },
  };
  const columns = [
    { name: 'site', type: 'string' },
    { name: 'failed', type: 'long' },
  ];

  test.each<[string, Partial<LogAnswer> | AzureError, string]>([
    ['a number within', { rows: [['east', 5]] }, 'good: failed 5'],
    ['a number beyond', { rows: [['east', 6]] }, 'bad: failed 6, above 5'],
    ['no row', { rows: [] }, 'unclear: the query finds no row'],
    [
      'no number',
      { rows: [['east', null]] },
      'unclear: there is no number in the first row of the query',
    ],
    [
      'a part',
      { rows: [['east', 1]], incomplete: { code: 'PartialError', message: 'too much data' } },
      'unclear: a part of the answer only: too much data',
    ],
    ['a refusal', noRight, 'unclear: GET: has no right'],
  ])('judges %s', async (_what, answer, expected) => {
    const query = async (): Promise<LogAnswer> => {
      if (answer instanceof AzureError) throw answer;
      return { columns, rows: [], incomplete: null, ...answer };
    };
    const seen = await looks([wanted('logs', settings)], { ports: { logs: { query } } });
    expect(words(seen)).toEqual([`health ${expected}`]);
    expect(seen[0]?.domain).toBe('monitor');
  });

  test('asks once for the same query', async () => {
    const asked: unknown[] = [];
    const query = async (one: unknown): Promise<LogAnswer> => {
      asked.push(one);
      return { columns, rows: [['east', 1]], incomplete: null };
    };
    const ask = [wanted('logs', settings), wanted('logs', settings, 'other')];
    expect(await looks(ask, { ports: { logs: { query } } })).toHaveLength(2);
    expect(asked).toEqual([
      { workspaceId: settings.workspace, query: settings.query, timespanSeconds: 300 },
    ]);
  });
});

describe('a Resource Health signal', () => {
  const machine = (name: string): string =>
    `${GROUP}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const status = (
    name: string,
    state: ResourceAvailability['state'],
    more: Partial<ResourceAvailability> = {},
  ): ResourceAvailability => ({
    resourceId: machine(name),
    state,
    reasonType: '',
    summary: '',
    occurredAt: null,
    reportedAt: null,
    ...more,
  });
  const ask = wanted('resource-health', { resources: [machine('a'), machine('B')] });

  test.each<[string, readonly ResourceAvailability[], string]>([
    [
      'all are available',
      [status('a', 'Available'), status('b', 'Available')],
      'good: a Available, B Available',
    ],
    [
      'one failed',
      [
        status('a', 'Available'),
        status('b', 'Unavailable', { reasonType: 'Unplanned', summary: 'The host died.' }),
      ],
      'bad: B Unavailable (Unplanned: The host died.)',
    ],
    [
      'somebody stopped one',
      [status('a', 'Available'), status('b', 'Unavailable', { reasonType: 'UserInitiated' })],
      'unclear: B Unavailable (UserInitiated)',
    ],
    ['one is slow', [status('a', 'Degraded'), status('b', 'Available')], 'unclear: a Degraded'],
    [
      'Azure does not know',
      [status('a', 'Unknown'), status('b', 'Available')],
      'unclear: a Unknown',
    ],
    [
      'one is of a kind it does not know',
      [status('a', 'Available')],
      'unclear: B is not known to Resource Health',
    ],
  ])('when %s', async (_what, found, expected) => {
    const health = {
      ofSubscription: async () => new Map(found.map((one) => [canonicalId(one.resourceId), one])),
    };
    const seen = await looks([ask], { ports: { health } });
    expect(words(seen)).toEqual([`health ${expected}`]);
    expect(seen[0]).toMatchObject({ domain: 'resource-health', at: NOW });
  });

  test('is as old as the oldest word that it rests on', async () => {
    const found = [
      status('a', 'Available', { reportedAt: '2026-03-01T09:50:00.000Z' }),
      status('b', 'Available', { reportedAt: '2026-03-01T09:40:00.000Z' }),
    ];
    const health = {
      ofSubscription: async () => new Map(found.map((one) => [canonicalId(one.resourceId), one])),
    };
    const [look] = await looks([ask], { ports: { health } });
    expect(look?.at).toBe('2026-03-01T09:40:00.000Z');
  });

  test('lists each subscription once, and one that may not be listed hides no other', async () => {
    const other = '22222222-2222-2222-2222-222222222222';
    const asked: string[] = [];
    const health: AzureAccess['health'] = {
      async ofSubscription(subscription) {
        asked.push(subscription);
        if (subscription === other) throw noRight;
        return new Map([[canonicalId(machine('a')), status('a', 'Available')]]);
      },
    };
    const mine = { resources: [machine('a')] };
    const theirs = { resources: [machine('a').replace(SUBSCRIPTION, other)] };
    const seen = await looks(
      [
        wanted('resource-health', mine),
        wanted('resource-health', theirs),
        wanted('resource-health', mine, 'x'),
      ],
      { ports: { health } },
    );
    expect(asked).toEqual([SUBSCRIPTION, other]);
    expect(words(seen)).toEqual([
      'health good: a Available',
      'health unclear: GET: has no right',
      'health good: a Available',
    ]);
  });
});

describe('a Site Recovery signal', () => {
  const vault = `${GROUP}/providers/Microsoft.RecoveryServices/vaults/v`;
  const item = (friendlyName: string, more: Partial<ProtectedItem> = {}): ProtectedItem =>
    ({
      friendlyName,
      replicationHealth: 'Normal',
      protectionState: 'Protected',
      testFailoverState: 'None',
      allowedOperations: ['UnplannedFailover', 'TestFailover'],
      currentScenario: null,
      ...more,
    }) as ProtectedItem;

  test.each<[string, readonly ProtectedItem[], string]>([
    ['all replicate', [item('a'), item('b')], 'good: a Normal, B Normal'],
    [
      'one could be better',
      [item('a'), item('b', { replicationHealth: 'Warning' })],
      'good: a Normal, B Warning',
    ],
    [
      'one does not replicate',
      [item('a'), item('b', { replicationHealth: 'Critical' })],
      'bad: B Critical',
    ],
    ['one is missing', [item('a')], 'bad: B is not protected'],
    [
      'one was failed over and not reprotected',
      [
        item('a'),
        item('b', {
          protectionState: 'UnplannedFailoverCommitted',
          allowedOperations: ['SwitchProtection'],
        }),
      ],
      'bad: B UnplannedFailoverCommitted',
    ],
    [
      'a job runs',
      [
        item('a'),
        item('b', {
          allowedOperations: [],
          currentScenario: { name: 'TestFailover', jobId: 'j', startedAt: NOW },
        }),
      ],
      'unclear: B busy with TestFailover',
    ],
    [
      'a test was not cleaned up',
      [item('a'), item('b', { allowedOperations: [], testFailoverState: 'WaitingForInput' })],
      'unclear: B in a test failover',
    ],
  ])('when %s', async (_what, items, expected) => {
    const azure = createFakeAzure();
    azure.items = [...items];
    const seen = await looks([wanted('site-recovery', { vault, machines: ['a', 'B'] })], { azure });
    expect(words(seen)).toEqual([`readiness ${expected}`]);
    expect(seen[0]?.domain).toBe('resource-manager');
  });

  test('is of all machines of the vault when none are named', async () => {
    const azure = createFakeAzure();
    expect(words(await looks([wanted('site-recovery', { vault })], { azure }))).toEqual([
      'readiness unclear: v protects no machine',
    ]);
    azure.items = [item('a'), item('c')];
    expect(words(await looks([wanted('site-recovery', { vault })], { azure }))).toEqual([
      'readiness good: a Normal, c Normal',
    ]);
  });
});

describe('signals together', () => {
  const vault = `${GROUP}/providers/Microsoft.RecoveryServices/vaults/v`;
  const http = wanted('http', { url: 'http://cafe.example/' });

  test('suffer nothing from a source that hangs or breaks', async () => {
    const azure = createFakeAzure();
    const hangs: AzureAccess['siteRecovery']['items'] = () => new Promise(() => undefined);
    const health: AzureAccess['health'] = {
      ofSubscription: () => {
        throw new TypeError('a bug');
      },
    };
    const seen = await looks(
      [http, wanted('site-recovery', { vault }), wanted('resource-health', { resources: [vault] })],
      { azure, ports: { health, siteRecovery: { ...azure.access.siteRecovery, items: hangs } } },
    );
    expect(words(seen).toSorted()).toEqual([
      'health bad: connect ECONNREFUSED',
      'health unclear: a bug',
      'readiness unclear: No answer within 10 s.',
    ]);
  });

  test('are none when nothing is asked', async () => {
    expect(await looks([])).toEqual([]);
  });
});

function never(): never {
  throw new Error('must not be called');
}
