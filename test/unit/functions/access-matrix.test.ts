import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/core/execution.ts';
import { ROLES } from '../../../src/core/principal.ts';
import type { Role } from '../../../src/core/principal.ts';
import type { Access } from '../../../src/functions/access/trust.ts';
import { ROUTES } from '../../../src/functions/routes.ts';
import { commonAlert } from '../../fixtures/alerts.ts';
import { api } from './api.ts';
import type { Sent } from './api.ts';
import { fakeServices } from './services.ts';

const READERS: readonly Role[] = ['Viewer', 'Operator', 'Approver', 'Author', 'Automation'];
const STARTERS: readonly Role[] = ['Operator', 'Automation'];
const DECISIONS = ['approve', 'reject', 'accept'];

interface Door {
  readonly may: readonly Role[] | 'anybody';
  readonly body?: object;
  readonly query?: string;
  readonly yaml?: string;
}

/** What is promised of each door, written down apart from the code: a door that is not here fails the test. */
const DOORS: Readonly<Record<string, Door>> = {
  'GET api/plans': { may: READERS },
  'GET api/plans/{name}': { may: READERS },
  'PUT api/plans/{name}': { may: ['Author'], query: '?reason=a+test', yaml: 'name: cafe' },
  'DELETE api/plans/{name}': { may: ['Author'], query: '?reason=a+test' },
  'GET api/plans/{name}/versions': { may: READERS },
  'GET api/plans/{name}/versions/{number}': { may: READERS },
  'GET api/plans/{name}/readiness': { may: READERS },
  'GET api/plans/{name}/permissions': { may: READERS },
  'POST api/plans/{name}/executions': {
    may: STARTERS,
    body: { kind: 'failover', reason: 'a test' },
  },
  'GET api/executions': { may: READERS },
  'GET api/executions/{id}': { may: READERS },
  'GET api/executions/{id}/events': { may: READERS },
  'GET api/executions/{id}/evidence': { may: READERS },
  'GET api/drills': { may: READERS },
  ...Object.fromEntries(
    COMMANDS.map((command) => [
      `POST api/executions/{id}/commands ${command}`,
      { may: [DECISIONS.includes(command) ? 'Approver' : 'Operator'], body: commanded(command) },
    ]),
  ),
  'GET api/alerts': { may: READERS },
  'POST api/alerts': { may: STARTERS, body: commonAlert() },
  'GET api/plans/{name}/watch': { may: READERS },
  'POST api/plans/{name}/cooldown': { may: ['Operator'], body: { lift: true, reason: 'a test' } },
  'GET api/hold': { may: READERS },
  'POST api/hold': { may: ['Operator'], body: { reason: 'a test' } },
  'GET api/health': { may: 'anybody' },
  'GET api/openapi.json': { may: READERS },
};

function commanded(command: string): object {
  const field: Record<string, object> = {
    retry: { step: 'database' },
    skip: { step: 'database' },
    accept: { accept: 'data-loss' },
    cancel: { then: 'stay' },
  };
  return { command, reason: 'a test', ...field[command] };
}

const PLACES: Readonly<Record<string, string>> = {
  name: 'websphere-cafe',
  id: 'fo-1',
  number: '7',
};

function sent(door: string, headers: Sent['headers'] = {}): Sent {
  const [method = '', template = ''] = door.split(' ');
  const { body, query = '', yaml } = DOORS[door]!;
  const path = `/${template.replaceAll(/\{(\w+)\}/g, (_, name: string) => PLACES[name] ?? '')}${query}`;
  if (yaml !== undefined)
    return {
      method,
      path,
      headers: { 'content-type': 'application/yaml', ...headers },
      text: yaml,
    };
  return { method, path, headers, ...(body === undefined ? {} : { body }) };
}

/** The header as App Service sends it. */
function signedIn(role: Role | null): Record<string, string> {
  const claims = [
    { typ: 'oid', val: '0a1b' },
    { typ: 'name', val: 'Ada' },
    ...(role === null ? [] : [{ typ: 'roles', val: role }]),
  ];
  return {
    'x-ms-client-principal': Buffer.from(JSON.stringify({ claims })).toString('base64'),
  };
}

/** What a caller gets: `in` when the request reached what is behind the door. */
async function outcome(access: Access, door: string, headers: Sent['headers']): Promise<string> {
  const { services } = fakeServices(
    { access },
    { evidence: async () => Promise.reject(new Error('reached')) },
  );
  const { status, json } = await api(services)(sent(door, headers));
  const isIn = status < 300 || json['code'] === 'INTERNAL';
  return isIn ? 'in' : `${status} ${String(json['code'])}`;
}

const CLOSED: Access = { by: 'nobody', why: 'Nobody is let in: a test.' };
const CALLERS: readonly {
  readonly who: string;
  readonly access: Access;
  readonly headers: Record<string, string>;
  readonly expected: (may: readonly Role[]) => string;
}[] = [
  ...ROLES.map((role) => ({
    who: `a ${role}`,
    access: { by: 'entra' } as const,
    headers: signedIn(role),
    expected: (may: readonly Role[]) => (may.includes(role) ? 'in' : '403 FORBIDDEN'),
  })),
  {
    who: 'somebody without a role',
    access: { by: 'entra' },
    headers: signedIn(null),
    expected: () => '403 FORBIDDEN',
  },
  {
    who: 'nobody',
    access: { by: 'entra' },
    headers: {},
    expected: () => '401 UNAUTHENTICATED',
  },
  {
    who: 'nobody, with the header that only the host is told',
    access: { by: 'entra' },
    headers: { 'x-functions-key': 'a key' },
    expected: () => '401 UNAUTHENTICATED',
  },
  {
    who: 'whoever has a key',
    access: { by: 'keys' },
    headers: {},
    expected: (may) => (may.includes('Automation') ? 'in' : '403 FORBIDDEN'),
  },
  ...ROLES.map((role) => ({
    who: `whoever has a key and forges the sign-in of a ${role}`,
    access: { by: 'keys' } as const,
    headers: signedIn(role),
    expected: (may: readonly Role[]) => (may.includes('Automation') ? 'in' : '403 FORBIDDEN'),
  })),
  ...ROLES.map((role) => ({
    who: `whoever forges the sign-in of a ${role} where there is none`,
    access: CLOSED,
    headers: signedIn(role),
    expected: () => '500 SETTING_INVALID',
  })),
];

describe('every door', () => {
  it('is in the table, and the table has no others', () => {
    const there = ROUTES.flatMap(({ path, methods }) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const promised = Object.keys(DOORS).map((door) => door.split(' ').slice(0, 2).join(' '));
    expect([...new Set(promised)].sort()).toEqual([...there].sort());
  });

  describe.each(CALLERS)('asked by $who', ({ access, headers, expected }) => {
    it.each(Object.entries(DOORS))('%s', async (door, { may }) => {
      const wanted = may === 'anybody' ? 'in' : expected(may);
      expect(await outcome(access, door, headers)).toBe(wanted);
    });
  });
});

describe('a door that changes something', () => {
  const changing = Object.entries(DOORS).flatMap(([door, { may }]) =>
    door.startsWith('GET ') || door === 'POST api/alerts' ? [] : [[door, may[0] as Role] as const],
  );

  it.each(changing)('refuses a page of another site: %s', async (door, role) => {
    const asked = (headers: Record<string, string | null>): Promise<string> =>
      outcome({ by: 'entra' }, door, { ...signedIn(role), ...headers });
    expect(await asked({ 'x-switchover': null })).toBe('403 CROSS_SITE');
    expect(await asked({ 'sec-fetch-site': 'cross-site' })).toBe('403 CROSS_SITE');
    expect(await asked({ 'sec-fetch-site': 'same-site' })).toBe('403 CROSS_SITE');
    expect(await asked({ 'sec-fetch-site': 'same-origin' })).toBe('in');
    expect(await asked({})).toBe('in');
  });

  it('takes alerts without a header of ours', async () => {
    const headers = { ...signedIn('Automation'), 'x-switchover': null };
    expect(await outcome({ by: 'entra' }, 'POST api/alerts', headers)).toBe('in');
  });
});
