import { describe, expect, it } from 'vitest';
import { api } from './api.ts';
import type { Got, Sent } from './api.ts';
import { fakeServices } from './services.ts';

const OPERATIONS: Readonly<Record<'read' | 'start' | 'approve', Sent>> = {
  read: { path: '/api/executions/fo-1' },
  start: {
    method: 'POST',
    path: '/api/plans/websphere-cafe/executions',
    body: { kind: 'failover', reason: 'test' },
  },
  approve: {
    method: 'POST',
    path: '/api/executions/fo-1/commands',
    body: { command: 'approve', reason: 'test' },
  },
};

/** The header as App Service sends it. */
function signedIn(roles: readonly string[], more: readonly (readonly [string, string])[] = []) {
  const claims = [
    ['oid', '0a1b'],
    ['name', 'Ada'],
    ...more,
    ...roles.map((role) => ['roles', role] as const),
  ].map(([typ, val]) => ({ typ, val }));
  const principal = { auth_typ: 'aad', name_typ: 'name', role_typ: 'roles', claims };
  return { 'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64') };
}

async function asked(
  operation: keyof typeof OPERATIONS,
  headers: Record<string, string>,
): Promise<Got> {
  const { services } = fakeServices({ access: { by: 'entra' } });
  return api(services)({ ...OPERATIONS[operation], headers });
}

describe('who somebody is', () => {
  it.each([
    ['idtyp', [['idtyp', 'app']] as const],
    ['a token of its own', [['azp', 'client']] as const],
  ])('refuses the approval of an application, told by %s', async (_, claims) => {
    const { status, json } = await asked('approve', signedIn(['Approver'], claims));
    expect(status).toBe(403);
    expect(json['detail']).toContain('only a person can');
  });

  it('takes a person who acts through an application for a person', async () => {
    const delegated = signedIn(
      ['Approver'],
      [
        ['azp', 'client'],
        ['scp', 'user_impersonation'],
      ],
    );
    expect((await asked('approve', delegated)).status).toBe(202);
  });

  it.each([
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('hello').toString('base64')],
    ['no claims', Buffer.from('{}').toString('base64')],
    ['nobody', Buffer.from('{"claims":[]}').toString('base64')],
  ])('answers 401 to a sign-in header with %s', async (_, header) => {
    expect((await asked('read', { 'x-ms-client-principal': header })).status).toBe(401);
  });

  it('reads the claims under the long names to which App Service maps them', async () => {
    const { services, seen } = fakeServices({ access: { by: 'entra' } });
    const claims = [
      { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: '0a1b' },
      { typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role', val: 'Operator' },
      { typ: 'preferred_username', val: 'ada@example.com' },
    ];
    const header = Buffer.from(JSON.stringify({ claims })).toString('base64');
    await api(services)({ ...OPERATIONS.start, headers: { 'x-ms-client-principal': header } });
    expect(seen.starts[0]?.by).toEqual({
      id: '0a1b',
      name: 'ada@example.com',
      kind: 'person',
      roles: ['Operator'],
    });
  });

  it.each(['entra', 'keys'] as const)('tells anybody whether it is up (%s)', async (auth) => {
    const { services } = fakeServices({ access: { by: auth } });
    const { status, json } = await api(services)({ path: '/api/health' });
    expect({ status, json }).toEqual({ status: 200, json: { status: 'up', version: '0.1.0' } });
  });
});
