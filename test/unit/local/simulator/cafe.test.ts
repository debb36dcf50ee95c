import { describe, expect, it } from 'vitest';
import { EAST, onBench, ROOT, type Bench } from './bench.ts';

const PUBLIC = 'http://websphere-cafe.trafficmanager.net/websphere-cafe';
const SITE = 'http://ihs-cafe.eastus.cloudapp.azure.com/websphere-cafe/';
const CONSOLE = 'https://dmgr-cafe.eastus.cloudapp.azure.com:9043/ibm/console/logon.jsp';
const MACHINES = `${EAST}/Microsoft.Compute/virtualMachines`;

describe('the café, from outside', () => {
  it(
    'lists its coffees at the site and under the public name',
    onBench({ clientSeconds: 0 }, async ({ send }) => {
      for (const url of [SITE, `${PUBLIC}/`]) {
        const { status, body } = await send('GET', url, { version: null });
        expect(status).toBe(200);
        expect(body).toContain('Coffee 1');
        expect(body).toContain('Coffee 2');
      }
    }),
  );

  it(
    'takes a new coffee and gives it back',
    onBench({ clientSeconds: 0 }, async ({ send, simulator }) => {
      const order = {
        body: { name: 'Latte', price: 4 },
        headers: { 'content-type': 'application/json' },
      };
      const created = await send('POST', `${PUBLIC}/rest/coffees`, order);
      expect(created).toMatchObject({ status: 201, body: { id: 3, name: 'Latte', price: 4 } });
      expect((await send('GET', `${PUBLIC}/rest/coffees/3`)).body).toEqual({
        id: 3,
        name: 'Latte',
        price: 4,
      });
      expect((await send('GET', `${PUBLIC}/rest/coffees/4`)).status).toBe(404);
      expect(
        (await send('POST', `${PUBLIC}/rest/coffees`, { body: { name: 'Nothing' } })).status,
      ).toBe(400);
      expect(simulator.journal.mutations()).toEqual([]);
      expect(simulator.control.cafe()).toMatchObject({ acknowledged: 1, lost: 0 });
    }),
  );

  it(
    "shows the deployment manager's sign-in page",
    onBench({}, async ({ send }) => {
      const { status, body } = await send('GET', CONSOLE, { version: null });
      expect(status).toBe(200);
      expect(body).toContain('WebSphere Integrated Solutions Console');
    }),
  );

  it(
    'a name that nobody has is not found',
    onBench({}, async ({ send }) => {
      await expect(send('GET', 'http://nobody.example/')).rejects.toMatchObject({
        code: 'ENOTFOUND',
      });
    }),
  );
});

describe('where the café does not answer', () => {
  const times: readonly [string, (bench: Bench) => void, string][] = [
    [
      'its region is dead',
      ({ simulator }) => simulator.control.outage('eastus', 'data'),
      'ETIMEDOUT',
    ],
    [
      'its IHS machine is off',
      ({ simulator }) => simulator.machines.setPower(`${MACHINES}/ihs`, 'deallocated'),
      'ETIMEDOUT',
    ],
    [
      'its IHS machine is still booting',
      ({ simulator }) => {
        simulator.machines.setPower(`${MACHINES}/ihs`, 'deallocated');
        simulator.machines.setPower(`${MACHINES}/ihs`, 'running');
      },
      'ECONNREFUSED',
    ],
  ];
  it.each(times)('%s', async (_name, arrange, code) => {
    await onBench({}, async (bench) => {
      arrange(bench);
      await expect(bench.send('GET', SITE, { version: null })).rejects.toMatchObject({ code });
    })();
  });

  it(
    'its application is down: 503 from IHS, while the console still answers',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.outage('eastus', 'application');
      expect((await send('GET', SITE, { version: null })).status).toBe(503);
      expect((await send('GET', CONSOLE, { version: null })).status).toBe(200);
    }),
  );

  it(
    'its database is dead: 500 from the application, until it is back',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.outage('eastus', 'database');
      expect((await send('GET', SITE, { version: null })).status).toBe(500);
      expect((await send('GET', CONSOLE, { version: null })).status).toBe(200);
      simulator.control.outage('eastus', 'none');
      expect((await send('GET', SITE, { version: null })).status).toBe(200);
    }),
  );

  it(
    'all its application servers are off: 503; one of them is enough',
    onBench({}, async ({ send, simulator }) => {
      for (const name of ['app1', 'app2'])
        simulator.machines.setPower(`${MACHINES}/${name}`, 'stopped');
      expect((await send('GET', SITE, { version: null })).status).toBe(200);
      simulator.machines.setPower(`${MACHINES}/app3`, 'stopped');
      expect((await send('GET', SITE, { version: null })).status).toBe(503);
    }),
  );

  it(
    'its database is dead: 500',
    onBench({}, async ({ send, simulator, wait }) => {
      await send(
        'POST',
        `${ROOT}/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-west/failoverGroups/failovergroup-cafe/failover`,
      );
      await wait(60);
      expect((await send('GET', SITE, { version: null })).status).toBe(200);
      simulator.control.outage('westus', 'data');
      expect((await send('GET', SITE, { version: null })).status).toBe(500);
    }),
  );

  it(
    'faults can break, lose or replace its answers too',
    onBench({ clientSeconds: 0 }, async ({ send, simulator }) => {
      const fault = { operation: 'cafe/post', resource: 'trafficmanager.net', times: 1 } as const;
      const order = { body: { name: 'Latte', price: 4 } };
      simulator.control.fault({ ...fault, kind: 'respond', status: 502 });
      expect((await send('POST', `${PUBLIC}/rest/coffees`, order)).status).toBe(502);
      simulator.control.fault({ ...fault, kind: 'lose-reply' });
      await expect(
        send('POST', `${PUBLIC}/rest/coffees`, { ...order, timeout: 5000 }),
      ).rejects.toMatchObject({ name: 'AbortError' });
      expect((await send('GET', `${PUBLIC}/rest/coffees/3`)).body).toMatchObject({ name: 'Latte' });
      expect(simulator.control.cafe().acknowledged).toBe(0);
    }),
  );
});

describe('the clients of the café', () => {
  it(
    'order every five seconds and are counted where they were served',
    onBench({}, async ({ simulator, wait }) => {
      await wait(600);
      const { acknowledged, failed, served } = simulator.control.cafe();
      expect({ acknowledged, failed, served }).toEqual({
        acknowledged: 120,
        failed: 0,
        served: { east: 120 },
      });
    }),
  );

  it(
    'notice an outage, and when it ends',
    onBench({}, async ({ simulator, wait }) => {
      await wait(100);
      simulator.control.outage('eastus', 'data');
      await wait(100);
      simulator.control.outage('eastus', 'none');
      await wait(100);
      const { firstFailureAt, lastFailureAt, failed } = simulator.control.cafe();
      expect(failed).toBeGreaterThanOrEqual(19);
      expect(firstFailureAt).toBe('2026-11-21T10:01:45.000Z');
      expect(lastFailureAt).toBe('2026-11-21T10:03:20.000Z');
    }),
  );
});
