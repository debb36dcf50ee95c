import { SqlManagementClient } from '@azure/arm-sql';
import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';
import { anyText, onBench, SQL, SUBSCRIPTION, textLike } from './bench.ts';

const GROUP = 'failovergroup-cafe';
const ON_EAST = `${SQL}/sql-cafe-east/failoverGroups/${GROUP}`;
const ON_WEST = `${SQL}/sql-cafe-west/failoverGroups/${GROUP}`;

function views({ simulator }: Bench): readonly string[] {
  simulator.world.catchUp();
  return ['east', 'west'].map((site) => {
    const view = simulator.sql.view(`${SQL}/sql-cafe-${site}`, GROUP);
    return `${view?.role ?? ''} ${view?.replicationState ?? ''}`;
  });
}

async function outcome({ send, wait }: Bench, path: string, seconds: number): Promise<unknown> {
  const { status, headers } = await send('POST', path);
  expect(status).toBe(202);
  await wait(seconds);
  return (await send('GET', headers.get('azure-asyncoperation') ?? '')).body;
}

describe('a failover group, through the SDK', () => {
  it(
    'looks different from each of its servers',
    onBench({}, async ({ credential, client }) => {
      const sql = new SqlManagementClient(credential, SUBSCRIPTION, client);
      const [east, west] = await Promise.all(
        ['sql-cafe-east', 'sql-cafe-west'].map((server) =>
          sql.failoverGroups.get('cafe-data', server, GROUP),
        ),
      );
      expect(east).toMatchObject({
        id: ON_EAST,
        location: 'East US',
        replicationRole: 'Primary',
        replicationState: 'CATCH_UP',
        readWriteEndpoint: { failoverPolicy: 'Manual' },
        partnerServers: [
          { id: `${SQL}/sql-cafe-west`, location: 'West US', replicationRole: 'Secondary' },
        ],
        databases: [`${SQL}/sql-cafe-east/databases/cafe`],
      });
      expect(east?.readWriteEndpoint).not.toHaveProperty('failoverWithDataLossGracePeriodMinutes');
      expect(west).toMatchObject({
        id: ON_WEST,
        replicationRole: 'Secondary',
        databases: [`${SQL}/sql-cafe-west/databases/cafe`],
      });
    }),
  );

  it(
    'its database knows the group and has one replication link',
    onBench({}, async ({ credential, client }) => {
      const sql = new SqlManagementClient(credential, SUBSCRIPTION, client);
      const database = await sql.databases.get('cafe-data', 'sql-cafe-east', 'cafe');
      expect(database.failoverGroupId).toBe(ON_EAST);
      const links: unknown[] = [];
      for await (const link of sql.replicationLinks.listByDatabase(
        'cafe-data',
        'sql-cafe-east',
        'cafe',
      ))
        links.push(link);
      expect(links).toMatchObject([
        {
          partnerServer: 'sql-cafe-west',
          role: 'Primary',
          partnerRole: 'Secondary',
          replicationState: 'CATCH_UP',
        },
      ]);
    }),
  );
});

describe('a planned failover', () => {
  it(
    'is announced, polled and finished as recorded',
    onBench({}, async ({ send, wait }) => {
      const accepted = await send('POST', `${ON_WEST}/failover`);
      expect(accepted).toMatchObject({
        status: 202,
        body: { operation: 'FailoverFailoverGroup', startTime: textLike(/\.\d{3}Z$/) },
      });
      const [poll = '', location = ''] = ['azure-asyncoperation', 'location'].map((name) =>
        accepted.headers.get(name),
      );
      const root = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Sql/locations/westus`;
      expect(poll).toContain(`${root}/failoverGroupAzureAsyncOperation/`);
      expect(location).toContain(`${root}/failoverGroupOperationResults/`);
      expect((await send('GET', poll)).body).toEqual({
        name: anyText,
        status: 'InProgress',
        startTime: anyText,
      });
      await wait(51);
      expect((await send('GET', poll)).body).toEqual({
        name: anyText,
        status: 'Succeeded',
        startTime: anyText,
      });
      expect(await send('GET', location)).toMatchObject({
        status: 200,
        body: { id: ON_WEST, properties: { replicationRole: 'Primary' } },
      });
    }),
  );

  it(
    'takes everything along and ends at rest on both sides',
    onBench({ clientSeconds: 1 }, async (bench) => {
      await bench.wait(300);
      expect(await outcome(bench, `${ON_WEST}/failover`, 51)).toMatchObject({
        status: 'Succeeded',
      });
      expect(views(bench)).toEqual(['Secondary CATCH_UP', 'Primary CATCH_UP']);
      expect(bench.simulator.control.cafe().acknowledged).toBeGreaterThan(300);
      expect(bench.simulator.control.cafe().lost).toBe(0);
    }),
  );

  it(
    'times out and is rolled back when the primary is dead',
    onBench({}, async (bench) => {
      bench.simulator.control.outage('eastus', 'data');
      expect(await outcome(bench, `${ON_WEST}/failover`, 59)).toMatchObject({
        status: 'InProgress',
      });
      await bench.wait(2);
      expect(views(bench)).toEqual(['Primary CATCH_UP', 'Secondary CATCH_UP']);
      const failed = await outcome(bench, `${ON_WEST}/failover`, 61);
      expect(failed).toMatchObject({
        status: 'Failed',
        error: { code: 'PlannedFailoverTimedOut' },
      });
    }),
  );

  it(
    'times out when the primary dies under it',
    onBench({}, async (bench) => {
      bench.simulator.control.outageAfter(5, 'eastus', 'control');
      expect(await outcome(bench, `${ON_WEST}/failover`, 61)).toMatchObject({
        error: { code: 'PlannedFailoverTimedOut' },
      });
    }),
  );
});

describe('requests that a group refuses', () => {
  it.each(['failover', 'forceFailoverAllowDataLoss'])('%s on the primary', async (verb) => {
    await onBench({}, async ({ send }) => {
      expect(await send('POST', `${ON_EAST}/${verb}`)).toMatchObject({
        status: 400,
        body: { error: { code: 'FailoverGroupFailoverRequestOnPrimary' } },
      });
    })();
  });

  it(
    'a second one while the first runs, and the repeated one after it',
    onBench({}, async ({ send, wait }) => {
      await send('POST', `${ON_WEST}/failover`);
      expect(await send('POST', `${ON_WEST}/failover`)).toMatchObject({
        status: 409,
        body: { error: { code: 'FailoverGroupBusy' } },
      });
      await wait(51);
      expect((await send('POST', `${ON_WEST}/failover`)).status).toBe(400);
    }),
  );

  it(
    'any change for 40 to 60 s after a forced failover',
    onBench({}, async (bench) => {
      expect(await outcome(bench, `${ON_WEST}/forceFailoverAllowDataLoss`, 21)).toMatchObject({
        status: 'Succeeded',
      });
      await bench.wait(15);
      expect(await bench.send('POST', `${ON_EAST}/failover`)).toMatchObject({
        status: 409,
        body: { error: { code: 'FailoverGroupBusy' } },
      });
      await bench.wait(46);
      expect((await bench.send('POST', `${ON_EAST}/failover`)).status).toBe(202);
    }),
  );
});

describe('a forced failover', () => {
  it(
    'suspends the new primary until the old one has been seeded anew',
    onBench({}, async (bench) => {
      await outcome(bench, `${ON_WEST}/forceFailoverAllowDataLoss`, 21);
      expect(views(bench)).toEqual(['Secondary CATCH_UP', 'Primary SUSPENDED']);
      await bench.wait(61);
      expect(views(bench)).toEqual(['Secondary CATCH_UP', 'Primary CATCH_UP']);
    }),
  );

  it(
    'loses what had not been replicated, and a dead old primary notices when it is back',
    onBench({ clientSeconds: 1 }, async (bench) => {
      const { simulator, wait } = bench;
      await wait(100);
      simulator.control.outage('eastus', 'data');
      expect(await outcome(bench, `${ON_WEST}/forceFailoverAllowDataLoss`, 21)).toMatchObject({
        status: 'Succeeded',
      });
      const { lost, firstLostAt, lastLostAt } = simulator.control.cafe();
      expect(lost).toBeGreaterThan(0);
      expect(lost).toBeLessThanOrEqual(6);
      expect(Date.parse(lastLostAt ?? '') - Date.parse(firstLostAt ?? '')).toBeLessThan(6000);
      expect(views(bench)).toEqual(['Primary CATCH_UP', 'Primary SUSPENDED']);
      await wait(3600);
      expect(views(bench)).toEqual(['Primary CATCH_UP', 'Primary SUSPENDED']);
      simulator.control.outage('eastus', 'none');
      expect(views(bench)[0]).toBe('Secondary CATCH_UP');
      await wait(61);
      expect(views(bench)).toEqual(['Secondary CATCH_UP', 'Primary CATCH_UP']);
    }),
  );

  it(
    'loses nothing that an outage without failover only interrupts',
    onBench({ clientSeconds: 1 }, async ({ simulator, wait }) => {
      await wait(100);
      simulator.control.outage('eastus', 'data');
      await wait(600);
      simulator.control.outage('eastus', 'none');
      await wait(60);
      const report = simulator.control.cafe();
      expect(report.lost).toBe(0);
      expect(report.failed).toBeGreaterThan(590);
    }),
  );

  it(
    'loses nothing that set off while the link was down, once the link is up again',
    onBench({ clientSeconds: 0 }, async (bench) => {
      const { simulator, send, wait } = bench;
      simulator.control.outage('westus', 'data');
      const coffees = 'http://ihs-cafe.eastus.cloudapp.azure.com/websphere-cafe/rest/coffees';
      expect((await send('POST', coffees, { body: { name: 'Latte', price: 4 } })).status).toBe(201);
      await wait(60);
      simulator.control.outage('westus', 'none');
      await wait(10);
      simulator.control.outage('eastus', 'data');
      await outcome(bench, `${ON_WEST}/forceFailoverAllowDataLoss`, 21);
      expect(simulator.control.cafe()).toMatchObject({ acknowledged: 1, lost: 0 });
    }),
  );
});
