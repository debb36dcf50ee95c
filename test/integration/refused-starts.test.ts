import { expect, it } from 'vitest';
import type { PlanSource } from '../../src/plan/source.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import { ask, pass, withStack } from '../support/door.ts';
import type { Question } from '../support/door.ts';
import { records } from '../support/failover.ts';

const PATH = '/api/plans/websphere-cafe/executions';
const GOOD = { kind: 'failover', mode: 'planned', reason: 'a test' };

const plans: PlanSource = {
  list: async () => [
    ...(await folderSource('plans').list()),
    { file: 'broken.yaml', text: 'version: 1\nname: broken\nstages: none\n' },
  ],
};

const JSON_TYPE = { 'content-type': 'application/json' };

const CASES: readonly (readonly [string, number, string, Partial<Question>])[] = [
  ['an unknown plan', 404, 'PLAN_UNKNOWN', { path: '/api/plans/nobody/executions' }],
  ['a plan that is not valid', 422, 'PLAN_INVALID', { path: '/api/plans/broken/executions' }],
  [
    'a body that is no JSON',
    400,
    'REQUEST_MALFORMED',
    { headers: JSON_TYPE, body: '{"kind": "failover",' },
  ],
  ['no body', 400, 'REQUEST_MALFORMED', { headers: JSON_TYPE, body: '' }],
  [
    'a body of another type',
    415,
    'CONTENT_TYPE_UNSUPPORTED',
    { headers: { 'content-type': 'text/plain' }, body: JSON.stringify(GOOD) },
  ],
  ['a list', 422, 'REQUEST_INVALID', { body: [GOOD] }],
  ['a kind that there is not', 422, 'REQUEST_INVALID', { body: { ...GOOD, kind: 'move' } }],
  ['a mode of the wrong type', 422, 'REQUEST_INVALID', { body: { ...GOOD, mode: 1 } }],
  ['no kind', 422, 'REQUEST_INVALID', { body: { mode: 'planned', reason: 'a test' } }],
  ['an empty reason', 422, 'REQUEST_INVALID', { body: { ...GOOD, reason: ' ' } }],
  ['an unknown field', 422, 'REQUEST_INVALID', { body: { ...GOOD, force: true } }],
  ['an unknown site', 422, 'REQUEST_INVALID', { body: { ...GOOD, to: 'north' } }],
  ['the site that serves', 422, 'REQUEST_INVALID', { body: { ...GOOD, to: 'east' } }],
  ['a failback from home', 422, 'REQUEST_INVALID', { body: { ...GOOD, kind: 'failback' } }],
  ['a key with spaces', 422, 'REQUEST_INVALID', { headers: { 'idempotency-key': 'a b' } }],
  ['nobody who is signed in', 401, 'UNAUTHENTICATED', { as: null }],
  ['a viewer', 403, 'FORBIDDEN', { as: 'viewer' }],
  ['an approver', 403, 'FORBIDDEN', { as: 'approver' }],
];

it.each(CASES)('a start with %s is refused with %i %s and leaves nothing', async (...given) => {
  const [, status, code, question] = given;
  await withStack({ plans }, async (stack) => {
    const reply = await ask(stack, { path: PATH, as: 'operator', body: GOOD, ...question });
    expect(reply).toMatchObject({
      status,
      body: {
        status,
        code,
        type: `urn:switchover:problem:${code.toLowerCase().replaceAll('_', '-')}`,
      },
    });
    expect(reply.type).toMatch(/^application\/problem\+json/);
    expect(reply.body['detail']).toMatch(/.{20}/);

    await pass(stack, 120);
    expect(await records(stack).recent(10)).toEqual([]);
    expect(await stack.tables.query('locks', 'locks')).toEqual([]);
    expect(await stack.tables.query('idempotency', 'keys')).toEqual([]);
    expect(stack.simulator.journal.mutations()).toEqual([]);
  });
});
