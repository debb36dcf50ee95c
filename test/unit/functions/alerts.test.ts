import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createAlertMatcher } from '../../../src/health/match-alert.ts';
import { createAlerts } from '../../../src/records/alerts.ts';
import type { Alerts } from '../../../src/records/alerts.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { createAlertDoors } from '../../../src/root/alerts.ts';
import { commonAlert } from '../../fixtures/alerts.ts';
import { edit, planOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';
import { api } from './api.ts';
import type { Got } from './api.ts';
import { fakeServices } from './services.ts';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const SERVER = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-east';

const plan = planOf(
  edit(smallPlanText, [
    'objectives:',
    `watch:
  signals:
    - id: site-down
      uses: alert
      with: { rule: "cafe-*-down", severity: [Sev0, Sev1], lasts: 10m }
    - id: database-down
      uses: alert
      with: { rule: "sql*", targets: "\${site.server}" }
objectives:`,
  ]),
);

let alerts: Alerts;
let post: (body: object) => Promise<Got>;
let ask: ReturnType<typeof api>;
const reported: string[] = [];
let looks: string[];
let slept: number[];
/** How long a look takes. */
let takes: Promise<void>;

beforeEach(() => {
  alerts = createAlerts(createMemoryTables());
  reported.length = 0;
  looks = [];
  slept = [];
  takes = Promise.resolve();
  const doors = createAlertDoors(
    {
      clock: {
        now: () => NOW,
        async sleep(milliseconds) {
          slept.push(milliseconds);
        },
      },
      alerts,
      matches: createAlertMatcher(),
      async look(plans) {
        looks.push(...plans.map(({ name }) => name));
        await takes;
      },
      explanations: async () => [],
    },
    { all: async () => [plan] },
  );
  ask = api(fakeServices({ alerts: doors }).services, reported);
  post = (body) => ask({ method: 'POST', path: '/api/alerts', body });
});

describe('an alert', () => {
  it('is taken, and told for which signals and sites it speaks', async () => {
    const got = await post(commonAlert());
    expect(got.status).toBe(202);
    expect(got.json).toEqual({
      accepted: true,
      repeated: false,
      matched: [{ plan: 'small', signal: 'site-down', sites: ['east', 'west'] }],
    });
    expect(looks).toEqual(['small']);
  });

  it.each([
    ['the resource itself, in other letters', SERVER.toUpperCase(), ['east']],
    ['a part of it', `${SERVER}/databases/cafe`, ['east']],
    ['one that is only named alike', `${SERVER}-2`, undefined],
    ['nothing', undefined, undefined],
  ])('concerns the sites that its target belongs to: %s', async (_, target, sites) => {
    const got = await post(
      commonAlert({
        alertRule: 'SQL availability',
        alertTargetIDs: target === undefined ? [] : [target],
      }),
    );
    expect(got.json['matched']).toEqual(
      sites === undefined ? [] : [{ plan: 'small', signal: 'database-down', sites }],
    );
  });

  it.each([
    ['an unknown rule', { alertRule: 'disk-full' }, /No plan has a signal for .* rule disk-full/],
    ['a severity that nobody asked for', { severity: 'Sev4' }, /severity Sev4/],
    ['a resolution', { monitorCondition: 'Resolved' }, /nothing is moved back/],
    ['a message that is late', { firedDateTime: '2026-11-21T09:49:59Z' }, /too long ago/],
  ])('is recorded and ignored with a reason: %s', async (_, essentials, reason) => {
    const got = await post(commonAlert(essentials));
    expect(got.status).toBe(202);
    expect(got.json['ignored']).toMatch(reason);
    const [listed] = (await ask({ path: '/api/alerts' })).json['alerts'] as { ignored: string }[];
    expect(listed?.ignored).toMatch(reason);
    expect(looks).toEqual([]);
  });

  it('counts once, however often it is sent', async () => {
    await post(commonAlert());
    const again = await post(commonAlert());
    expect(again.status).toBe(202);
    expect(again.json['repeated']).toBe(true);
    expect(again.json['ignored']).toMatch(/before/);
    await expect(alerts.recent(10)).resolves.toHaveLength(1);
  });

  it('has the plan looked at once, however many come at the same time', async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => post(commonAlert({ alertId: `/a/${index}` }))),
    );
    expect(looks).toEqual(['small']);
    await expect(alerts.recent(500)).resolves.toHaveLength(100);
  });

  it('is answered in time although what is looked at is silent', async () => {
    takes = new Promise(() => undefined);
    const got = await post(commonAlert());
    expect(got.status).toBe(202);
    expect(slept).toEqual([5000]);
  });

  it('speaks no longer when its clock is ahead', async () => {
    await post(commonAlert({ firedDateTime: '2027-01-01T00:00:00Z' }));
    await expect(alerts.recent(1)).resolves.toMatchObject([
      { firedAt: '2026-11-21T10:00:00.000Z' },
    ]);
  });

  it.each([
    ['another schema', { schemaId: 'Microsoft.Insights/activityLogs', data: {} }, /common alert/],
    ['no rule', commonAlert({ alertRule: '' }), /alertRule/],
    ['an unknown condition', commonAlert({ monitorCondition: 'Updated' }), /monitorCondition/],
    ['no time', commonAlert({ firedDateTime: 'yesterday' }), /firedDateTime/],
    ['an unknown severity', commonAlert({ severity: 'High' }), /severity/],
  ])('is refused when its essentials cannot be understood: %s', async (_, body, why) => {
    const got = await post(body);
    expect(got.status).toBe(422);
    expect(got.json['detail']).toMatch(why);
    await expect(alerts.recent(1)).resolves.toEqual([]);
  });

  it('is refused when it is longer than any alert', async () => {
    const text = JSON.stringify({ ...commonAlert(), more: 'x'.repeat(1024 * 1024) });
    expect((await ask({ method: 'POST', path: '/api/alerts', text })).status).toBe(413);
  });

  it('is listed newest first, as many as are asked for', async () => {
    for (const id of ['1', '2', '3']) await post(commonAlert({ alertId: id }));
    const got = await ask({ path: '/api/alerts?limit=2' });
    expect(got.json['alerts']).toHaveLength(2);
    expect((await ask({ path: '/api/alerts?limit=0' })).status).toBe(422);
  });
});

describe('whatever is posted as an alert', () => {
  const anything = fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
    { weight: 4, arbitrary: nearlyAnAlert() },
  );

  it('is refused as a mistake, or taken and ignored with a reason', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        const got = await ask({ method: 'POST', path: '/api/alerts', text });
        statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1);
        const isTaken = got.status === 202 && typeof got.json['ignored'] === 'string';
        expect(isTaken || (got.status >= 400 && got.status < 500)).toBe(true);
        if (!isTaken) expect(got.json['code']).toMatch(/^[A-Z_]+$/);
      }),
      { numRuns: 10_000 },
    );
    expect(reported).toEqual([]);
    expect(looks).toEqual([]);
    // The generator must reach past the schema, else it proves nothing of what is behind it.
    expect(statuses.get(202)).toBeGreaterThan(100);
    expect(statuses.get(422)).toBeGreaterThan(1000);
    expect(statuses.get(400)).toBeGreaterThan(100);
  }, 60_000);
});

function bytes(of: Uint8Array): string {
  return Buffer.from(of).toString('utf8');
}

/** An alert of an unknown rule in which some members are gone, or hold something else. */
function nearlyAnAlert(): fc.Arbitrary<string> {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.constantFrom(
      '',
      '\u0000',
      '__proto__',
      '0000-01-01T00:00:00-23:59',
      '9999-12-31T23:59:59-23:59',
    ),
    fc.array(fc.string({ minLength: 900, maxLength: 1100 }), { maxLength: 150 }),
  );
  const names = [
    ...['alertId', 'alertRule', 'severity', 'monitorCondition', 'firedDateTime'],
    ...['resolvedDateTime', 'alertTargetIDs', 'description', 'constructor', '__proto__'],
  ];
  return fc
    .record({
      changed: fc.dictionary(fc.constantFrom(...names), odd, { maxKeys: 3 }),
      gone: fc.subarray(names, { maxLength: 1 }),
      context: fc.jsonValue({ maxDepth: 3 }),
      cut: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 10 }),
    })
    .map(({ changed, gone, context, cut }) => {
      const { data, ...rest } = commonAlert({ alertRule: 'nobody-asked' }) as {
        data: { essentials: object };
      };
      const members = Object.entries({ ...data.essentials, ...changed });
      const essentials = Object.fromEntries(members.filter(([name]) => !gone.includes(name)));
      const text = JSON.stringify({ ...rest, data: { essentials, alertContext: context } });
      return cut === null ? text : text.slice(0, Math.floor(text.length * cut));
    });
}
