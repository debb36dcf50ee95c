import { describe, expect, it } from 'vitest';
import type { Accepted } from '../../../src/azure/access.ts';
import {
  ADDRESS,
  EAST,
  FAILOVER_GROUP,
  follow,
  MACHINE,
  NIC,
  onSimulator,
  PROFILE,
  RECOVERY_PLAN,
  SQL_EAST,
  SQL_WEST,
  VAULT,
  WEST,
  type Bench,
} from './bench.ts';

const never = new AbortController().signal;
const LAG = {
  namespace: 'Microsoft.Sql/servers/databases',
  name: 'replication_lag_seconds',
  aggregation: 'Maximum',
} as const;

describe('what is read', () => {
  it(
    'machines',
    onSimulator(async ({ azure }) => {
      expect(await azure.machines.get(MACHINE)).toMatchObject({
        name: 'ihs',
        location: 'eastus',
        power: 'running',
      });
      expect(await azure.machines.get(`${MACHINE}-none`)).toBeNull();
    }),
  );

  it(
    'a failover group from both of its servers, and its links',
    onSimulator(async ({ azure }) => {
      expect(await azure.sql.get(SQL_EAST, FAILOVER_GROUP)).toMatchObject({
        role: 'Primary',
        replicationState: 'CATCH_UP',
        policy: 'Manual',
        graceMinutes: null,
      });
      expect(await azure.sql.get(SQL_WEST, FAILOVER_GROUP)).toMatchObject({
        role: 'Secondary',
        databases: [`${SQL_WEST}/databases/cafe`],
      });
      expect(await azure.sql.get(SQL_EAST, 'none')).toBeNull();
      const links = await azure.sql.links(`${SQL_EAST}/databases/cafe`);
      expect(links).toMatchObject([
        {
          partnerServer: 'sql-cafe-west',
          role: 'Primary',
          partnerRole: 'Secondary',
          state: 'CATCH_UP',
        },
      ]);
    }),
  );

  it(
    'a vault: items, points, plan',
    onSimulator(async ({ azure, clock }) => {
      await clock.sleep(20 * 60_000);
      const items = await azure.siteRecovery.items(VAULT);
      expect(items.map(({ friendlyName }) => friendlyName).sort()).toEqual([
        'app1',
        'app2',
        'app3',
        'dmgr',
        'ihs',
      ]);
      const [first] = items;
      if (first === undefined) throw new Error('no item');
      expect(await azure.siteRecovery.item(first.id)).toMatchObject({
        id: first.id,
        provider: 'A2A',
        protectionState: 'Protected',
        currentScenario: null,
        primaryLocation: 'eastus',
        recoveryLocation: 'westus',
      });
      expect(await azure.siteRecovery.item(`${first.id}none`)).toBeNull();
      expect((await azure.siteRecovery.recoveryPoints(first.id)).length).toBeGreaterThan(1);
      const plan = await azure.siteRecovery.plan(VAULT, RECOVERY_PLAN);
      expect(new Set(plan?.groups.flat())).toEqual(new Set(items.map(({ id }) => id)));
      expect(await azure.siteRecovery.plan(VAULT, 'none')).toBeNull();
      expect(await azure.siteRecovery.job(`${VAULT}/replicationJobs/none`)).toBeNull();
    }),
  );

  it(
    'a profile and its endpoints',
    onSimulator(async ({ azure }) => {
      expect(await azure.traffic.profile(PROFILE)).toMatchObject({
        enabled: true,
        fqdn: 'websphere-cafe.trafficmanager.net',
        ttlSeconds: 10,
        routing: 'Priority',
        probe: {
          protocol: 'HTTP',
          port: 80,
          path: '/websphere-cafe/',
          intervalSeconds: 10,
          toleratedFailures: 3,
          timeoutSeconds: 5,
        },
        endpoints: [
          { type: 'AzureEndpoints', name: 'myPrimaryEndpoint', enabled: true, priority: 1 },
          { type: 'AzureEndpoints', name: 'myFailoverEndpoint', enabled: false, priority: 2 },
        ],
      });
      expect(await azure.traffic.profile(`${PROFILE}-none`)).toBeNull();
    }),
  );

  it(
    'addresses and interfaces',
    onSimulator(async ({ azure }) => {
      expect(await azure.network.publicAddress(ADDRESS)).toMatchObject({
        address: '192.0.2.11',
        location: 'eastus',
      });
      expect(await azure.network.publicAddress(`${ADDRESS}-none`)).toBeNull();
      const interfaces = await azure.network.interfaces(EAST);
      expect(interfaces).toHaveLength(5);
      expect(interfaces.find(({ name }) => name === 'ihs-nic')?.configurations).toMatchObject([
        { name: 'ipconfig1' },
      ]);
      expect(await azure.network.interfaces(WEST)).toEqual([]);
    }),
  );
});

describe('every change is one request, and its operation can be followed to the end', () => {
  const changes: readonly [
    string,
    (bench: Bench) => Promise<Accepted>,
    string,
    (bench: Bench) => Promise<unknown>,
    unknown,
  ][] = [
    [
      'deallocate',
      ({ azure }) => azure.machines.deallocate(MACHINE, never),
      'POST ihs/deallocate',
      ({ azure }) => azure.machines.get(MACHINE),
      { power: 'deallocated' },
    ],
    [
      'start',
      ({ azure }) => azure.machines.start(MACHINE, never),
      'POST ihs/start',
      ({ azure }) => azure.machines.get(MACHINE),
      { power: 'running' },
    ],
    [
      'failover',
      ({ azure }) => azure.sql.failover(SQL_WEST, FAILOVER_GROUP, never),
      'POST failovergroup-cafe/failover',
      ({ azure }) => azure.sql.get(SQL_WEST, FAILOVER_GROUP),
      { role: 'Primary', replicationState: 'CATCH_UP' },
    ],
    [
      'forced failover',
      ({ azure }) => azure.sql.forceFailover(SQL_WEST, FAILOVER_GROUP, never),
      'POST failovergroup-cafe/forcefailoverallowdataloss',
      ({ azure }) => azure.sql.get(SQL_WEST, FAILOVER_GROUP),
      { role: 'Primary', replicationState: 'SUSPENDED' },
    ],
    [
      'dissociating an address',
      ({ azure }) => azure.network.setPublicAddress(NIC, 'ipconfig1', null, never),
      'PUT networkinterfaces/ihs-nic',
      ({ azure }) => azure.network.publicAddress(ADDRESS),
      { attachedTo: null },
    ],
    [
      'failing over a recovery plan',
      ({ azure }) =>
        azure.siteRecovery.failoverPlan(
          VAULT,
          RECOVERY_PLAN,
          { shutDownSource: true, recoveryPoint: 'Latest' },
          never,
        ),
      'POST recovery-plan-cafe/unplannedfailover',
      async ({ azure }) =>
        new Set(
          (await azure.siteRecovery.items(VAULT)).map(({ activeLocation }) => activeLocation),
        ),
      new Set(['Recovery']),
    ],
  ];
  it.each(changes)('%s', (_name, change, request, look, goal) =>
    onSimulator(async (bench) => {
      await bench.clock.sleep(20 * 60_000);
      const accepted = await change(bench);
      const { looks, end } = await follow(bench, accepted);
      expect(end).toMatchObject({ is: 'succeeded' });
      expect(looks).toBeGreaterThan(1);
      expect(accepted.correlationId).toMatch(/./);
      expect(await look(bench)).toMatchObject(goal as object);
      expect(bench.changes()).toEqual([request]);
    })(),
  );

  it(
    'failing over one item, then committing it; the job tells the same',
    onSimulator(async (bench) => {
      const { azure, clock, changes: seen } = bench;
      await clock.sleep(20 * 60_000);
      const [item] = await azure.siteRecovery.items(VAULT);
      if (item === undefined) throw new Error('no item');
      const failover = await azure.siteRecovery.failoverItem(
        item.id,
        { shutDownSource: true },
        never,
      );
      const busy = await azure.siteRecovery.item(item.id);
      const jobId = failover.operation?.handle?.['jobId'];
      if (typeof jobId !== 'string') throw new Error('The operation names no job.');
      expect(busy?.currentScenario?.name).toBe('UnplannedFailover');
      expect(busy?.currentScenario?.jobId.split('/').at(-1)).toBe(failover.operation?.name);
      await follow(bench, failover);
      expect(await azure.siteRecovery.job(jobId)).toMatchObject({
        state: 'Succeeded',
        errors: [],
      });
      expect(await azure.siteRecovery.item(item.id)).toMatchObject({
        activeLocation: 'Recovery',
        currentScenario: null,
      });
      await follow(bench, await azure.siteRecovery.commitItem(item.id, never));
      expect((await azure.siteRecovery.item(item.id))?.protectionState).toBe(
        'UnplannedFailoverCommitted',
      );
      expect(seen().map((line) => line.split('/').at(-1))).toEqual([
        'unplannedfailover',
        'failovercommit',
      ]);
    }),
  );

  it(
    'committing a recovery plan',
    onSimulator(async (bench) => {
      const { azure, clock } = bench;
      await clock.sleep(20 * 60_000);
      const options = { shutDownSource: true, recoveryPoint: 'LatestProcessed' } as const;
      await follow(
        bench,
        await azure.siteRecovery.failoverPlan(VAULT, RECOVERY_PLAN, options, never),
      );
      await follow(bench, await azure.siteRecovery.commitPlan(VAULT, RECOVERY_PLAN, never));
      const items = await azure.siteRecovery.items(VAULT);
      expect(new Set(items.map(({ protectionState }) => protectionState))).toEqual(
        new Set(['UnplannedFailoverCommitted']),
      );
    }),
  );

  it(
    'an endpoint of Traffic Manager, which is done with the answer',
    onSimulator(async ({ azure, changes: seen }) => {
      const endpoint = { type: 'AzureEndpoints', name: 'myFailoverEndpoint' };
      const accepted = await azure.traffic.setEndpoint(PROFILE, endpoint, true, never);
      expect(accepted).toMatchObject({ status: 201 });
      expect(accepted.operation).toBeUndefined();
      expect((await azure.traffic.profile(PROFILE))?.endpoints[1]).toMatchObject({
        enabled: true,
        priority: 2,
      });
      expect(seen()).toEqual(['PUT azureendpoints/myfailoverendpoint']);
    }),
  );
});

describe('metrics', () => {
  const databases = [`${SQL_EAST}/databases/cafe`, `${SQL_WEST}/databases/cafe`];

  it(
    'are asked one by one, and by region once the regions are known; the secondary has none',
    onSimulator(async ({ azure, clock, simulator }) => {
      await clock.sleep(15 * 60_000);
      const first = await azure.metrics.latest(databases, LAG);
      expect([...first.keys()]).toEqual([databases[0]]);
      const sample = first.get(databases[0] ?? '');
      expect(sample?.value).toBeGreaterThanOrEqual(0);
      expect(clock.now() - Date.parse(sample?.at ?? '')).toBeLessThan(3 * 60_000);
      simulator.journal.clear();
      await clock.sleep(60_000);
      const second = await azure.metrics.latest(databases, LAG);
      expect(second.get(databases[0] ?? '')?.at).not.toBe(sample?.at);
      const asked = simulator.journal.entries().filter(({ door }) => door === 'metrics');
      expect(asked.map(({ method }) => method)).toEqual(['POST', 'POST']);
      expect(simulator.journal.entries()).toHaveLength(2);
    }),
  );

  it(
    'of a dead region are missing; the other regions answer',
    onSimulator(async ({ azure, clock, simulator }) => {
      await clock.sleep(15 * 60_000);
      await azure.metrics.latest(databases, LAG);
      simulator.control.outage('eastus', 'control');
      await clock.sleep(20 * 60_000);
      expect(await azure.metrics.latest(databases, LAG)).toEqual(new Map());
    }),
  );

  it(
    'without the right to read them are an error, not "no data"',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.deny({ action: 'Microsoft.Insights/metrics/read', scope: '' });
      await expect(azure.metrics.latest(databases, LAG)).rejects.toMatchObject({
        effect: 'refused',
        code: 'AuthorizationFailed',
      });
    }),
  );
});
