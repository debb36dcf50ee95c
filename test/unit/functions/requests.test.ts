import { describe, expect, it } from 'vitest';
import { SwitchoverError } from '../../../src/core/errors.ts';
import { buildEvidence } from '../../../src/report/evidence.ts';
import { story } from '../report/story.ts';
import { api } from './api.ts';
import type { Sent } from './api.ts';
import { EXECUTION, PLAN, READINESS, fakeServices, locked } from './services.ts';

const START: Sent = {
  method: 'POST',
  path: '/api/plans/websphere-cafe/executions',
  body: { kind: 'failover', reason: 'maintenance' },
};
const COMMANDS = '/api/executions/fo-1/commands';

/** As an operator, unless the key's role will do. */
const OPERATOR = {
  'x-ms-client-principal': Buffer.from(
    JSON.stringify({
      claims: [
        { typ: 'oid', val: '0a1b' },
        { typ: 'roles', val: 'Operator' },
        { typ: 'roles', val: 'Approver' },
      ],
    }),
  ).toString('base64'),
};

function command(body: object): Sent {
  return { method: 'POST', path: COMMANDS, headers: OPERATOR, body };
}

describe('starting an execution', () => {
  it('hands the order over and says where the execution is', async () => {
    const { services, seen } = fakeServices();
    const got = await api(services)({
      ...START,
      headers: { 'idempotency-key': 'k-1' },
      body: { kind: 'failover', mode: 'unplanned', to: 'west', reason: ' east is dark ' },
    });
    expect(seen.starts).toEqual([
      {
        plan: 'websphere-cafe',
        request: { kind: 'failover', mode: 'unplanned', to: 'west', reason: 'east is dark' },
        by: { id: 'key', name: 'function key', kind: 'key', roles: ['Automation'] },
        idempotencyKey: 'k-1',
      },
    ]);
    expect(got.status).toBe(202);
    expect(got.headers).toMatchObject({ location: '/api/executions/fo-1', 'retry-after': '2' });
    expect(got.json).toEqual({
      id: 'fo-1',
      repeated: false,
      plan: 'websphere-cafe',
      self: '/api/executions/fo-1',
    });
  });

  it('is planned unless said otherwise', async () => {
    const { services, seen } = fakeServices();
    await api(services)(START);
    expect(seen.starts[0]?.request.mode).toBe('planned');
  });

  it('names the execution that holds the lock', async () => {
    const { services } = fakeServices({}, { start: locked });
    const { status, headers, json } = await api(services)(START);
    expect(status).toBe(409);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(json).toEqual({
      type: 'urn:switchover:problem:locked',
      title: 'Another execution runs',
      status: 409,
      detail: 'websphere-cafe is locked by fo-0.',
      instance: '/api/plans/websphere-cafe/executions',
      code: 'LOCKED',
      execution: 'fo-0',
    });
  });

  it.each([
    ['a drill', { kind: 'drill', reason: 'x' }, 422, 'body.level: a drill has one, validate, '],
    ['a level', { kind: 'failover', level: 'live', reason: 'x' }, 422, 'body.level: only a drill'],
    ['no reason', { kind: 'failover' }, 422, 'body.reason: say why'],
    ['a blank reason', { kind: 'failover', reason: ' ' }, 422, 'body.reason: say why'],
    ['an unknown key', { kind: 'failover', reason: 'x', force: 1 }, 422, '"force"'],
    ['an unknown kind', { kind: 'reboot', reason: 'x' }, 422, 'body.kind: '],
    ['a list', [], 422, 'body: '],
  ])('refuses %s', async (_, body, status, detail) => {
    const { services, seen } = fakeServices();
    const got = await api(services)({ ...START, body });
    expect(got.status).toBe(status);
    expect(got.json['detail']).toContain(detail);
    expect(seen.starts).toEqual([]);
  });

  it.each(['', 'a b', 'x'.repeat(129), 'é'])('refuses the idempotency key "%s"', async (key) => {
    const { services, seen } = fakeServices();
    const got = await api(services)({ ...START, headers: { 'idempotency-key': key } });
    expect(got.status).toBe(422);
    expect(seen.starts).toEqual([]);
  });
});

describe('a body', () => {
  it.each<[string, Partial<Sent>, number, string, string]>([
    ['empty', { text: '' }, 400, 'REQUEST_MALFORMED', 'The body is empty'],
    ['cut short', { text: '{"kind":' }, 400, 'REQUEST_MALFORMED', 'its end comes too early'],
    ['mistyped', { text: '{"kind" 1}' }, 400, 'REQUEST_MALFORMED', 'line 1, column 9'],
    [
      'of a web form',
      { text: 'a=1', headers: { 'content-type': 'text/plain' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
      'not text/plain',
    ],
    ['too large', { text: ' '.repeat(65_537) }, 413, 'REQUEST_TOO_LARGE', '65536 bytes'],
  ])('that is %s is refused', async (_, sent, status, code, detail) => {
    const { services } = fakeServices();
    const got = await api(services)({ ...START, ...sent });
    expect(got.json).toMatchObject({ status, code });
    expect(got.json['detail']).toContain(detail);
  });
});

describe('a command', () => {
  it('is handed over with who gave it', async () => {
    const { services, seen } = fakeServices({ access: { by: 'entra' } });
    const got = await api(services)(
      command({ command: 'retry', step: 'database', reason: 'mended' }),
    );
    expect(got.status).toBe(202);
    expect(got.json).toEqual({ execution: 'fo-1', command: 'retry', sequence: 1 });
    expect(seen.commands).toMatchObject([
      {
        execution: 'fo-1',
        request: { command: 'retry', step: 'database', reason: 'mended' },
        by: { id: '0a1b', kind: 'person' },
      },
    ]);
  });

  it.each([
    [{ command: 'skip' }, 'body.step: skip needs it'],
    [
      { command: 'pause', step: 'database' },
      'body.step: not for pause, only for approve, reject, retry, skip',
    ],
    [{ command: 'cancel' }, 'body.then: cancel needs it'],
    [{ command: 'resume', then: 'stay' }, 'body.then: not for resume, only for cancel'],
    [{ command: 'accept' }, 'body.accept: accept needs it'],
    [{ command: 'terminate' }, 'body.command: '],
  ])('%j is refused', async (body, detail) => {
    const { services, seen } = fakeServices({ access: { by: 'entra' } });
    const got = await api(services)(command({ reason: 'x', ...body }));
    expect(got.status).toBe(422);
    expect(got.json['detail']).toContain(detail);
    expect(seen.commands).toEqual([]);
  });
});

describe('reading', () => {
  it('gives plans, one plan, executions and events', async () => {
    const { services, seen } = fakeServices();
    const get = api(services);
    expect((await get({ path: '/api/plans' })).json).toEqual({ plans: [PLAN] });
    expect((await get({ path: '/api/plans/websphere-cafe' })).json).toEqual(PLAN);
    const list = await get({ path: '/api/executions?plan=websphere-cafe&state=paused&limit=5' });
    expect(list.json).toEqual({ executions: [EXECUTION] });
    expect(seen.filters).toEqual([{ plan: 'websphere-cafe', state: 'paused', limit: 5 }]);
    const events = await get({ path: '/api/executions/fo-1/events?after=3' });
    expect(events.json).toEqual({ events: [], next: '7' });
    expect(seen.cursors).toEqual(['3']);
  });

  it.each([
    ['/api/plans/tea', 'PLAN_UNKNOWN'],
    ['/api/executions/fo-9', 'EXECUTION_UNKNOWN'],
    ['/api/executions/fo-9/events', 'EXECUTION_UNKNOWN'],
    ['/api/executions/fo-9/evidence', 'EXECUTION_UNKNOWN'],
  ])('answers 404 at %s', async (path, code) => {
    const { services } = fakeServices();
    expect((await api(services)({ path })).json).toMatchObject({ status: 404, code });
  });

  it.each(['limit=0', 'limit=501', 'limit=ten', 'state=sleeping', 'page=2', 'limit=1&limit=2'])(
    'refuses the query %s',
    async (query) => {
      const { services } = fakeServices();
      expect((await api(services)({ path: `/api/executions?${query}` })).status).toBe(422);
    },
  );

  it('sends an execution again only when it has changed', async () => {
    let execution = EXECUTION;
    const { services } = fakeServices({}, { get: async () => execution });
    const get = api(services);
    const path = '/api/executions/fo-1';
    const etag = (await get({ path })).headers['etag'] ?? '';
    const same = await get({ path, headers: { 'if-none-match': `W/${etag}` } });
    expect({ status: same.status, body: same.body, etag: same.headers['etag'] }).toEqual({
      status: 304,
      body: '',
      etag,
    });
    execution = { ...EXECUTION, state: 'paused' };
    const changed = await get({ path, headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.json['state']).toBe('paused');
  });
});

describe('evidence', () => {
  const evidence = buildEvidence(story());
  const { services } = fakeServices({}, { evidence: async () => evidence });
  const path = '/api/executions/fo-1/evidence';

  it.each([undefined, '*/*', 'application/json', 'text/markdown, application/json'])(
    'is JSON for a client that accepts %s',
    async (accept) => {
      const headers = accept === undefined ? {} : { accept };
      const got = await api(services)({ path, headers });
      expect(got.json).toEqual(JSON.parse(JSON.stringify(evidence)));
      expect(got.headers['vary']).toBe('accept');
    },
  );

  it('is Markdown for a client that asks for it', async () => {
    const got = await api(services)({
      path,
      headers: { accept: 'text/markdown;q=0.9, */*;q=0.1' },
    });
    expect(got.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(got.body).toMatch(/^# /);
  });
});

describe('trouble', () => {
  it.each([
    ['PUT', '/api/executions/fo-1', 'GET'],
    ['PATCH', '/api/executions/fo-1', 'GET'],
    ['DELETE', '/api/executions/fo-1', 'GET'],
    ['POST', '/api/executions/fo-1', 'GET'],
    ['POST', '/api/plans/websphere-cafe', 'GET, PUT, DELETE'],
    ['PATCH', '/api/plans/websphere-cafe', 'GET, PUT, DELETE'],
  ])('answers 405 to %s of %s', async (method, path, allow) => {
    const { services } = fakeServices();
    const got = await api(services)({ method, path });
    expect(got.json).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(got.headers['allow']).toBe(allow);
  });

  it('keeps the text of what nobody meant to throw for the log', async () => {
    const reported: string[] = [];
    const { services } = fakeServices(
      {},
      { get: () => Promise.reject(new Error('password=hunter2')) },
    );
    const got = await api(services, reported)({ path: '/api/executions/fo-1' });
    expect(got.json).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(got.body).not.toContain('hunter2');
    expect(reported).toEqual(['GET /api/executions/fo-1 failed: password=hunter2']);
  });

  it('says when to come back while the store is away', async () => {
    const { services } = fakeServices(
      {},
      { get: () => Promise.reject(new SwitchoverError('STORE_UNAVAILABLE', 'The store is away.')) },
    );
    const got = await api(services)({ path: '/api/executions/fo-1' });
    expect(got.json).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
    expect(got.headers['retry-after']).toBe('5');
  });

  it('answers 503 while it is down', async () => {
    const { services } = fakeServices({
      health: async () => ({ status: 'down', version: '0.1.0' }),
    });
    expect((await api(services)({ path: '/api/health' })).status).toBe(503);
  });
});

describe('the readiness of a plan', () => {
  it.each([
    ['', false],
    ['?fresh=true', true],
    ['?fresh=false', false],
  ])('is asked for with "%s"', async (query, fresh) => {
    const { services, seen } = fakeServices();
    const got = await api(services)({ path: `/api/plans/websphere-cafe/readiness${query}` });
    expect(got.status).toBe(200);
    expect(got.json).toEqual(READINESS);
    expect(seen.readiness).toEqual([{ plan: 'websphere-cafe', fresh }]);
  });

  it('is not told to whoever asks for it in another way', async () => {
    const { services, seen } = fakeServices();
    const got = await api(services)({ path: '/api/plans/websphere-cafe/readiness?fresh=maybe' });
    expect(got).toMatchObject({ status: 422, json: { code: 'REQUEST_INVALID' } });
    expect(seen.readiness).toEqual([]);
  });
});
