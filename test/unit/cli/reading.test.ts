import { afterEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import type { AlertSummary, PlanReadiness, PlanSummary } from '../../../src/functions/services.ts';
import { PLAN, READINESS, VERSION } from '../functions/services.ts';
import { run, serve } from './cli.ts';
import type { Backend, Ran, Recorded } from './cli.ts';
import { RUNNING } from './executions-fixture.ts';

let backend: Backend | null = null;
afterEach(async () => {
  await backend?.close();
  backend = null;
});

async function asked(line: string, answers: Readonly<Record<string, Recorded>>): Promise<Ran> {
  backend = await serve(answers);
  return run(line, { url: backend.url, key: 'k' });
}

const NOT_READY: PlanReadiness = {
  ...READINESS,
  findings: [
    {
      severity: 'critical',
      mode: 'planned',
      side: 'left',
      step: 'database',
      resource: 'sql-east',
      problem: 'cannot be read',
      remedy: 'Look after it.',
    },
    {
      severity: 'warning',
      resource: 'traffic',
      problem: 'The TTL is long.',
      remedy: 'Set it to 10 s.',
    },
  ],
};

describe('plans', () => {
  it('lists them on standard output, problems on standard error', async () => {
    const broken: PlanSummary = {
      ...PLAN,
      name: 'tea',
      active: null,
      problems: ['tea.yaml:3:1: home: expected a site'],
      description: '',
    };
    const ran = await asked('plans', {
      'GET /api/plans': {
        body: {
          plans: [PLAN, { ...PLAN, name: 'mill', running: 'fo-7', version: VERSION }, broken],
        },
      },
    });
    expect(ran.code).toBe(0);
    expect(ran.talk).toBe('tea.yaml:3:1: home: expected a site');
    expect(ran.out).toMatchInlineSnapshot(`
      "Plan            Serves from  State      Version                            Description
      websphere-cafe  east         at rest    of the package                     WebSphere café on five virtual machines
      mill            east         runs fo-7  7, 2026-11-02T09:00Z Ada Lovelace  WebSphere café on five virtual machines
      tea             unknown      not valid  of the package"
    `);
  });

  it('says where plans go when there are none', async () => {
    const { out, talk } = await asked('plans', { 'GET /api/plans': { body: { plans: [] } } });
    expect(out).toBe('');
    expect(talk).toContain('SWITCHOVER_PLANS');
  });

  it('shows one: sites, steps, time budget, findings', async () => {
    const finding = {
      severity: 'warning',
      resource: 'traffic',
      problem: 'The TTL is long.',
      remedy: 'Set it to 10 s.',
    };
    const ran = await asked('plan show websphere-cafe', {
      'GET /api/plans/websphere-cafe': { body: { ...PLAN, findings: [finding] } },
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatchInlineSnapshot(`
      "websphere-cafe  WebSphere café on five virtual machines
        east  eastus  cold standby, home, serves now
        west  westus  cold standby
        http://websphere-cafe.trafficmanager.net/websphere-cafe/

      move data
        database  sql/failover-group  Fails failovergroup-cafe over to sql-cafe-west.

      Time budget of the slowest run (unplanned, east → west, steps as they typically go), within the objective:
        detection, at worst        45 s
        move data                  1 min                 database
        old answers in DNS caches  10 s
        total                      1 min 55 s of 30 min
        commit                     2 min                 after the traffic has moved
      warning: traffic: The TTL is long. Set it to 10 s."
    `);
  });
});

describe('the readiness of a plan', () => {
  it('is good when nothing critical stands in the way', async () => {
    const ran = await asked('plan readiness websphere-cafe', {
      'GET /api/plans/websphere-cafe/readiness': { body: READINESS },
    });
    expect(ran).toMatchObject({
      code: 0,
      out: 'websphere-cafe, from east to west, at 2026-11-02T10:00:00.000Z: nothing critical stands in the way.',
      talk: 'west could take over, as of 2026-11-02T10:00:00.000Z.',
    });
  });

  it('names what stands in the way, and how to mend it', async () => {
    const ran = await asked('plan readiness websphere-cafe --fresh', {
      'GET /api/plans/websphere-cafe/readiness?fresh=true': { body: NOT_READY },
    });
    expect(ran.code).toBe(1);
    expect(ran.out.split('\n').slice(1)).toEqual([
      'critical (planned only): database: sql-east: cannot be read. Look after it.',
      'warning: traffic: The TTL is long. Set it to 10 s.',
    ]);
    expect(ran.out).toContain(': 1 critical finding.');
  });

  it('says once what is wrong with many', async () => {
    const machine = (name: string, health: string): Finding => ({
      severity: 'warning',
      step: 'machines',
      resource: `/vaults/v/replicationProtectedItems/${name}-item`,
      problem: `${name} has replication health ${health}`,
      remedy: 'Look after it.',
    });
    const database = (name: string): Finding => ({
      severity: 'warning',
      resource: `/servers/s/databases/${name}`,
      problem: 'has had no sample of its replication lag yet',
      remedy: 'Grant it.',
    });
    const findings = [
      machine('app1', 'Warning'),
      machine('app2', 'Critical'),
      machine('app3', 'Warning'),
      database('orders'),
      database('stock'),
    ];
    const ran = await asked('plan readiness websphere-cafe', {
      'GET /api/plans/websphere-cafe/readiness': { body: { ...READINESS, findings } },
    });
    expect(ran.out.split('\n').slice(1)).toEqual([
      'warning: machines: /vaults/v/replicationProtectedItems/app1-item: app1 has replication health Warning. Look after it. The same of app3.',
      'warning: machines: /vaults/v/replicationProtectedItems/app2-item: app2 has replication health Critical. Look after it.',
      'warning: /servers/s/databases/orders: has had no sample of its replication lag yet. Grant it. The same of stock.',
    ]);
  });

  it('is JSON for programs', async () => {
    const ran = await asked('plan readiness websphere-cafe --json', {
      'GET /api/plans/websphere-cafe/readiness': { body: NOT_READY },
    });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toEqual(NOT_READY);
  });
});

describe('executions', () => {
  it('lists them, filtered by the server', async () => {
    const ran = await asked('executions --plan websphere-cafe --state running --limit 3', {
      'GET /api/executions?plan=websphere-cafe&state=running&limit=3': {
        body: { executions: [RUNNING] },
      },
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatchInlineSnapshot(`
      "Id    Plan            Kind              Way          State    Requested            By            Reason
      fo-1  websphere-cafe  planned failover  east → west  running  2026-11-02 10:00:00  Ada Lovelace  maintenance"
    `);
  });

  it('shows one with its newest events', async () => {
    const ran = await asked('execution show fo-1', {
      'GET /api/executions/fo-1': { body: RUNNING },
      'GET /api/executions/fo-1/events': { body: { events: [], next: '' } },
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('▶ database        running');
  });

  it.each([
    ['plans', 'GET /api/plans', { plans: [PLAN] }, [PLAN]],
    ['plan show websphere-cafe', 'GET /api/plans/websphere-cafe', PLAN, PLAN],
    ['executions', 'GET /api/executions', { executions: [RUNNING] }, [RUNNING]],
    ['execution show fo-1', 'GET /api/executions/fo-1', RUNNING, RUNNING],
  ])('%s --json prints nothing but JSON', async (line, request, body, printed) => {
    const ran = await asked(`${line} --json`, { [request]: { body } });
    expect({ code: ran.code, talk: ran.talk }).toEqual({ code: 0, talk: '' });
    expect(JSON.parse(ran.out)).toEqual(JSON.parse(JSON.stringify(printed)));
  });
});

describe('credentials', () => {
  it.each([
    [{ key: 'secret' }, 'x-functions-key', 'secret'],
    [{ token: 'jwt' }, 'authorization', 'Bearer jwt'],
  ])('sends %j as %s', async (credential, header, value) => {
    backend = await serve({ 'GET /api/plans': { body: { plans: [] } } });
    await run('plans', { url: `${backend.url}/`, ...credential });
    expect(backend.requests[0]?.headers[header]).toBe(value);
  });

  it.each([
    [{}, 'SWITCHOVER_URL is not set'],
    [{ url: 'switchover.example' }, 'SWITCHOVER_URL is no http(s) address'],
    [{ url: 'ftp://switchover.example' }, 'SWITCHOVER_URL is no http(s) address'],
    [{ url: 'https://switchover.example', key: 'k', token: 't' }, 'Both SWITCHOVER_TOKEN and'],
    [{ url: 'http://switchover.example', key: 'k' }, 'would get your credential in the clear'],
  ])('refuses to go with %j', async (surroundings, message) => {
    const ran = await run('plans', surroundings);
    expect(ran.code).toBe(2);
    expect(ran.talk).toContain(message);
  });
});

describe('an app that does not answer well', () => {
  const PROBLEM = { 'content-type': 'application/problem+json' };
  const LOCKED = { code: 'LOCKED', detail: 'websphere-cafe is locked.', execution: 'fo-0' };

  it.each<[string, Recorded, number, string]>([
    [
      'key missing',
      { status: 401, body: '' },
      3,
      'wants to know who you are (401). Set SWITCHOVER_TOKEN',
    ],
    ['sign-in page', { status: 302, headers: { location: 'https://login' }, body: '' }, 3, '(302)'],
    ['no role', { status: 403, body: '<html>' }, 3, 'does not let you in (403)'],
    [
      'a role that is not enough',
      { status: 403, headers: PROBLEM, body: { code: 'FORBIDDEN', detail: 'Ada may not read.' } },
      3,
      'error: Ada may not read.',
    ],
    ['another web site', { status: 404, body: '<h1>404</h1>' }, 2, 'has no Switchover API (404)'],
    [
      'an unknown plan',
      { status: 404, headers: PROBLEM, body: { code: 'PLAN_UNKNOWN', detail: 'No plan tea.' } },
      2,
      'error: No plan tea.\nList the plans: switchover plans',
    ],
    [
      'a lock',
      { status: 409, headers: PROBLEM, body: LOCKED },
      3,
      'error: websphere-cafe is locked.\nWatch it: switchover execution watch fo-0',
    ],
    [
      'an app that names the command itself',
      {
        status: 409,
        headers: PROBLEM,
        body: { ...LOCKED, detail: 'Watch it: switchover execution watch fo-0' },
      },
      3,
      'error: Watch it: switchover execution watch fo-0',
    ],
    ['HTML', { body: '<html>' }, 1, 'answered with text/html instead of application/json'],
    ['an empty 503', { status: 503, body: '' }, 1, 'answered 503 without saying why'],
    ['a proxy that is full', { status: 429, body: '' }, 1, 'answered 429'],
    [
      'a store that is away',
      { status: 503, headers: PROBLEM, body: { code: 'STORE_UNAVAILABLE', detail: 'Away.' } },
      1,
      'error: Away.',
    ],
  ])('%s', async (_, answer, code, message) => {
    const ran = await asked('plans', { 'GET /api/plans': answer });
    expect(ran.talk).toContain(message);
    expect(ran.talk.match(/switchover execution/g)?.length ?? 0).toBeLessThan(2);
    expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
  });

  it('nobody listens', async () => {
    const gone = await serve({});
    await gone.close();
    const ran = await run('plans', { url: gone.url });
    expect(ran.code).toBe(1);
    expect(ran.talk).toBe(
      `error: Cannot reach ${gone.url} (ECONNREFUSED). Is SWITCHOVER_URL right, and is the app up? Try ${gone.url}/api/health.`,
    );
  });
});

describe('alerts', () => {
  const ALERT: AlertSummary = {
    id: '/a/1',
    rule: 'cafe-east-down',
    severity: 'Sev1',
    condition: 'Fired',
    targets: [],
    description: '',
    firedAt: '2026-11-02T10:00:00.000Z',
    receivedAt: '2026-11-02T10:00:05.000Z',
    by: { id: 'key', name: 'function key', kind: 'key', roles: ['Automation'] },
    matched: [{ plan: 'websphere-cafe', signal: 'down', sites: ['east', 'west'] }],
    decided: [
      { plan: 'websphere-cafe', sentence: 'east is suspected.', did: null, restraints: [] },
    ],
  };

  it('lists them with what they matched and what followed', async () => {
    const ignored = { ...ALERT, matched: [], decided: [], ignored: 'No plan has a signal for it.' };
    const ran = await asked('alerts --limit 2', {
      'GET /api/alerts?limit=2': { body: { alerts: [ALERT, ignored] } },
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatchInlineSnapshot(`
      "Received             Rule            Severity  Says   Signals                           What followed
      2026-11-02 10:00:05  cafe-east-down  Sev1      Fired  websphere-cafe/down (east, west)  east is suspected. Nothing was done.
      2026-11-02 10:00:05  cafe-east-down  Sev1      Fired                                    No plan has a signal for it."
    `);
  });

  it('prints them as JSON', async () => {
    const ran = await asked('alerts --json', { 'GET /api/alerts': { body: { alerts: [ALERT] } } });
    expect(JSON.parse(ran.out)).toEqual([ALERT]);
  });

  it('says where they come from when there are none', async () => {
    const { talk } = await asked('alerts', { 'GET /api/alerts': { body: { alerts: [] } } });
    expect(talk).toContain('/api/alerts');
  });
});
