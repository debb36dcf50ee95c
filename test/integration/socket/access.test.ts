import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEYS } from '../../../local/stack/socket-stack.ts';
import { openSockets } from '../../support/sockets.ts';
import type { Given, SocketBench } from '../../support/sockets.ts';

const START = '/api/plans/websphere-cafe/executions';
/** A preflight asks Azure a score of questions, in real time: on a busy machine that takes seconds. */
const UNDER_WAY_MS = 30_000;
const FAILOVER = { kind: 'failover', mode: 'planned', reason: 'a test of roles' };

describe('where people sign in', () => {
  let bench: SocketBench;
  let id: string;

  beforeAll(async () => {
    bench = await openSockets();
  });
  afterAll(() => bench.stop());

  it.each<[string, Given, number, string | undefined]>([
    ['nobody', {}, 401, 'UNAUTHENTICATED'],
    ['somebody whom nobody knows', { as: 'intruder' }, 401, undefined],
    [
      'somebody who makes the platform’s header',
      { headers: { 'x-ms-client-principal': principal('Operator') } },
      401,
      'UNAUTHENTICATED',
    ],
    ['a viewer', { as: 'viewer' }, 403, 'FORBIDDEN'],
    ['an approver', { as: 'approver' }, 403, 'FORBIDDEN'],
    [
      'a viewer who makes the platform’s header, too',
      { as: 'viewer', headers: { 'x-ms-client-principal': principal('Operator') } },
      403,
      'FORBIDDEN',
    ],
  ])('%s cannot start a failover', async (_who, given, status, code) => {
    const answer = await bench.call(START, { ...given, body: FAILOVER });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(await bench.call('/api/executions', { as: 'viewer' })).toMatchObject({
      body: { executions: [] },
    });
  });

  it('an operator can, once', async () => {
    const started = await bench.call(START, { as: 'operator', body: FAILOVER });
    expect(started.status).toBe(202);
    id = String(started.body['id']);
    const again = await bench.call(START, { as: 'automation', body: FAILOVER });
    expect([again.status, again.body['execution']]).toEqual([409, id]);
    // A run that is still being checked takes no orders.
    await expect
      .poll(
        async () => (await bench.call(`/api/executions/${id}`, { as: 'viewer' })).body['state'],
        { timeout: UNDER_WAY_MS },
      )
      .toBe('running');
  });

  it.each([
    ['viewer', 403],
    ['approver', 403],
    ['automation', 403],
    ['operator', 202],
  ])('order of %s to pause: %i', async (as, status) => {
    const body = { command: 'pause', reason: 'a test of roles' };
    expect((await bench.call(`/api/executions/${id}/commands`, { as, body })).status).toBe(status);
  });

  it.each(['viewer', 'operator', 'approver', 'automation'])('%s may read', async (as) => {
    for (const path of ['/api/plans', `/api/executions/${id}`, `/api/executions/${id}/evidence`]) {
      expect((await bench.call(path, { as })).status).toBe(200);
    }
  });

  it('anybody may ask whether the app is up', async () => {
    expect(await bench.call('/api/health')).toMatchObject({ status: 200, body: { status: 'up' } });
  });

  it('a function key opens nothing', async () => {
    const headers = { 'x-functions-key': KEYS.default };
    expect((await bench.call('/api/plans', { headers })).status).toBe(401);
  });
});

describe('where function keys let in', () => {
  const KEY = { headers: { 'x-functions-key': KEYS.default } };
  let bench: SocketBench;

  beforeAll(async () => {
    bench = await openSockets({ auth: 'keys' });
  });
  afterAll(() => bench.stop());

  it.each<[string, Given, number]>([
    ['without a key', {}, 401],
    ['with a wrong key', { headers: { 'x-functions-key': 'wrong' } }, 401],
    ['with a bearer token', { as: 'operator' }, 401],
    [
      'with the platform’s header',
      { headers: { 'x-ms-client-principal': principal('Viewer') } },
      401,
    ],
    ['with the key', KEY, 200],
  ])('plans are asked for %s', async (_how, given, status) => {
    expect((await bench.call('/api/plans', given)).status).toBe(status);
  });

  it('a key starts a failover, in the name of nobody, and gives no orders', async () => {
    const forged = { ...KEY.headers, 'x-ms-client-principal': principal('Operator') };
    const started = await bench.call(START, { headers: forged, body: FAILOVER });
    expect(started.status).toBe(202);
    const path = `/api/executions/${String(started.body['id'])}`;
    expect((await bench.call(path, KEY)).body['requestedBy']).toEqual({
      id: 'key',
      name: 'function key',
      kind: 'key',
      roles: ['Automation'],
    });
    for (const command of ['pause', 'approve']) {
      const body = { command, reason: 'a test of keys' };
      const answer = await bench.call(`${path}/commands`, { headers: forged, body });
      expect([command, answer.status]).toEqual([command, 403]);
    }
  });

  it('the command line takes the key, and says what to do without one', async () => {
    const letIn = await bench.switchover('plans', { SWITCHOVER_KEY: KEYS.default });
    expect(letIn).toMatchObject({
      code: 0,
      out: expect.stringContaining('websphere-cafe') as string,
    });
    const keptOut = await bench.switchover('plans', {});
    expect(keptOut).toMatchObject({ code: 3, out: '' });
    expect(keptOut.talk).toMatch(/Set SWITCHOVER_TOKEN .* or SWITCHOVER_KEY/);
  });
});

/** What App Service authentication would send for somebody with this role. */
function principal(role: string): string {
  const claims = [
    { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: 'forged' },
    { typ: 'roles', val: role },
  ];
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64');
}
