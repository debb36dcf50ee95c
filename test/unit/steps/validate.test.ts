import { describe, expect, it } from 'vitest';
import type { PipelineRequest } from '@azure/core-rest-pipeline';
import type { Dns } from '../../../src/core/dns.ts';
import type { Verification } from '../../../src/steps/contract.ts';
import { controlWait } from '../../../src/steps/control-wait/index.ts';
import { validateDns } from '../../../src/steps/validate-dns/index.ts';
import { validateHttp } from '../../../src/steps/validate-http/index.ts';
import { validateSql } from '../../../src/steps/validate-sql/index.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import { pages, stepContext, stillClock } from '../../fakes/step.ts';
import type { Page } from '../../fakes/step.ts';

describe('validate/http', () => {
  const made: PipelineRequest[] = [];

  async function play(
    requests: unknown,
    answer: (request: PipelineRequest) => Page,
  ): Promise<Verification> {
    made.length = 0;
    const http = pages((request) => {
      made.push(request);
      return answer(request);
    });
    const context = stepContext(createFakeAzure(), stillClock(), { http });
    return validateHttp.forward.verify(context, validateHttp.settings.parse({ requests }));
  }

  const script = [
    {
      name: 'create',
      method: 'POST',
      url: 'http://cafe/coffees',
      body: { name: 'x"1' },
      expect: { status: 201 },
      capture: { id: 'body.id' },
    },
    {
      name: 'read',
      url: 'http://cafe/coffees/${captured.id}',
      headers: { 'x-id': '${captured.id}' },
      expect: { bodyIncludes: 'x' },
    },
  ];

  it('carries what one answer says into the next requests', async () => {
    const end = await play(script, ({ method }) =>
      method === 'POST' ? { status: 201, body: '{"id":7}' } : { status: 200, body: 'x' },
    );
    expect(end.holds).toBe(true);
    expect(made.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST http://cafe/coffees',
      'GET http://cafe/coffees/7',
    ]);
    expect(made[0]!.body).toBe('{"name":"x\\"1"}');
    expect(made[0]!.headers.get('content-type')).toBe('application/json');
    expect(made[1]!.headers.get('x-id')).toBe('7');
  });

  it('stops at the first answer that is not as expected, and repeats what creates something rarely', async () => {
    const refused = await play(script, () => null);
    expect(refused).toMatchObject({
      holds: false,
      retryAfterSeconds: 2,
      sentence: expect.stringContaining('ECONNREFUSED') as string,
    });
    expect(made).toHaveLength(1);
    const half = await play(script, ({ method }) =>
      method === 'POST' ? { status: 201, body: '{"id":7}' } : { status: 500 },
    );
    expect(half).toMatchObject({
      holds: false,
      retryAfterSeconds: 30,
      sentence: expect.stringContaining('status 500 instead of 200') as string,
    });
  });

  it.each<[string, object, Page, string | null]>([
    ['another status', {}, { status: 404 }, 'status 404 instead of 200'],
    ['a redirect', {}, { status: 302 }, 'status 302 instead of 200'],
    [
      'the text',
      { expect: { bodyIncludes: 'Coffee 1' } },
      { status: 200, body: '<li>Coffee 1</li>' },
      null,
    ],
    [
      'no such text',
      { expect: { bodyIncludes: 'Coffee 1' } },
      { status: 200, body: 'Tea' },
      'does not contain "Coffee 1"',
    ],
    [
      'a value by path',
      { expect: { json: { 'body.a.0.b': 'up' } } },
      { status: 200, body: '{"a":[{"b":"up"}]}' },
      null,
    ],
    [
      'another value',
      { expect: { json: { 'body.a': 1 } } },
      { status: 200, body: '{"a":2}' },
      'body.a is 2 instead of 1',
    ],
    [
      'no such path',
      { expect: { json: { 'body.a.b': 1 } } },
      { status: 200, body: '{"a":2}' },
      'body.a.b is missing',
    ],
    ['no JSON', { expect: { json: { a: 1 } } }, { status: 200, body: '<html>' }, 'a is missing'],
    [
      'nothing to capture',
      { capture: { id: 'body.id' } },
      { status: 200, body: '{}' },
      'there is no body.id to capture',
    ],
  ])('judges %s', async (_what, request, page, problem) => {
    const end = await play([{ name: 'n', url: 'http://cafe/', ...request }], () => page);
    expect(end.holds).toBe(problem === null);
    if (problem !== null) expect(end.sentence).toContain(problem);
  });

  it('trusts any certificate only where it is told to', async () => {
    await play(
      [
        { name: 'n', url: 'https://dmgr:9043/', trustAnyCertificate: true },
        { name: 'm', url: 'https://x/' },
      ],
      () => ({ status: 200 }),
    );
    expect(made.map(({ requestOverrides }) => requestOverrides)).toEqual([
      { rejectUnauthorized: false },
      undefined,
    ]);
  });

  it.each([
    [{ requests: [] }],
    [{ requests: [{ name: 'n', url: 'ftp://x' }] }],
    [{ requests: [{ name: 'n', url: 'http://x', method: 'TRACE' }] }],
  ])('refuses the settings %j', (raw) => {
    expect(validateHttp.settings.safeParse(raw).success).toBe(false);
  });
});

describe('validate/dns', () => {
  const settings = { name: 'cafe.trafficmanager.net', expect: 'ihs.westus.example' };

  function world(
    aliases: Readonly<Record<string, string>>,
    addresses: Readonly<Record<string, string>>,
  ): Dns {
    const of = (name: string, server = 'own'): string => `${server} ${name}`;
    return {
      alias: async (name, server) => aliases[of(name, server)] ?? aliases[name] ?? null,
      resolve: async (name, server) => {
        const address = addresses[of(name, server)] ?? addresses[name];
        if (address === 'dead') throw new Error('timed out');
        return address === undefined ? [] : [address];
      },
    };
  }

  it.each<[string, Dns, boolean]>([
    ['an alias', world({ 'cafe.trafficmanager.net': 'IHS.westus.example.' }, {}), true],
    [
      'an alias of an alias',
      world({ 'cafe.trafficmanager.net': 'a', a: 'ihs.westus.example' }, {}),
      true,
    ],
    [
      'the same address',
      world({}, { 'cafe.trafficmanager.net': '10.0.0.1', 'ihs.westus.example': '10.0.0.1' }),
      true,
    ],
    ['another alias', world({ 'cafe.trafficmanager.net': 'ihs.eastus.example' }, {}), false],
    [
      'another address',
      world({}, { 'cafe.trafficmanager.net': '10.0.0.2', 'ihs.westus.example': '10.0.0.1' }),
      false,
    ],
    ['nothing', world({}, {}), false],
    ['a loop of aliases', world({ 'cafe.trafficmanager.net': 'a', a: 'a' }, {}), false],
    [
      'one public resolver that still has the old answer',
      world(
        {
          'cafe.trafficmanager.net': 'ihs.westus.example',
          '8.8.8.8 cafe.trafficmanager.net': 'ihs.eastus.example',
        },
        {},
      ),
      false,
    ],
    [
      'one public resolver that does not answer',
      world(
        { 'own cafe.trafficmanager.net': 'ihs.westus.example' },
        { '8.8.8.8 cafe.trafficmanager.net': 'dead' },
      ),
      false,
    ],
  ])('judges %s', async (_what, dns, holds) => {
    const context = stepContext(createFakeAzure(), stillClock(), {
      dns,
      publicResolvers: ['8.8.8.8'],
    });
    expect((await validateDns.forward.verify(context, settings)).holds).toBe(holds);
  });

  it('takes an address for what is expected', async () => {
    const dns = world({}, { 'cafe.trafficmanager.net': '10.0.0.1' });
    const context = stepContext(createFakeAzure(), stillClock(), { dns });
    expect(
      (await validateDns.forward.verify(context, { ...settings, expect: '10.0.0.1' })).holds,
    ).toBe(true);
  });
});

describe('validate/sql', () => {
  const server = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west';

  it.each([
    ['Primary', true],
    ['Secondary', false],
    [null, false],
  ] as const)('with role %s holds: %s', async (role, holds) => {
    const azure = createFakeAzure();
    if (role !== null) {
      azure.groups.set(server, {
        id: 'fg',
        server,
        location: 'westus',
        role,
        replicationState: 'SUSPENDED',
        policy: 'Manual',
        graceMinutes: null,
        partners: [],
        databases: [],
      });
    }
    const end = await validateSql.forward.verify(stepContext(azure, stillClock()), {
      group: 'fg',
      server,
    });
    expect(end.holds).toBe(holds);
  });
});

describe('control/wait', () => {
  it('holds when the time has passed since the step began, and says how long is left', async () => {
    const clock = stillClock();
    const context = stepContext(createFakeAzure(), clock);
    clock.pass(20);
    expect(await controlWait.forward.verify(context, { for: '1m30s' })).toMatchObject({
      holds: false,
      retryAfterSeconds: 70,
    });
    clock.pass(70);
    expect((await controlWait.forward.verify(context, { for: '1m30s' })).holds).toBe(true);
    expect(controlWait.settings.safeParse({ for: 'soon' }).success).toBe(false);
  });
});
