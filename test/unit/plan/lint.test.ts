import { describe, expect, test } from 'vitest';
import { timeBudget } from '../../../src/plan/budget.ts';
import { lintPlan } from '../../../src/plan/lint.ts';
import { witnessFindings } from '../../../src/plan/witness.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import {
  drills,
  edit,
  ownFailback,
  planOf,
  smallPlanText,
} from '../../fixtures/plan/small-plan.ts';

function findingsOf(text: string): string[] {
  return lintPlan(planOf(text), smallKinds).findings.map(
    ({ severity, step, problem }) => `${severity}: ${step ?? '-'}: ${problem}`,
  );
}

/** The text of one stage of the small plan. */
function stage(name: string): string {
  const found = new RegExp(` {2}- name: ${name}\\n(?: {4}.*\\n)+`).exec(smallPlanText)?.[0];
  if (found === undefined) throw new Error(`no stage ${name}`);
  return found;
}

/** The small plan with these stages, in this order. */
function ordered(...stages: readonly string[]): string {
  return (
    smallPlanText.slice(0, smallPlanText.indexOf('  - name: close')) + stages.join('') + drills
  );
}

const [close, data, addresses, validate, traffic] = [
  'close',
  'data',
  'addresses',
  'validate',
  'traffic',
].map(stage) as [string, string, string, string, string];
const automatic = edit(traffic, ['control: switchover', 'control: automatic']);
const commit = `  - name: commit
    steps:
      - id: commit
        uses: site-recovery/commit
        with: { vault: /subscriptions/s/v, machines: [] }
`;

test('a plan in order has no findings', () => {
  expect(findingsOf(smallPlanText)).toEqual([]);
  expect(findingsOf(ordered(close, data, addresses, automatic, validate, commit))).toEqual([]);
});

const together = edit(data, ['    steps:\n', traffic.slice(traffic.indexOf('    steps:'))]);

describe('the order of a plan', () => {
  test.each([
    {
      what: 'traffic before data',
      text: ordered(close, addresses, validate, traffic, data),
      says: [
        'critical: traffic: Step "traffic" moves the traffic before step "database" has made the new side writable.',
      ],
    },
    {
      what: 'traffic together with data',
      text: ordered(close, addresses, validate, together),
      says: [
        'critical: traffic: Step "traffic" moves the traffic before step "database" has made the new side writable.',
      ],
    },
    {
      what: 'traffic before validation',
      text: ordered(close, data, addresses, traffic, validate),
      says: [
        'critical: traffic: Step "traffic" moves the traffic to a side that nothing has validated.',
      ],
    },
    {
      what: 'validation before data',
      text: ordered(validate, data, addresses, traffic),
      says: [
        'critical: traffic: Step "traffic" moves the traffic to a side that nothing has validated.',
      ],
    },
    {
      what: 'no validation at all',
      text: ordered(data, addresses, automatic),
      says: [
        'warning: -: No step validates the new side: a run could succeed with an application that does not answer.',
      ],
    },
    {
      what: 'addresses before data, with automatic control',
      text: ordered(addresses, data, automatic, validate),
      says: [
        'critical: address: Step "address" lets Traffic Manager move the traffic before step "database" has made the new side writable.',
      ],
    },
    {
      what: 'a warm site with automatic control',
      text: ordered(data, addresses, automatic, validate).replaceAll(
        'standby: cold',
        'standby: warm',
      ),
      says: [
        'critical: traffic: Site "west" answers at rest (standby: warm), so with control: automatic Traffic Manager moves the traffic before the data.',
        'critical: traffic: Site "east" answers at rest (standby: warm), so with control: automatic Traffic Manager moves the traffic before the data.',
      ],
    },
    {
      what: 'a commit that is not last',
      text: ordered(data, addresses, commit, validate, traffic),
      says: [
        'warning: commit: Step "commit" is not last: if "application", "traffic" fails, the run can no longer be undone.',
      ],
    },
    {
      what: "a failback's own stages",
      text: smallPlanText + ownFailback,
      says: [
        'warning: -: No step validates the new side: a run could succeed with an application that does not answer.',
      ],
    },
  ])('$what', ({ text, says }) => {
    expect(findingsOf(text)).toEqual(says);
  });
});

describe('the promises of a plan', () => {
  test.each([
    {
      what: 'an objective that cannot be met',
      changes: [['rto: 10m', 'rto: 2m']],
      says: [
        'warning: -: A run of this plan (unplanned, from east to west) typically takes 3 min 15 s, longer than the recovery time objective of 2 min: detection 45 s, close 30 s, data 1 min, addresses 20 s, validate 5 s, traffic 5 s, DNS 30 s.',
      ],
    },
    {
      what: 'a time-out that typical runs exceed',
      changes: [
        [
          'group: fg, from: "${from.server}", to: "${to.server}" }',
          'group: fg, from: "${from.server}", to: "${to.server}" }\n        timeout: 50s',
        ],
      ],
      says: ['warning: database: Step "database" times out after 50 s but typically takes 1 min.'],
    },
    {
      what: 'a loss beyond the objective',
      changes: [['limit: 1m', 'limit: 1h']],
      says: [
        'warning: -: A loss of up to 1 h is accepted without asking, more than the recovery point objective of 5 min.',
      ],
    },
    {
      what: 'no database to watch',
      changes: [
        [
          '  databases:\n    - database: { east: "${east.database}", west: "${west.database}" }\n',
          '  databases: []\n',
        ],
      ],
      says: [
        'warning: -: No database is named in dataLoss.databases, so the loss of an unplanned run is never known and every one has to ask.',
      ],
    },
    {
      what: 'one observer',
      changes: [['  probeUrl: ${from.url}\n', '']],
      says: [
        'warning: -: Fewer than two observers are named in fencing, so no unplanned run can presume that the old side is down and every one has to ask.',
      ],
    },
    {
      what: 'both sites in one region',
      changes: [['region: westus', 'region: eastus']],
      says: ['warning: -: Both sites are in eastus: its loss takes both.'],
    },
  ] as const)('$what', ({ changes, says }) => {
    expect(findingsOf(edit(smallPlanText, ...changes))).toEqual(says);
  });
});

describe('the time budget', () => {
  test('counts the slowest step of each stage, up to the move of the traffic', () => {
    const budget = timeBudget(planOf(ordered(close, data, validate, traffic, commit)), smallKinds);
    expect(budget).toEqual({
      from: 'east',
      to: 'west',
      mode: 'unplanned',
      detectionSeconds: 45,
      stages: [
        { name: 'close', seconds: 30, slowest: 'stop', counts: true },
        { name: 'data', seconds: 60, slowest: 'database', counts: true },
        { name: 'validate', seconds: 5, slowest: 'application', counts: true },
        { name: 'traffic', seconds: 5, slowest: 'traffic', counts: true },
        { name: 'commit', seconds: 60, slowest: 'commit', counts: false },
      ],
      dnsSeconds: 30,
      totalSeconds: 175,
      rtoSeconds: 600,
    });
  });

  test('is that of the slowest direction', () => {
    const slowHome = `${ownFailback}        - { id: machines, uses: site-recovery/failover, with: { vault: /subscriptions/s/v, machines: [m] } }
`;
    const budget = timeBudget(planOf(smallPlanText + slowHome), smallKinds);
    expect(budget).toMatchObject({ from: 'west', to: 'east', totalSeconds: 45 + 600 + 30 });
  });

  test.each([
    ['act', 45 + 3 * 30],
    ['ask', 45 + 3 * 30],
    ['notify', 45],
  ])('counts the looks of a watch that is to %s: detection takes %i s', (action, seconds) => {
    const signals = '[{ id: front, uses: http, with: { url: http://x.example/ } }]';
    const watch = `watch:\n  action: ${action}\n  signals: ${signals}\n  rule: { quorum: 1, failures: 3 }\n`;
    const budget = timeBudget(planOf(`${smallPlanText}${watch}`), smallKinds);
    expect(budget.detectionSeconds).toBe(seconds);
  });

  test('counts that Azure is read seldom while nothing of ours asks the site', () => {
    const sql = '[{ id: data, uses: sql, with: { server: "${site.server}", group: g } }]';
    const watch = `watch:\n  action: act\n  signals: ${sql}\n  rule: { quorum: 1, failures: 3 }\n`;
    const budget = timeBudget(planOf(`${smallPlanText}${watch}`), smallKinds);
    expect(budget.detectionSeconds).toBe(45 + 300 + 3 * 30);
  });

  test('does not wait for anybody to notice when the run is planned', () => {
    const planned = edit(ordered(data, validate, traffic), [
      'uses: sql',
      'when: planned\n        uses: sql',
    ]);
    expect(timeBudget(planOf(planned), smallKinds)).toMatchObject({
      mode: 'planned',
      detectionSeconds: 0,
      totalSeconds: 60 + 5 + 5 + 30,
    });
  });
});

describe('the region that Switchover runs in', () => {
  test.each(['westus', 'West US', 'WestUS'])('must not be that of a site: %s', (region) => {
    expect(witnessFindings(planOf(smallPlanText), region)).toEqual([
      {
        severity: 'critical',
        resource: 'small',
        problem: `Switchover runs in ${region}, the region of site "west": the region's loss takes it along.`,
        remedy: "Deploy Switchover to a third region, neither of the plan's sites.",
      },
    ]);
  });

  test('may be any other', () => {
    expect(witnessFindings(planOf(smallPlanText), 'westus2')).toEqual([]);
  });
});

describe('the watch', () => {
  const front = '{ id: front, uses: http, with: { url: "${site.url}" } }';
  const api = '{ id: api, uses: http, with: { url: "${site.url}" } }';
  const vault =
    '{ id: vault, uses: site-recovery, with: { vault: /subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v } }';
  const sql = '{ id: data, uses: sql, with: { server: "${site.server}", group: g } }';
  const page = '{ id: page, uses: alert, with: { rule: "*", confirmed: true } }';
  const alert = '{ id: alert, uses: alert, with: { rule: "*" } }';
  const watched = (signals: readonly string[], more = ''): string[] =>
    findingsOf(`${smallPlanText}watch:\n  signals: [${signals.join(', ')}]\n${more}`).filter(
      (line) => /watch|signals/i.test(line),
    );

  test.each<[signals: readonly string[], more: string, expected: RegExp | null]>([
    [[front, sql], '', null],
    [[front, sql, api], '  rule: { quorum: 3 }\n', /wants 3 .* look from 2: they never could/],
    [[front, alert], '', /cannot tell that from its own isolation/],
    [[front, page], '', null],
    [[front, vault], '', /look from 1/],
    [[page], '', null],
    [[front, api], '  rule: { quorum: 1 }\n', /cannot tell that from its own isolation/],
    [[sql], '  rule: { quorum: 1 }\n', /read every five minutes only/],
    [[front, sql], '  action: act\napprovals: { count: 1 }\n', /waits all the same/],
    [[front, sql], '  action: ask\napprovals: { count: 1 }\n', null],
  ])('with signals %j %s: %s', (signals, more, expected) => {
    const found = watched(signals, more);
    if (expected === null) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  });
});
