import { describe, expect, test } from 'vitest';
import { createRealClock } from '../../../../local/clock/real.ts';
import { useFixture } from './kit.ts';

const fixture = useFixture();

const PRINCIPALS = { ada: { id: '17', name: 'Ada', roles: ['Operator', 'Approver'] } };
const KEYS = { _master: 'm', default: 'f', durabletask_extension: 'd' };

describe('HTTP functions', () => {
  test('get method, route, query, headers and body, and answer with status, headers and cookies', async () => {
    const { host } = await fixture.bench();
    const answer = await host.fetch({
      method: 'PUT',
      url: '/api/Echo/12/a%20b?q=1',
      body: { a: 1 },
    });
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      'x-seen': 'yes',
      'set-cookie': ['taste=sweet; Path=/; HttpOnly'],
    });
    expect(answer.json()).toMatchObject({
      method: 'PUT',
      params: { id: '12', tail: 'a b' },
      query: '1',
      body: '{"a":1}',
    });
  });

  test('carry bytes', async () => {
    const { host } = await fixture.bench();
    const answer = await host.fetch({ url: '/api/bytes', body: new Uint8Array([0, 255, 7]) });
    expect([...answer.body]).toEqual([7, 255, 0]);
  });

  test.each([
    ['GET', '/api/echo/12', 201],
    ['GET', '/api/echo/twelve', 404],
    ['GET', '/api/echo', 404],
    ['GET', '/echo/12', 404],
    ['DELETE', '/api/echo/12', 404],
    ['GET', '/api/broken', 500],
  ])('%s %s answers %i', async (method, url, status) => {
    const { host } = await fixture.bench();
    expect((await host.fetch({ method, url })).status).toBe(status);
  });

  test('lie below the prefix of host.json', async () => {
    const { host } = await fixture.bench({
      hostJson: { extensions: { http: { routePrefix: '' } } },
    });
    expect((await host.fetch({ url: '/echo/1' })).status).toBe(201);
  });

  test.each([
    ['/api/guarded', {}, 401],
    ['/api/guarded?code=f', {}, 200],
    ['/api/guarded', { 'x-functions-key': 'f' }, 200],
    ['/api/guarded', { 'X-Functions-Key': 'm' }, 200],
    ['/api/guarded?code=d', {}, 401],
    ['/api/masters?code=f', {}, 401],
    ['/api/masters?code=m', {}, 200],
    ['/runtime/webhooks/durabletask/instances', {}, 401],
    ['/runtime/webhooks/durabletask/instances?code=d', {}, 200],
  ])('%s with %j answers %i', async (url, headers, status) => {
    const { host } = await fixture.bench({ keys: KEYS });
    expect((await host.fetch({ url, headers })).status).toBe(status);
  });

  test('know who signed in, by the header of App Service', async () => {
    const { host } = await fixture.bench({ principals: PRINCIPALS });
    const answer = await host.fetch({
      url: '/api/echo/1',
      headers: { Authorization: 'Bearer local:ada' },
    });
    const { name, principal } = answer.json() as { name: string; principal: string };
    expect(name).toBe('Ada');
    const decoded = JSON.parse(Buffer.from(principal, 'base64').toString()) as {
      claims: { typ: string; val: string }[];
    };
    expect(decoded.claims.filter(({ typ }) => typ === 'roles').map(({ val }) => val)).toEqual([
      'Operator',
      'Approver',
    ]);
  });

  test('never see an identity that the caller made up', async () => {
    const { host } = await fixture.bench({ principals: PRINCIPALS });
    const headers = { 'X-MS-CLIENT-PRINCIPAL': 'forged', 'x-ms-client-principal-name': 'Eve' };
    expect((await host.fetch({ url: '/api/echo/1', headers })).json()).toMatchObject({
      name: null,
      principal: null,
    });
    const signedIn = await host.fetch({
      url: '/api/echo/1',
      headers: { ...headers, authorization: 'Bearer local:ada' },
    });
    expect(signedIn.json()).toMatchObject({ name: 'Ada' });
  });

  test.each(['eve', 'constructor'])('%s, whom nobody knows, is turned away', async (name) => {
    const { host } = await fixture.bench({ principals: PRINCIPALS });
    const answer = await host.fetch({
      url: '/api/echo/1',
      headers: { authorization: `Bearer local:${name}` },
    });
    expect(answer.status).toBe(401);
  });
});

describe('the loopback port', () => {
  test('serves functions and the management API to sockets, on a real clock', async () => {
    const made = await fixture.bench({ clock: createRealClock() });
    const address = await made.host.listen(0);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const root = `${address}/runtime/webhooks/durabletask`;
    const started = await fetch(`${root}/orchestrators/sequence/it`, { method: 'POST', body: '2' });
    expect(started.status).toBe(202);
    const { statusQueryGetUri } = (await started.json()) as { statusQueryGetUri: string };
    expect(statusQueryGetUri).toContain(`${root}/instances/it?`);
    await made.host.ended('it');
    const status = await fetch(statusQueryGetUri);
    expect([status.status, await status.json()]).toMatchObject([200, { output: [0, 1] }]);
    const list = await fetch(
      `${root}/instances?runtimeStatus=Completed&createdTimeFrom=2020-01-01T00:00:00Z`,
    );
    expect(await list.json()).toMatchObject([{ instanceId: 'it' }]);
    const history = await fetch(`${root}/instances/it?showHistory=true`);
    const { historyEvents } = (await history.json()) as { historyEvents: { EventType: string }[] };
    expect(historyEvents.map((event) => event.EventType).slice(0, 3)).toEqual([
      'ExecutionStarted',
      'TaskScheduled',
      'TaskCompleted',
    ]);
    await made.host.stop();
    await expect(fetch(address)).rejects.toThrow();
  });
});
