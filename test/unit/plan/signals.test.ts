import { describe, expect, test } from 'vitest';
import { resolveSignals } from '../../../src/plan/signals.ts';
import { edit, planOf, problemsOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

const watch = `watch:
  signals:
    - id: front
      uses: http
      with: { url: "\${site.url}", slow: 4s }
    - id: database
      uses: sql
      with: { server: "\${site.server}", group: fg }
`;
const watched = edit(smallPlanText, ['objectives:', `${watch}objectives:`]);

describe('signals', () => {
  test('look at one site at a time, with every default filled in', () => {
    expect(resolveSignals(planOf(watched), 'west')).toEqual([
      {
        id: 'front',
        uses: 'http',
        with: {
          url: 'http://west.example/',
          expect: {},
          slow: 4,
          timeout: 5,
          trustAnyCertificate: false,
        },
      },
      {
        id: 'database',
        uses: 'sql',
        with: {
          server: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west',
          group: 'fg',
        },
      },
    ]);
  });

  test('are none in a plan that watches nothing', () => {
    expect(resolveSignals(planOf(smallPlanText), 'east')).toEqual([]);
  });

  test('only say so by default; acting is asked for', () => {
    expect(planOf(watched).watch).toMatchObject({
      action: 'notify',
      rule: { quorum: 2, failures: 3, recoveries: 3, staleSeconds: 180 },
      cooldownSeconds: 3600,
      maxPerDay: 1,
      blackouts: [],
    });
  });

  test.each([
    [
      'an unknown source',
      ['uses: http', 'uses: htpp'],
      'watch.signals[0].uses: expected one of "http", "traffic-manager", "metric", "logs", "sql", "resource-health", "site-recovery", "alert", found "htpp". Did you mean "http"?',
    ],
    [
      'an id used twice',
      ['id: database\n      uses: sql', 'id: front\n      uses: sql'],
      'watch.signals[1].id: signal id "front" is already that of watch.signals[0]',
    ],
    [
      'the direction of an execution, which a signal does not have',
      ['${site.url}', '${from.url}'],
      'watch.signals[0].with.url: unknown name "from" in ${from.url}: expected site',
    ],
    [
      'a resource that one site lacks',
      ['      weight: 3\n', ''],
      'watch.signals[0].with.slow: unknown name "weight" in ${site.weight}: site has no such name (at east)',
    ],
    [
      'a key that its source does not know',
      ['group: fg }', 'group: fg, groop: x }'],
      'watch.signals[1].with.groop: unknown key "groop": expected server, group, lagAbove. Did you mean "group"?',
    ],
    [
      'a probe that would outlast the tick',
      ['slow: "${site.weight}s"', 'timeout: 20s'],
      'watch.signals[0].with.timeout: expected at most 10s',
    ],
    [
      'a template where nothing closes it',
      ['id: front', 'id: front${site.url}'],
      'watch.signals[0].id: templates are not replaced here',
    ],
  ] as const)('refuses %s', (_what, change, says) => {
    const text = edit(watched.replace('slow: 4s', 'slow: "${site.weight}s"'), change);
    expect(problemsOf(text)).toContain(says);
  });

  test.each([
    ['four fields', '"0 6 * *"', 'UTC', 'blackouts[0].cron: expected a cron expression'],
    ['an hour that is none', '"0 25 * * *"', 'UTC', 'blackouts[0].cron: expected a cron'],
    ['a zone that is none', '"0 6 * * *"', 'Mars/Base', 'blackouts[0].timeZone: expected a time'],
  ])('refuses a blackout with %s', (_what, cron, zone, says) => {
    const blackout = `  blackouts: [{ cron: ${cron}, timeZone: ${zone}, for: 2h, reason: batch }]\n`;
    expect(problemsOf(edit(watched, ['objectives:', `${blackout}objectives:`]))).toContain(says);
  });
});
