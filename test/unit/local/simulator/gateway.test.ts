import { describe, expect, it } from 'vitest';
import type { SendOptions } from './bench.ts';
import { EAST, onBench, ROOT, SUBSCRIPTION, textWith } from './bench.ts';

const MACHINE = `${EAST}/Microsoft.Compute/virtualMachines/ihs`;

describe('what Resource Manager refuses before a service sees it', () => {
  const refusals: readonly [string, string, SendOptions, number, string][] = [
    ['no token', MACHINE, { authorization: null }, 401, 'AuthenticationFailed'],
    [
      'a token of another issuer',
      MACHINE,
      { authorization: 'Bearer a.b.c' },
      401,
      'AuthenticationFailed',
    ],
    ['no api-version', MACHINE, { version: null }, 400, 'MissingApiVersionParameter'],
    ['a senseless api-version', MACHINE, { version: 'latest' }, 400, 'InvalidApiVersionParameter'],
    [
      'an unknown subscription',
      MACHINE.replace(SUBSCRIPTION, 'x'),
      {},
      404,
      'SubscriptionNotFound',
    ],
    [
      'an unknown group',
      MACHINE.replace('was-cluster-eastus', 'nowhere'),
      {},
      404,
      'ResourceGroupNotFound',
    ],
    ['an unknown resource', MACHINE.replace('/ihs', '/nobody'), {}, 404, 'ResourceNotFound'],
    ['an unknown route', `${EAST}/Microsoft.Web/sites/x`, {}, 501, 'NotSimulated'],
  ];
  it.each(refusals)('%s', async (_name, path, options, status, code) => {
    await onBench({}, async ({ send }) => {
      const sent = await send('GET', path, options);
      expect(sent).toMatchObject({ status, body: { error: { code } } });
    })();
  });

  it(
    'an unknown route is named loudly',
    onBench({}, async ({ send }) => {
      const { body } = await send('GET', '/subscriptions/x/providers/Microsoft.Foo/bars');
      expect(JSON.stringify(body)).toContain('GET /subscriptions/x/providers/Microsoft.Foo/bars');
    }),
  );

  it(
    'a denied action names client, action and scope, and another action passes',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.deny({ action: 'Microsoft.Compute/*/deallocate/action', scope: '' });
      const sent = await send('POST', `${MACHINE}/deallocate`);
      expect(sent).toMatchObject({
        status: 403,
        body: {
          error: {
            code: 'AuthorizationFailed',
            message: textWith(`over scope '${MACHINE}'`),
          },
        },
      });
      expect((await send('POST', `${MACHINE}/start`)).status).toBe(202);
      expect(simulator.journal.mutations().map(({ operation }) => operation)).toEqual([
        'compute/start',
      ]);
    }),
  );

  it(
    'the 251st read within a second is throttled, and passes after Retry-After',
    onBench({}, async ({ send, simulator, wait }) => {
      const gateway = async (): Promise<number> => (await send('GET', MACHINE)).status;
      const burst = await Promise.all(Array.from({ length: 260 }, gateway));
      expect(burst.filter((status) => status === 200).length).toBeGreaterThanOrEqual(250);
      const refused = await Promise.all(Array.from({ length: 30 }, () => send('GET', MACHINE)));
      const throttled = refused.find(({ status }) => status === 429);
      expect(throttled?.body).toMatchObject({ error: { code: 'SubscriptionRequestsThrottled' } });
      await wait(Number(throttled?.headers.get('retry-after')));
      expect(await gateway()).toBe(200);
      expect(simulator.journal.mutations()).toEqual([]);
    }),
  );
});

describe('answers of Resource Manager', () => {
  it(
    'carry the headers seen in recordings',
    onBench({}, async ({ send }) => {
      const { headers } = await send('GET', MACHINE, {
        headers: { 'x-ms-client-request-id': 'mine' },
      });
      const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
      expect(headers.get('x-ms-client-request-id')).toBe('mine');
      expect(headers.get('x-ms-correlation-request-id')).toMatch(guid);
      expect(headers.get('x-ms-request-id')).toMatch(guid);
      expect(headers.get('x-ms-routing-request-id')).toMatch(/^[A-Z]+:20261121T100000Z:/);
      expect(headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    }),
  );

  it(
    'do not care for the case of path segments',
    onBench({}, async ({ send }) => {
      const shouted = MACHINE.replace('resourceGroups', 'RESOURCEGROUPS').replace('/ihs', '/IHS');
      expect((await send('GET', shouted)).status).toBe(200);
    }),
  );

  it(
    'fail for resources of a region whose control plane is out, and for no others',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.outage('eastus', 'control');
      expect(await send('GET', MACHINE)).toMatchObject({
        status: 503,
        body: { error: { code: 'ServiceUnavailable' } },
      });
      expect(
        (
          await send(
            'GET',
            `${ROOT}/was-cluster-westus/providers/Microsoft.Network/publicIPAddresses/ihs-ip`,
          )
        ).status,
      ).toBe(200);
      simulator.control.outage('eastus', 'data');
      expect((await send('GET', MACHINE)).status).toBe(200);
    }),
  );
});

describe('faults of a request', () => {
  const fault = { operation: 'compute/deallocate', resource: '/ihs', times: 1 } as const;

  it(
    'a lost reply: the change is made, the caller times out by the clock',
    onBench({}, async ({ send, simulator, clock }) => {
      simulator.control.fault({ ...fault, kind: 'lose-reply' });
      const before = clock.now();
      await expect(
        send('POST', `${MACHINE}/deallocate`, { timeout: 30_000 }),
      ).rejects.toMatchObject({ name: 'AbortError' });
      expect(clock.now() - before).toBe(30_000);
      expect(simulator.journal.mutations()).toMatchObject([
        { operation: 'compute/deallocate', status: null },
      ]);
      expect(simulator.machines.get(MACHINE)?.power).toBe('deallocating');
    }),
  );

  it(
    'a late arrival: the caller hears nothing, and later the change is made all the same',
    onBench({}, async ({ send, simulator, clock }) => {
      simulator.control.fault({ ...fault, kind: 'arrive-late', delaySeconds: 9 });
      await expect(send('POST', `${MACHINE}/deallocate`)).rejects.toMatchObject({
        code: 'ECONNRESET',
      });
      expect((await send('GET', MACHINE)).status).toBe(200);
      expect(simulator.journal.mutations()).toEqual([]);
      await clock.sleep(9_001);
      expect(simulator.journal.mutations()).toMatchObject([
        { operation: 'compute/deallocate', status: null },
      ]);
      expect(simulator.machines.get(MACHINE)?.power).toBe('deallocating');
    }),
  );

  it(
    'a connection broken before: nothing is changed',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.fault({ ...fault, kind: 'fail-before' });
      await expect(send('POST', `${MACHINE}/deallocate`)).rejects.toMatchObject({
        code: 'ECONNRESET',
      });
      expect(simulator.journal.mutations()).toEqual([]);
      expect(simulator.machines.get(MACHINE)?.power).toBe('running');
    }),
  );

  it(
    'an answer of its own, as often as asked and for its resource only',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.fault({
        ...fault,
        kind: 'respond',
        status: 409,
        code: 'Conflict',
        retryAfterSeconds: 5,
        times: 2,
      });
      const other = MACHINE.replace('/ihs', '/app1');
      expect((await send('POST', `${other}/deallocate`)).status).toBe(202);
      for (let time = 0; time < 2; time += 1) {
        const sent = await send('POST', `${MACHINE}/deallocate`);
        expect(sent).toMatchObject({ status: 409, body: { error: { code: 'Conflict' } } });
        expect(sent.headers.get('retry-after')).toBe('5');
      }
      expect((await send('POST', `${MACHINE}/deallocate`)).status).toBe(202);
    }),
  );

  it(
    'silence ends by itself when the caller sets no limit',
    onBench({}, async ({ send, simulator }) => {
      simulator.control.fault({ ...fault, kind: 'lose-reply' });
      await expect(send('POST', `${MACHINE}/deallocate`)).rejects.toMatchObject({
        code: 'ETIMEDOUT',
      });
    }),
  );
});
