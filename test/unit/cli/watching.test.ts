import { afterEach, describe, expect, it } from 'vitest';
import { EXECUTION_STATES } from '../../../src/core/execution.ts';
import { PLAN } from '../functions/services.ts';
import { run, serve } from './cli.ts';
import type { Backend, Recorded } from './cli.ts';
import { PAUSED, RUNNING, SUCCEEDED, event } from './executions-fixture.ts';

let backend: Backend | null = null;
afterEach(async () => {
  await backend?.close();
  backend = null;
});

const FIRST = event('10:00:20', 1, 'half way');
const SECOND = event('10:02:20', 2, 'through');
const EVENTS: Readonly<Record<string, Recorded>> = {
  'GET /api/executions/fo-1/events': { body: { events: [FIRST], next: 'a#b' } },
  'GET /api/executions/fo-1/events?after=a%23b': { body: { events: [SECOND], next: 'c' } },
};
const TAGGED = { body: RUNNING, headers: { etag: '"1"' } };
const AWAY = { status: 503, body: '' };

async function watching(
  executions: readonly Recorded[],
  flags = '',
  live = false,
): ReturnType<typeof run> {
  backend = await serve({ ...EVENTS, 'GET /api/executions/fo-1': executions });
  return run(`execution watch fo-1 ${flags}`, { url: backend.url, live });
}

describe('watching', () => {
  it('prints events as they come, then the picture, into a pipe', async () => {
    const ran = await watching([TAGGED, { status: 304 }, { body: SUCCEEDED }]);
    expect(ran.code).toBe(0);
    expect(ran.out.split('\n').slice(0, 4)).toEqual([
      '10:00:20  database: half way',
      '10:02:20  database: through',
      '',
      'websphere-cafe  planned failover  east → west  succeeded  4 min 12 s',
    ]);
    expect(ran.talk).toBe('For the record: switchover evidence show fo-1');
    expect(ran.slept).toBe(4000);
  });

  it('asks with the tag that it has, and for new events only when something changed', async () => {
    await watching([TAGGED, { status: 304 }, { body: SUCCEEDED }]);
    expect(backend?.requests.map(({ line, headers }) => [line, headers['if-none-match']])).toEqual([
      ['GET /api/executions/fo-1', undefined],
      ['GET /api/executions/fo-1/events', undefined],
      ['GET /api/executions/fo-1', '"1"'],
      ['GET /api/executions/fo-1', '"1"'],
      ['GET /api/executions/fo-1/events?after=a%23b', undefined],
    ]);
  });

  it('draws over itself on a screen, with clocks that go on while nothing changes', async () => {
    const ran = await watching([TAGGED, { status: 304 }, { body: SUCCEEDED }], '', true);
    expect(ran.drawn).toHaveLength(3);
    expect(ran.drawn[0]).toContain('running  5 min\n');
    expect(ran.drawn[1]).toContain('running  5 min 2 s\n');
    expect(ran.drawn[2]).toBe('');
    expect(ran.out).toMatch(/^websphere-cafe[^]*Overhead/);
  });

  it('prints events as JSON, one a line', async () => {
    const ran = await watching([TAGGED, { body: SUCCEEDED }], '--json');
    expect(ran.out.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([FIRST, SECOND]);
  });

  it('stops at a pause, which needs a person, with the choices on the screen', async () => {
    const ran = await watching([{ body: PAUSED }]);
    expect(ran.code).toBe(5);
    expect(ran.out).toContain('switchover execution accept fo-1 --accept data-loss --reason "…"');
    expect(ran.talk).toContain('Choose one of the commands above');
  });

  const CODES: Record<string, number> = {
    ...{ succeeded: 0, failed: 1, cancelled: 1, refused: 3, rejected: 3, expired: 3 },
    ...{ compensated: 4, paused: 5 },
  };
  it.each(EXECUTION_STATES.map((state) => [state, CODES[state]] as const))(
    'goes by the state %s: exit code %s',
    async (state, code) => {
      const ran = await watching([
        { body: { ...RUNNING, state } },
        { body: { ...RUNNING, state: 'failed' } },
      ]);
      expect(ran.code).toBe(code ?? 1);
      expect(ran.slept).toBe(code === undefined ? 2000 : 0);
    },
  );

  it.each<[string, Recorded]>([
    ['is away for a while', AWAY],
    ['dies in the middle of its answers', { ...TAGGED, broken: true }],
  ])('outlasts an app that %s, and says so once', async (_how, away) => {
    const ran = await watching([TAGGED, away, away, away, { body: SUCCEEDED }]);
    expect(ran.code).toBe(0);
    expect(ran.talk.match(/Still watching/g)).toHaveLength(1);
  });

  it('gives up after five minutes', async () => {
    const ran = await watching([TAGGED, AWAY]);
    expect(ran.code).toBe(1);
    expect(ran.slept).toBeGreaterThanOrEqual(300_000);
    expect(ran.slept).toBeLessThan(310_000);
  });

  it('does not insist when it is refused', async () => {
    const ran = await watching([
      { status: 404, body: { code: 'EXECUTION_UNKNOWN', detail: 'There is no execution fo-1.' } },
    ]);
    expect(ran).toMatchObject({ code: 2, slept: 0 });
    expect(ran.talk).toContain('List the executions: switchover executions');
  });

  it('follows a run that it has started', async () => {
    backend = await serve({
      ...EVENTS,
      'GET /api/plans/websphere-cafe': { body: PLAN },
      'POST /api/plans/websphere-cafe/executions': { status: 202, body: { id: 'fo-1' } },
      'GET /api/executions/fo-1': { body: { ...SUCCEEDED, state: 'compensated' } },
    });
    const ran = await run('failover websphere-cafe --yes --reason x --watch', { url: backend.url });
    expect(ran.code).toBe(4);
  });
});
