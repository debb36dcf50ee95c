import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../local/simulator/journal.ts';
import { isTerminal } from '../../src/core/execution.ts';
import type { ExecutionState } from '../../src/core/execution.ts';
import { parseEvidence } from '../../src/report/evidence-schema.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { localTarget } from './local-target.ts';
import { namedTarget } from './target.ts';
import type { Role, Target } from './target.ts';
import { ask, untilState } from './visitor.ts';

/*
 * What every host of the app must do alike, asked over HTTP alone. `npm test` asks the local host; `npm run test:host`
 * asks the one that it is told of, such as Azure Functions Core Tools. What needs a role that nobody gave is skipped.
 */
const RUN_MS = 1_800_000;

let target: Target;
/** Who reads, and who starts: whoever is there. */
let reader: Role;
let starter: Role | undefined;

beforeAll(async () => {
  const url = process.env['PARITY_BASE_URL'];
  target = url === undefined ? await localTarget() : namedTarget(url, process.env);
  const roles = Object.keys(target.credentials) as Role[];
  [reader = 'viewer'] = roles;
  starter = roles.find((role) => role === 'operator' || role === 'automation');
});
afterAll(() => target.close());

describe('reading', () => {
  it('anybody may ask whether the app is up', async () => {
    expect(await ask(target, '/api/health')).toMatchObject({ status: 200, body: { status: 'up' } });
  });

  it('plans are listed and shown', async () => {
    const { status, body } = await ask(target, '/api/plans', { as: reader });
    expect([status, body['plans']]).toEqual([
      200,
      expect.arrayContaining([expect.objectContaining({ name: target.plan })]),
    ]);
    const shown = await ask(target, `/api/plans/${target.plan}`, { as: reader });
    expect(shown).toMatchObject({ status: 200, body: { name: target.plan } });
  });

  it.each([
    ['/api/plans/nothing', 404, 'PLAN_UNKNOWN'],
    ['/api/executions/20200101-000000-aaaaaa', 404, 'EXECUTION_UNKNOWN'],
    ['/api/nowhere', 404, undefined],
  ])('%s: %i %s', async (path, status, code) => {
    const answer = await ask(target, path, { as: reader });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('a stranger gets nothing where people sign in', async ({ skip }) => {
    if (!('viewer' in target.credentials)) skip('no role signs in');
    expect((await ask(target, '/api/plans')).status).toBe(401);
  });
});

describe('starting', () => {
  const path = (): string => `/api/plans/${target.plan}/executions`;

  it.each<[string, object | string, Readonly<Record<string, string>>, number, string]>([
    ['a body that is no JSON', '{', {}, 400, 'REQUEST_MALFORMED'],
    ['a field that nobody knows', { kind: 'failover', colour: 'red' }, {}, 422, 'REQUEST_INVALID'],
    [
      'a form',
      'kind=failover',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
    [
      'a key with spaces',
      { kind: 'failover', reason: 'x' },
      { 'idempotency-key': 'a b' },
      422,
      'REQUEST_INVALID',
    ],
  ])('%s is refused', async (_what, body, headers, status, code) => {
    const as = starter ?? reader;
    const answer = await ask(target, path(), { as, body, headers });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.for(['viewer', 'approver'] as const)('is not for a role such as %s', async (as, { skip }) => {
    if (target.credentials[as] === undefined) skip(`nobody is ${as}`);
    const body = { kind: 'failover', reason: 'not for me' };
    expect((await ask(target, path(), { as, body })).body['code']).toBe('FORBIDDEN');
  });
});

describe('a run', () => {
  const KEY = { 'idempotency-key': `parity-${Date.now()}` };
  const BODY = { kind: 'failover', mode: 'planned', reason: 'a test of this host' };
  let id: string;
  let before: number;

  const changes = async (): Promise<readonly JournalEntry[]> => {
    const journal = await fetch(`${String(target.control)}/journal`);
    return ((await journal.json()) as JournalEntry[]).filter(
      ({ door, mutating }) => door === 'resource-manager' && mutating,
    );
  };

  beforeAll(async () => {
    before = target.control === null ? 0 : (await changes()).length;
  });

  it('is started once, however often it is asked for', async () => {
    const start = (headers: Readonly<Record<string, string>>): ReturnType<typeof ask> =>
      ask(target, `/api/plans/${target.plan}/executions`, {
        ...(starter === undefined ? {} : { as: starter }),
        body: BODY,
        headers,
      });
    const started = await start(KEY);
    expect([started.status, started.body['repeated']], started.text).toEqual([202, false]);
    id = String(started.body['id']);
    expect(started.headers.get('location')).toContain(`/api/executions/${id}`);
    expect(await start(KEY)).toMatchObject({ status: 202, body: { id, repeated: true } });
    expect(await start({})).toMatchObject({ status: 409, body: { code: 'LOCKED', execution: id } });
  });

  it(
    'ends well, and is read without asking for what is known',
    async () => {
      const isOver = (state: string): boolean =>
        state === 'paused' || isTerminal(state as ExecutionState);
      expect(await untilState(target, reader, id, isOver)).toBe('succeeded');
      const path = `/api/executions/${id}`;
      const etag = (await ask(target, path, { as: reader })).headers.get('etag') ?? '';
      const again = await ask(target, path, { as: reader, headers: { 'if-none-match': etag } });
      expect([again.status, again.text]).toEqual([304, '']);
    },
    RUN_MS,
  );

  it('tells its events page after page', async () => {
    const path = `/api/executions/${id}/events`;
    const { body } = await ask(target, path, { as: reader });
    expect((body['events'] as unknown[]).length).toBeGreaterThan(10);
    const rest = `${path}?after=${encodeURIComponent(String(body['next']))}`;
    expect((await ask(target, rest, { as: reader })).body['events']).toEqual([]);
  });

  it('leaves evidence that holds, for programs and for people', async () => {
    const path = `/api/executions/${id}/evidence`;
    const evidence = parseEvidence((await ask(target, path, { as: reader })).text);
    expect(verifyEvidence(evidence, evidence.anchors)).toEqual([]);
    const page = await ask(target, path, { as: reader, headers: { accept: 'text/markdown' } });
    expect([page.status, page.text.slice(0, 2)]).toEqual([200, '# ']);
  });

  it('changed Azure once for each call of its evidence', async ({ skip }) => {
    if (target.control === null) skip('no simulator was named');
    const { calls } = parseEvidence(
      (await ask(target, `/api/executions/${id}/evidence`, { as: reader })).text,
    );
    const ids = calls.map(({ correlationId }) => correlationId);
    const made = (await changes()).slice(before).map(({ correlationId }) => correlationId);
    expect(made.toSorted()).toEqual(ids.toSorted());
    expect(made.length).toBeGreaterThan(0);
  });

  it('that has ended takes no orders', async ({ skip }) => {
    if (target.credentials.operator === undefined) skip('nobody is an operator');
    const body = { command: 'pause', reason: 'too late' };
    const answer = await ask(target, `/api/executions/${id}/commands`, { as: 'operator', body });
    expect([answer.status, answer.body['code']]).toEqual([409, 'TRANSITION_REFUSED']);
  });
});
