import { describe, expect, test } from 'vitest';
import { lintPlan } from '../../../src/plan/lint.ts';
import { lockedResources } from '../../../src/plan/locked.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { formatProblems } from '../../../src/plan/problem.ts';
import { resolveSteps } from '../../../src/plan/resolve.ts';
import type { PlanKinds } from '../../../src/plan/kinds.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import { drills, edit, smallPlanText } from '../../fixtures/plan/small-plan.ts';

/** As `vm/stop`, but beside what serves. */
const kinds: PlanKinds = [
  ...smallKinds,
  ...smallKinds
    .filter(({ uses }) => uses === 'vm/stop')
    .map((kind) => ({ ...kind, uses: 'vm/test', rehearses: true as const })),
];

const OTHER = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/other';
const rehearsal = `rehearsal:
  stages:
    - name: try it
      steps:
        - id: try
          uses: vm/test
          with: { machines: [${OTHER}, "\${to.server}"] }
`;
const calendar = (...lines: readonly string[]): string =>
  `drills:\n  calendar:\n${lines.map((line) => `    - ${line}\n`).join('')}`;

function parsed(text: string): Plan {
  const result = parsePlan('small.yaml', text, kinds);
  if (result.ok) return result.value;
  throw new Error(formatProblems(result.error));
}

function planWith(...parts: readonly string[]): Plan {
  return parsed(edit(smallPlanText, [drills, parts.join('')]));
}

const findings = (plan: Plan): string[] =>
  lintPlan(plan, kinds).findings.map(({ severity, problem }) => `${severity}: ${problem}`);

test('a calendar is a list of levels and times, with what was not said filled in', () => {
  const plan = planWith(
    calendar(
      '{ level: validate, cron: "0 5 * * *", timeZone: Europe/Berlin, window: 30m }',
      '{ level: rehearsal, cron: "0 6 1 * *", overdueAfter: 32d }',
    ),
    '  overdueAfter: 2d\n',
    rehearsal,
  );
  const day = 86_400;
  expect(plan.drills).toEqual([
    {
      ...{ level: 'validate', cron: '0 5 * * *', timeZone: 'Europe/Berlin' },
      ...{ windowSeconds: 1800, overdueSeconds: 2 * day },
    },
    {
      ...{ level: 'rehearsal', cron: '0 6 1 * *', timeZone: 'UTC' },
      ...{ windowSeconds: 7200, overdueSeconds: 32 * day },
    },
  ]);
  expect(findings(plan)).toEqual([]);
});

test('a rehearsal has stages of its own in both directions, and is locked with the rest', () => {
  const plan = planWith(drills, rehearsal);
  for (const [from, to] of [
    ['east', 'west'],
    ['west', 'east'],
  ] as const) {
    const run = { from, to, mode: 'planned', executionId: 'x', level: 'rehearsal' } as const;
    const [step] = resolveSteps(plan, run).flatMap(({ steps }) => steps);
    expect(step?.with).toEqual({ machines: [OTHER, plan.sites[to]?.resources['server']] });
  }
  expect(lockedResources(plan, kinds)).toContain(OTHER.toLowerCase());
});

describe('refused are', () => {
  test.each([
    ['a level that there is none of', calendar('{ level: deep, cron: "0 5 * * *" }'), '"validate"'],
    ['six fields', calendar('{ level: validate, cron: "0 0 5 * * *" }'), 'cron expression of five'],
    [
      'a window that runs into others',
      calendar('{ level: validate, cron: "0 5 * * *", window: 13h }'),
      'drills.calendar[0].window: expected at most 12h',
    ],
    [
      'rehearsals of nothing',
      calendar('{ level: rehearsal, cron: "0 5 * * *" }'),
      'drills.calendar[0].level: the plan does not say what a rehearsal is',
    ],
    [
      'a rehearsal that touches what serves',
      edit(rehearsal, ['vm/test', 'vm/stop']),
      'rehearsal.stages[0].steps[0].uses: vm/stop changes what serves',
    ],
    [
      'a rehearsal that waits for somebody',
      edit(rehearsal, ['uses:', 'onFailure: pause\n          uses:']),
      'rehearsal.stages[0].steps[0].onFailure: a rehearsal does not pause',
    ],
    [
      'steps that never run',
      edit(rehearsal, ['uses:', 'when: unplanned\n          uses:']),
      'rehearsal.stages[0].steps[0].when: a rehearsal is always planned',
    ],
    [
      'settings that do not fit',
      edit(rehearsal, ['${to.server}', '${to.servre}']),
      'Did you mean "server"?',
    ],
  ])('%s', (_what, text, says) => {
    expect(() => planWith(text)).toThrow(says);
  });
});

describe('the linter warns of', () => {
  test.each([
    ['a plan that is never drilled', '', 'No drill calendar: nobody would notice'],
    [
      'drills that are always overdue',
      calendar('{ level: validate, cron: "0 5 1 * *" }'),
      'The validate drill ("0 5 1 * *") can be 744 h apart, but is overdue after 192 h',
    ],
  ])('%s', (_what, text, says) => {
    expect(findings(planWith(text))).toEqual([expect.stringContaining(`warning: ${says}`)]);
  });

  test('live drills that will be refused', () => {
    const machines =
      '      - { id: machines, uses: site-recovery/failover, with: { vault: /subscriptions/s/v, machines: [m] } }\n';
    const text = edit(
      smallPlanText,
      ['  - name: addresses\n', `${machines}  - name: addresses\n`],
      [drills, calendar('{ level: live, cron: "0 5 * * 0" }')],
    );
    expect(findings(parsed(text))).toContainEqual(
      expect.stringContaining('Live drills of this plan will be refused: machines'),
    );
  });
});
