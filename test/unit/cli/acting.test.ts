import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/core/execution.ts';
import { PLAN } from '../functions/services.ts';
import { run, serve } from './cli.ts';
import type { Backend, Ran, Recorded, Surroundings } from './cli.ts';

let backend: Backend | null = null;
afterEach(async () => {
  await backend?.close();
  backend = null;
});

const STARTED: Readonly<Record<string, Recorded>> = {
  'GET /api/plans/websphere-cafe': { body: PLAN },
  'POST /api/plans/websphere-cafe/executions': {
    status: 202,
    body: { id: 'fo-1', repeated: false },
  },
};

async function ordered(
  line: string,
  surroundings: Surroundings = {},
  answers: Readonly<Record<string, Recorded>> = STARTED,
): Promise<Ran & { posted: unknown[]; headers: unknown[] }> {
  backend = await serve(answers);
  const ran = await run(line, { url: backend.url, key: 'k', ...surroundings });
  const posts = backend.requests.filter((request) => request.line.startsWith('POST'));
  return {
    ...ran,
    posted: posts.map((request) => JSON.parse(request.body) as unknown),
    headers: posts.map((request) => request.headers['idempotency-key']),
  };
}

describe('failover', () => {
  it('says what will happen, asks for the name, starts, and prints the id', async () => {
    const ran = await ordered('failover websphere-cafe --reason "eastus patches"', {
      types: 'websphere-cafe',
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toBe('fo-1');
    expect(ran.talk).toMatchInlineSnapshot(`
      "Planned failover of websphere-cafe: east → west
      The application is closed while it moves. If a step fails, what was done is undone.
      The steps: switchover plan show websphere-cafe
      Type websphere-cafe to go ahead: 
      Follow it: switchover execution watch fo-1"
    `);
    expect(ran.posted).toEqual([{ kind: 'failover', mode: 'planned', reason: 'eastus patches' }]);
  });

  it.each([
    ['--yes', {}, 1],
    ['--confirm websphere-cafe', {}, 1],
    ['--unplanned --confirm websphere-cafe', {}, 1],
    ['', { types: 'websphere-cafe' }, 1],
    ['--unplanned', { types: ' websphere-cafe ' }, 1],
    ['', {}, 0],
    ['', { types: 'y' }, 0],
    ['--confirm tea', {}, 0],
    ['--confirm tea --yes', {}, 0],
    ['--unplanned --yes', {}, 0],
    ['--no-input', { types: 'websphere-cafe' }, 0],
    ['--unplanned --yes --no-input', { types: 'websphere-cafe' }, 0],
  ])('with "%s" and %j starts %i', async (flags, surroundings, starts) => {
    const ran = await ordered(`failover websphere-cafe --reason x ${flags}`, surroundings);
    expect(ran.posted).toHaveLength(starts);
    expect(ran.code).toBe(starts === 1 ? 0 : 2);
  });

  it('names the command that would have been confirmed', async () => {
    const { talk } = await ordered('failover websphere-cafe --reason x');
    expect(talk).toContain('nothing was sent. Add --confirm websphere-cafe');
  });

  it('warns of data loss before an unplanned one', async () => {
    const { talk } = await ordered('failover websphere-cafe --unplanned --reason x', {
      types: 'no',
    });
    expect(talk).toContain('Data that has not reached west may be lost.');
  });

  it('passes the site, the mode and the idempotency key on', async () => {
    const ran = await ordered(
      'failback websphere-cafe --to east --unplanned --reason x --confirm websphere-cafe --idempotency-key k1',
    );
    expect(ran.posted).toEqual([{ kind: 'failback', mode: 'unplanned', to: 'east', reason: 'x' }]);
    expect(ran.headers).toEqual(['k1']);
  });

  it('refuses a site that the plan has not', async () => {
    const ran = await ordered('failover websphere-cafe --to south --yes --reason x');
    expect(ran.code).toBe(2);
    expect(ran.talk).toContain('websphere-cafe has no site south, only east and west.');
    expect(ran.posted).toEqual([]);
  });

  it('exits with 3 and names the run that holds the lock', async () => {
    const ran = await ordered(
      'failover websphere-cafe --yes --reason x',
      {},
      {
        ...STARTED,
        'POST /api/plans/websphere-cafe/executions': {
          status: 409,
          body: { code: 'LOCKED', detail: 'Locked by fo-0.', execution: 'fo-0' },
        },
      },
    );
    expect(ran.code).toBe(3);
    expect(ran.talk).toContain('Watch it: switchover execution watch fo-0');
  });

  it('says so when it was given before', async () => {
    const ran = await ordered(
      'failover websphere-cafe --yes --reason x',
      {},
      {
        ...STARTED,
        'POST /api/plans/websphere-cafe/executions': {
          status: 202,
          body: { id: 'fo-1', repeated: true },
        },
      },
    );
    expect(ran.talk).toContain('nothing new was started');
  });
});

describe('orders', () => {
  const FIELDS: Record<string, [flags: string, fields: object]> = {
    retry: ['--step database', { step: 'database' }],
    skip: ['--step database', { step: 'database' }],
    cancel: ['--then stay', { then: 'stay' }],
    accept: ['--accept data-loss', { accept: 'data-loss' }],
  };
  const ACCEPTED = {
    'POST /api/executions/fo-1/commands': { status: 202, body: { sequence: 4 } },
  };
  const DANGEROUS = ['cancel', 'skip', 'accept', 'go-unplanned'];

  it.each(COMMANDS)('%s is sent with its reason', async (command) => {
    const [flags = '', fields = {}] = FIELDS[command] ?? [];
    const confirm = DANGEROUS.includes(command) ? '--confirm fo-1' : '';
    const ran = await ordered(
      `execution ${command} fo-1 ${flags} --reason why ${confirm}`,
      {},
      ACCEPTED,
    );
    expect(ran.talk).toContain(
      `Order 4 (${command}) is with fo-1. See what it does: switchover execution watch fo-1`,
    );
    expect(ran.code).toBe(0);
    expect(ran.posted).toEqual([{ command, reason: 'why', ...fields }]);
  });

  it.each(DANGEROUS)('%s is not sent unconfirmed', async (command) => {
    const flags = FIELDS[command]?.[0] ?? '';
    const line = `execution ${command} fo-1 ${flags} --reason why`;
    expect(await ordered(line, {}, ACCEPTED)).toMatchObject({ code: 2, posted: [] });
  });

  it.each([
    ['skip fo-1 --reason x', "required option '--step <id>' not specified"],
    ['pause fo-1', "required option '--reason <text>' not specified"],
    ['cancel fo-1 --reason x --then perhaps', 'then: '],
    ['accept fo-1 --reason x --accept all', 'accept: '],
    ['pause --reason x', "missing required argument 'id'"],
    ['stop fo-1', "unknown command 'stop'"],
  ])('%s is a usage error', async (line, message) => {
    const ran = await ordered(`execution ${line}`, {}, ACCEPTED);
    expect(ran.code).toBe(2);
    expect(ran.talk).toContain(message);
    expect(ran.posted).toEqual([]);
  });

  it('exits with 3 when the state does not allow it', async () => {
    const ran = await ordered(
      'execution resume fo-1 --reason x',
      {},
      {
        'POST /api/executions/fo-1/commands': {
          status: 409,
          body: {
            code: 'TRANSITION_REFUSED',
            detail: 'It has ended.',
            instance: '/api/executions/fo-1/commands',
          },
        },
      },
    );
    expect(ran.code).toBe(3);
    expect(ran.talk).toBe(
      'error: It has ended.\nSee where it stands: switchover execution show fo-1',
    );
  });
});
