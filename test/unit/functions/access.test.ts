import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/core/execution.ts';
import { api } from './api.ts';
import type { Got, Sent } from './api.ts';
import { commonAlert } from '../../fixtures/alerts.ts';
import { fakeServices } from './services.ts';

const OPERATIONS: Readonly<Record<string, Sent>> = {
  read: { path: '/api/executions/fo-1' },
  start: {
    method: 'POST',
    path: '/api/plans/websphere-cafe/executions',
    body: { kind: 'failover', reason: 'test' },
  },
  alert: { method: 'POST', path: '/api/alerts', body: commonAlert() },
  hold: { method: 'POST', path: '/api/hold', body: { reason: 'test' } },
  'lift a cool-down': {
    method: 'POST',
    path: '/api/plans/websphere-cafe/cooldown',
    body: { lift: true, reason: 'test' },
  },
  ...Object.fromEntries(COMMANDS.map((command) => [command, commanded(command)])),
};

function commanded(command: string): Sent {
  const field: Record<string, object> = {
    retry: { step: 'database' },
    skip: { step: 'database' },
    accept: { accept: 'data-loss' },
    cancel: { then: 'stay' },
  };
  return {
    method: 'POST',
    path: '/api/executions/fo-1/commands',
    body: { command, reason: 'test', ...field[command] },
  };
}

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
  auth: 'entra' | 'keys',
  operation: string,
  headers: Record<string, string>,
): Promise<Got> {
  const { services } = fakeServices({ auth });
  return api(services)({ ...OPERATIONS[operation]!, headers });
}

const OPERATING = ['pause', 'resume', 'cancel', 'retry', 'skip', 'go-unplanned'];
const HOLDING = ['hold', 'lift a cool-down'];
const DECIDING = ['approve', 'reject', 'accept'];

const MATRIX: readonly (readonly [role: string, allowed: readonly string[]])[] = [
  ['Viewer', ['read']],
  ['Automation', ['read', 'start', 'alert']],
  ['Operator', ['read', 'start', 'alert', ...HOLDING, ...OPERATING]],
  ['Approver', ['read', ...DECIDING]],
  ['Janitor', []],
];

describe('who may do what', () => {
  it.each(
    MATRIX.flatMap(([role, may]) =>
      Object.keys(OPERATIONS).map((operation) => ({
        role,
        operation,
        status: !may.includes(operation)
          ? 403
          : ['read', ...HOLDING].includes(operation)
            ? 200
            : 202,
      })),
    ),
  )('answers $status to a $role who wants to $operation', async ({ role, operation, status }) => {
    expect((await asked('entra', operation, signedIn([role]))).status).toBe(status);
  });

  it.each(Object.keys(OPERATIONS))('answers 401 to nobody who wants to %s', async (operation) => {
    expect((await asked('entra', operation, {})).json).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
    });
  });

  it.each(['read', 'start'])('lets a function key %s', async (operation) => {
    expect((await asked('keys', operation, {})).status).toBeLessThan(300);
  });

  it.each([...OPERATING, ...DECIDING])(
    'gives a forged sign-in no more than the key that came with it: %s',
    async (operation) => {
      const forged = signedIn(['Operator', 'Approver']);
      expect((await asked('keys', operation, forged)).status).toBe(403);
    },
  );

  it.each([
    ['idtyp', [['idtyp', 'app']] as const],
    ['a token of its own', [['azp', 'client']] as const],
  ])('refuses the approval of an application, told by %s', async (_, claims) => {
    const { status, json } = await asked('entra', 'approve', signedIn(['Approver'], claims));
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
    expect((await asked('entra', 'approve', delegated)).status).toBe(202);
  });

  it.each([
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('hello').toString('base64')],
    ['no claims', Buffer.from('{}').toString('base64')],
    ['nobody', Buffer.from('{"claims":[]}').toString('base64')],
  ])('answers 401 to a sign-in header with %s', async (_, header) => {
    expect((await asked('entra', 'read', { 'x-ms-client-principal': header })).status).toBe(401);
  });

  it('reads the claims under the long names to which App Service maps them', async () => {
    const { services, seen } = fakeServices({ auth: 'entra' });
    const claims = [
      { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: '0a1b' },
      { typ: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role', val: 'Operator' },
      { typ: 'preferred_username', val: 'ada@example.com' },
    ];
    const header = Buffer.from(JSON.stringify({ claims })).toString('base64');
    await api(services)({ ...OPERATIONS['start']!, headers: { 'x-ms-client-principal': header } });
    expect(seen.starts[0]?.by).toEqual({
      id: '0a1b',
      name: 'ada@example.com',
      kind: 'person',
      roles: ['Operator'],
    });
  });

  it.each(['entra', 'keys'] as const)('tells anybody whether it is up (%s)', async (auth) => {
    const { services } = fakeServices({ auth });
    const { status, json } = await api(services)({ path: '/api/health' });
    expect({ status, json }).toEqual({ status: 200, json: { status: 'up', version: '0.1.0' } });
  });
});
