import { describe, expect, it } from 'vitest';
import { errorOf, GROUP, MACHINE, onScript, refusal, SUBSCRIPTION, type Step } from './script.ts';

const VM = {
  id: MACHINE,
  name: 'ihs',
  location: 'eastus',
  properties: {
    provisioningState: 'Succeeded',
    instanceView: {
      statuses: [{ code: 'ProvisioningState/succeeded' }, { code: 'PowerState/running' }],
    },
  },
};
const RUNNING = { id: MACHINE, name: 'ihs', location: 'eastus', size: null, power: 'running' };
const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/sql-west`;
const GROUP_VIEW = {
  id: `${SERVER}/failoverGroups/fg`,
  name: 'fg',
  location: 'West US',
  properties: {
    readWriteEndpoint: { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 120 },
    replicationRole: 'Secondary',
    replicationState: 'CATCH_UP',
    partnerServers: [{ id: 'east', location: 'East US', replicationRole: 'Primary' }],
    databases: ['db1'],
  },
};

describe('a read that meets passing trouble is repeated', () => {
  const troubles: readonly [name: string, step: Step, seconds: number][] = [
    ['a broken connection', { breaks: 'ECONNRESET' }, 0.5],
    ['a refused connection', { breaks: 'ECONNREFUSED' }, 0.5],
    ['a broken server', { status: 500, body: refusal('InternalServerError') }, 0.5],
    ["a gateway's page", { status: 502, body: '<html>' }, 0.5],
    ['an answer that is cut short', { status: 200, body: '{"id":"/subscr' }, 0.5],
    [
      'a page instead of an answer',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
      0.5,
    ],
    ['silence', 'silence', 15.5],
    [
      'throttling, as long as it says',
      {
        status: 429,
        headers: { 'retry-after': '7' },
        body: refusal('SubscriptionRequestsThrottled'),
      },
      7,
    ],
    [
      'an unavailable service, as long as it says',
      { status: 503, headers: { 'retry-after': '3' }, body: '' },
      3,
    ],
  ];
  // Clients of both generations fail in their own ways.
  it.each(troubles)('%s (compute)', (_name, trouble, seconds) =>
    onScript([trouble, { status: 200, body: VM }], async ({ azure, sentAt, log }) => {
      expect(await azure.machines.get(MACHINE)).toEqual(RUNNING);
      expect(sentAt).toEqual([0, seconds]);
      expect(log).toMatchObject([{ level: 'warning', data: { method: 'GET', attempt: 1 } }]);
    })(),
  );
  it.each(troubles)('%s (sql)', (_name, trouble, seconds) =>
    onScript([trouble, { status: 200, body: GROUP_VIEW }], async ({ azure, sentAt }) => {
      expect(await azure.sql.get(SERVER, 'fg')).toMatchObject({
        role: 'Secondary',
        graceMinutes: 120,
      });
      expect(sentAt).toEqual([0, seconds]);
    })(),
  );
});

describe('an answer in another shape', () => {
  const PROFILE = `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/cafe`;
  const DATABASE = `${SERVER}/databases/cafe`;
  const METRIC = { namespace: 'n', name: 'm', aggregation: 'Maximum' } as const;

  it('is no profile that has lost its endpoints', () =>
    onScript([{ status: 200, body: { padding: 'x' } }], async ({ azure }) => {
      expect(await errorOf(azure.traffic.profile(PROFILE))).toMatchObject({
        effect: 'lost',
        code: 'UnexpectedAnswer',
      });
    })());

  it('is no metrics, and no reason to break', () =>
    onScript([{ status: 200, body: { padding: 'x' } }], async ({ azure }) => {
      expect((await azure.metrics.readings([DATABASE], METRIC)).get(DATABASE)).toMatchObject({
        is: 'unread',
        error: { code: 'UnexpectedAnswer' },
      });
    })());
});

describe('patience ends', () => {
  it('after four tries, each after a longer wait', () =>
    onScript(Array<Step>(4).fill({ breaks: 'ECONNRESET' }), async ({ azure, sentAt }) => {
      const error = await errorOf(azure.machines.get(MACHINE));
      expect(error).toMatchObject({ effect: 'lost', code: 'ECONNRESET', transient: true });
      expect(error.message).toBe(
        'Read virtualMachines/ihs in cafe: no usable answer: socket: ECONNRESET',
      );
      expect(sentAt).toEqual([0, 0.5, 1.5, 3.5]);
    })());

  it('when the wait that is asked for is too long: the caller is told how long', () =>
    onScript(
      [
        {
          status: 429,
          headers: { 'retry-after': '90' },
          body: refusal('SubscriptionRequestsThrottled'),
        },
      ],
      async ({ azure, sentAt }) => {
        const error = await errorOf(azure.sql.get(SERVER, 'fg'));
        expect(error).toMatchObject({ effect: 'throttled', retryAfterSeconds: 90 });
        expect(sentAt).toEqual([0]);
      },
    )());

  it('within a good minute when nothing ever answers', () =>
    onScript(Array<Step>(4).fill('silence'), async ({ azure, clock }) => {
      const startedAt = clock.now();
      expect(await errorOf(azure.machines.get(MACHINE))).toMatchObject({
        effect: 'lost',
        code: 'NoAnswer',
      });
      expect(clock.now() - startedAt).toBe(63_500);
    })());
});

describe('a read that would fail again is not repeated', () => {
  const refusals: readonly [string, Step, Record<string, unknown>][] = [
    [
      'a missing role',
      { status: 403, body: refusal('AuthorizationFailed') },
      { code: 'AuthorizationFailed' },
    ],
    [
      'a bad request',
      { status: 400, body: refusal('InvalidApiVersionParameter') },
      { code: 'InvalidApiVersionParameter' },
    ],
    [
      'a wrong certificate',
      { breaks: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
      { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    ],
  ];
  it.each(refusals)('%s', (_name, step, meaning) =>
    onScript([step], async ({ azure }) => {
      expect(await errorOf(azure.machines.get(MACHINE))).toMatchObject({
        effect: 'refused',
        transient: false,
        ...meaning,
      });
    })(),
  );
  it.each(refusals)('%s (sql)', (_name, step, meaning) =>
    onScript([step], async ({ azure }) => {
      expect(await errorOf(azure.sql.get(SERVER, 'fg'))).toMatchObject({
        effect: 'refused',
        transient: false,
        ...meaning,
      });
    })(),
  );
  it('a redirect is not followed', () =>
    onScript(
      [{ status: 302, headers: { location: 'https://management.azure.com/elsewhere' }, body: '' }],
      async ({ azure }) => {
        expect(await errorOf(azure.machines.get(MACHINE))).toMatchObject({
          effect: 'lost',
          status: 302,
        });
      },
    )());
});

describe('whether something exists', () => {
  it.each(['ResourceNotFound', 'ResourceGroupNotFound', 'ServerNotInSubscriptionResourceGroup'])(
    '%s means that it does not',
    (code) =>
      onScript(Array<Step>(2).fill({ status: 404, body: refusal(code) }), async ({ azure }) => {
        expect(await azure.machines.get(MACHINE)).toBeNull();
        expect(await azure.sql.get(SERVER, 'fg')).toBeNull();
      })(),
  );
  it.each<[string, Step]>([
    [
      "a proxy's 404",
      { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not found</html>' },
    ],
    ['an empty 404', { status: 404, body: '' }],
    ['a wrong subscription', { status: 404, body: refusal('SubscriptionNotFound') }],
  ])('%s means nothing', (_name, step) =>
    onScript([step, step], async ({ azure }) => {
      expect(await errorOf(azure.machines.get(MACHINE))).toMatchObject({ status: 404 });
      expect(await errorOf(azure.sql.get(SERVER, 'fg'))).toMatchObject({ status: 404 });
    })(),
  );
});

describe('lists of several pages', () => {
  const INTERFACES = `${GROUP}/providers/Microsoft.Network/networkInterfaces`;
  const page = (name: string, nextLink?: string): Step => ({
    status: 200,
    body: {
      value: [{ id: `${INTERFACES}/${name}`, name, location: 'eastus', properties: {} }],
      nextLink,
    },
  });
  const next = `https://management.azure.com${INTERFACES}?api-version=2026-01-01&$skiptoken=2`;

  it('are read whole, and a page that is lost is read again alone', () =>
    onScript([page('a', next), { breaks: 'ECONNRESET' }, page('b')], async ({ azure, sent }) => {
      expect((await azure.network.interfaces(GROUP)).map(({ name }) => name)).toEqual(['a', 'b']);
      expect(sent.slice(1).map(({ url }) => url)).toEqual([next, next]);
    })());

  it('do not lead our token to another host', () =>
    onScript([page('a', 'https://elsewhere.example/next')], async ({ azure, sent }) => {
      expect(await errorOf(azure.network.interfaces(GROUP))).toMatchObject({
        effect: 'refused',
        code: 'ForeignAddress',
      });
      expect(sent).toHaveLength(1);
    })());
});

describe('which Azure is asked', () => {
  it('another cloud, with a token for it', () =>
    onScript(
      [{ status: 200, body: VM }, { status: 200, body: GROUP_VIEW }, { status: 202 }],
      async ({ azure, sent, scopes }) => {
        await azure.machines.get(MACHINE);
        await azure.sql.get(SERVER, 'fg');
        await azure.machines.start(MACHINE, new AbortController().signal);
        expect(new Set(sent.map(({ url }) => new URL(url).origin))).toEqual(
          new Set(['https://management.chinacloudapi.cn']),
        );
        expect(new Set(scopes)).toEqual(new Set(['https://management.chinacloudapi.cn/.default']));
      },
      { settings: { AZURE_RESOURCE_MANAGER: 'https://management.chinacloudapi.cn/' } },
    )());

  it('a token for another audience when the settings say so', () =>
    onScript(
      [
        { status: 200, body: VM },
        { status: 200, body: GROUP_VIEW },
      ],
      async ({ azure, scopes }) => {
        await azure.machines.get(MACHINE);
        await azure.sql.get(SERVER, 'fg');
        expect(new Set(scopes)).toEqual(new Set(['api://stack/.default']));
      },
      {
        settings: {
          AZURE_RESOURCE_MANAGER: 'https://arm.stack.example',
          AZURE_TOKEN_SCOPE: 'api://stack/.default',
        },
      },
    )());

  it('none before it is needed', () =>
    onScript([], async ({ sent, scopes }) => {
      expect([...sent, ...scopes]).toEqual([]);
    })());
});

describe('the budget of reads', () => {
  const counted = (remaining: number): Step => ({
    status: 200,
    headers: { 'x-ms-ratelimit-remaining-subscription-reads': String(remaining) },
    body: VM,
  });
  const machines = (count: number): string[] =>
    Array.from({ length: count }, (_each, index) => `${MACHINE}${index}`);

  it('is not felt while it is ample', () =>
    onScript([counted(249), counted(248), counted(247)], async ({ azure, sentAt }) => {
      for (const id of machines(3)) await azure.machines.get(id);
      expect(sentAt).toEqual([0, 0, 0]);
    })());

  it('spaces reads when few are left, the wider the fewer', () =>
    onScript([counted(25), counted(5), counted(5), counted(5)], async ({ azure, sentAt }) => {
      for (const id of machines(4)) await azure.machines.get(id);
      expect(sentAt).toEqual([0, 0, 0.125, 0.35]);
    })());

  it('counts for one subscription only, in any spelling', () =>
    onScript([counted(0), counted(249), counted(0), counted(0)], async ({ azure, sentAt }) => {
      const read = (name: string): Promise<unknown> =>
        azure.machines.get(MACHINE.replace(SUBSCRIPTION, `/subscriptions/${name}`));
      await read('aaaa');
      await read('bbbb');
      const pollUrl = 'https://management.azure.com/Subscriptions/AAAA/operations/1?api-version=1';
      await azure.operations.poll({ call: 'x', name: '1', pollUrl, startedAt: '' });
      await read('aaaa');
      expect(sentAt).toEqual([0, 0, 0, 0.25]);
    })());

  it('is forgotten when it is old', () =>
    onScript(
      Array.from({ length: 4 }, () => counted(0)),
      async ({ azure, clock, sentAt }) => {
        const read = (): Promise<unknown[]> =>
          Promise.all(machines(2).map((id) => azure.machines.get(id)));
        await azure.machines.get(MACHINE);
        await clock.sleep(29_000);
        await azure.machines.get(MACHINE);
        await clock.sleep(31_000);
        await read();
        expect(sentAt).toEqual([0, 29, 60, 60]);
      },
    )());

  it.each([
    ["holds all reads after Resource Manager's own throttling", 'SubscriptionRequestsThrottled', 8],
    ["holds nobody else after a provider's throttling", 'OperationNotAllowed', 1],
  ])('%s', (_name, code, second) =>
    onScript(
      [
        { status: 429, headers: { 'retry-after': '8' }, body: refusal(code) },
        counted(249),
        counted(249),
      ],
      async ({ azure, clock, sentAt }) => {
        const [throttled = '', other = ''] = machines(2);
        const first = azure.machines.get(throttled);
        await clock.sleep(1000);
        await azure.machines.get(other);
        await first;
        expect(sentAt).toEqual([0, second, 8]);
      },
    )(),
  );
});
