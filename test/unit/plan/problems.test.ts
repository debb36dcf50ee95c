import { describe, expect, test } from 'vitest';
import { edit, ownFailback, problemsOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

/** What is changed in a plan that is in order, and everything that is then said of it. */
interface Case {
  readonly what: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
  readonly says: readonly string[];
  readonly text?: string;
}

const cases: Readonly<Record<string, readonly Case[]>> = {
  YAML: [
    {
      what: 'a key given twice',
      changes: [['dnsTtl: 30s', 'dnsTtl: 30s\nhome: west']],
      says: ['small.yaml:38:1: this is not valid YAML: Map keys must be unique'],
    },
    {
      what: 'an unquoted template in a flow mapping',
      changes: [['machines: "${from.machines}" }', 'machines: ${from.machines} }']],
      says: [
        'small.yaml:44:28: this is not valid YAML: Unexpected flow-map-start at node end. A template inside { } or [ ] must be quoted: "${from.name}"',
      ],
    },
    {
      what: 'a second document',
      changes: [['version: 1', 'version: 1\n---']],
      says: ['small.yaml:2:1: a plan is one YAML document: "---" begins another one here'],
    },
    {
      what: 'a number that JSON does not know',
      changes: [['weight: 3', 'weight: .nan']],
      says: [
        'small.yaml:16:15: sites.east.resources.weight: expected a number that JSON knows, found NaN',
      ],
    },
    {
      what: 'an unknown tag',
      changes: [['weight: 3', 'weight: !secret 3']],
      says: ['small.yaml:16:15: this is not valid YAML: Unresolved tag: !secret'],
    },
  ],
  shape: [
    {
      what: 'a missing key',
      changes: [['home: east\n', '']],
      says: [
        'small.yaml:1:1: home: expected a name of lower-case letters, digits and dashes that begins with a letter, but it is missing',
      ],
    },
    {
      what: 'a value of the wrong type',
      changes: [['name: small', 'name: 5']],
      says: [
        'small.yaml:2:7: name: expected a name of lower-case letters, digits and dashes that begins with a letter, found 5',
      ],
    },
    {
      what: 'a name that is none',
      changes: [['name: small', 'name: Small Plan']],
      says: [
        'small.yaml:2:7: name: expected a name of lower-case letters, digits and dashes that begins with a letter, found "Small Plan"',
      ],
    },
    {
      what: 'an unknown key',
      changes: [['standby: cold', 'standby: cold\n    sandby: hot']],
      says: [
        'small.yaml:9:5: sites.east.sandby: unknown key "sandby": expected region, standby, resources. Did you mean "standby"?',
      ],
    },
    {
      what: 'an unknown word',
      changes: [['standby: cold', 'standby: cool']],
      says: [
        'small.yaml:8:14: sites.east.standby: expected one of "cold", "warm", "hot", found "cool"',
      ],
    },
    {
      what: 'a near miss of a word',
      changes: [['when: unplanned', 'when: unplaned']],
      says: [
        'small.yaml:43:15: stages[0].steps[0].when: expected one of "always", "planned", "unplanned", found "unplaned". Did you mean "unplanned"?',
      ],
    },
    {
      what: 'text that is no duration',
      changes: [['rto: 10m', 'rto: 10 minutes']],
      says: [
        'small.yaml:28:20: objectives.rto: expected a duration such as 90s, 30m or 1h30m, found "10 minutes"',
      ],
    },
    {
      what: 'a missing duration',
      changes: [['rto: 10m, ', '']],
      says: [
        'small.yaml:28:13: objectives.rto: expected a duration such as 90s, 30m or 1h30m, but it is missing',
      ],
    },
    {
      what: 'a duration of nothing',
      changes: [['rto: 10m', 'rto: 0s']],
      says: ['small.yaml:28:20: objectives.rto: expected more than 0s, found "0s"'],
    },
    {
      what: 'an endless duration',
      changes: [['rto: 10m', 'rto: 400d']],
      says: ['small.yaml:28:20: objectives.rto: expected at most 366d, found "400d"'],
    },
    {
      what: 'another version',
      changes: [['version: 1', 'version: 2']],
      says: ['small.yaml:1:10: version: expected 1, found 2'],
    },
    {
      what: `a region's display name`,
      changes: [['region: eastus', 'region: East US']],
      says: [
        `small.yaml:7:13: sites.east.region: expected an Azure region's programmatic name such as eastus, or on-premises:NAME, found "East US"`,
      ],
    },
    {
      what: 'an address that is not of the web',
      changes: [['publicUrl: http://small.example/', 'publicUrl: ftp://small.example/']],
      says: [
        'small.yaml:4:12: publicUrl: expected an http or https URL, found "ftp://small.example/"',
      ],
    },
    {
      what: 'a stage without steps',
      changes: [
        [
          '    steps:\n      - id: stop\n        uses: vm/stop\n        when: unplanned\n        with: { machines: "${from.machines}" }\n',
          '    steps: []\n',
        ],
      ],
      says: ['small.yaml:40:12: stages[0].steps: expected at least 1 item, found an empty list'],
    },
    {
      what: 'numbers out of range',
      changes: [
        ['when: unplanned', 'when: unplanned\n        retry: { attempts: 1.5, factor: 50 }'],
      ],
      says: [
        'small.yaml:44:28: stages[0].steps[0].retry.attempts: expected a whole number, found 1.5',
        'small.yaml:44:41: stages[0].steps[0].retry.factor: expected at most 10, found 50',
      ],
    },
  ],
  sites: [
    {
      what: 'one site',
      text: smallPlanText.replace(/ {2}west:\n(?: {4}.*\n)+/, ''),
      changes: [],
      says: ['small.yaml:5:1: sites: expected exactly two sites, found east'],
    },
    {
      what: 'three sites',
      changes: [
        ['objectives:', '  north: { region: northus, standby: hot, resources: {} }\nobjectives:'],
      ],
      says: ['small.yaml:5:1: sites: expected exactly two sites, found east, west, north'],
    },
    {
      what: 'a home that is no site',
      changes: [['home: east', 'home: eats']],
      says: [
        'small.yaml:3:7: home: expected one of the sites east, west, found "eats". Did you mean "east"?',
      ],
    },
    {
      what: 'a site with a word of templates for a name',
      changes: [['  west:', '  to:']],
      says: [
        'small.yaml:17:3: sites.to: a site cannot be called "to": templates use the word',
        'small.yaml:32:17: dataLoss.databases[0].database: the database of site "to" is missing',
        'small.yaml:32:45: dataLoss.databases[0].database.west: unknown site "west": expected east, to',
        'small.yaml:32:51: dataLoss.databases[0].database.west: unknown name "west" in ${west.database}: expected east, to',
      ],
    },
  ],
  steps: [
    {
      what: 'a repeated id',
      changes: [['id: address', 'id: database']],
      says: [
        'small.yaml:52:13: stages[2].steps[0].id: step id "database" is already that of stages[1].steps[0]',
      ],
    },
    {
      what: 'an unknown kind',
      changes: [['uses: vm/stop', 'uses: vm/stpo']],
      says: [
        'small.yaml:42:15: stages[0].steps[0].uses: unknown kind of step "vm/stpo": expected vm/stop, sql/failover-group, site-recovery/failover, site-recovery/commit, network/public-ip, traffic-manager/switch, validate/sql, validate/dns, validate/http, control/wait. Did you mean "vm/stop"?',
      ],
    },
    {
      what: 'a misspelt setting',
      changes: [['group: fg', 'gruop: fg']],
      says: [
        'small.yaml:49:15: stages[1].steps[0].with.group: expected text, but it is missing',
        'small.yaml:49:17: stages[1].steps[0].with.gruop: unknown key "gruop": expected group, from, to. Did you mean "group"?',
      ],
    },
    {
      what: 'a missing setting',
      changes: [['group: fg, ', '']],
      says: ['small.yaml:49:15: stages[1].steps[0].with.group: expected text, but it is missing'],
    },
    {
      what: 'a setting of the wrong type',
      changes: [['expect: { status: 200 }', 'expect: { status: ok }']],
      says: [
        'small.yaml:72:33: stages[3].steps[0].with.requests[1].expect.status: expected a number, found "ok"',
      ],
    },
    {
      what: 'a setting that is wrong in each direction for another reason',
      changes: [
        [
          'server: /subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west',
          'server: sql-west',
        ],
      ],
      says: [
        'small.yaml:49:34: stages[1].steps[0].with.from: expected a resource id (from west to east)',
        'small.yaml:49:56: stages[1].steps[0].with.to: expected a resource id (from east to west)',
      ],
    },
    {
      what: 'settings of no alternative',
      changes: [['with: { for: 1m }', 'with: { fro: 1m }']],
      says: [
        'small.yaml:91:17: failback.stages[0].steps[0].with.for: expected text, but it is missing',
        'small.yaml:91:19: failback.stages[0].steps[0].with.fro: unknown key "fro": expected for. Did you mean "for"?',
      ],
      text: smallPlanText + ownFailback,
    },
    {
      what: 'settings nearest to one alternative',
      changes: [['with: { for: 1m }', 'with: { until: { hour: x } }']],
      says: [
        'small.yaml:91:34: failback.stages[0].steps[0].with.until.hour: expected a number, found "x"',
      ],
      text: smallPlanText + ownFailback,
    },
  ],
  templates: [
    {
      what: 'an unknown first word',
      changes: [['${from.endpoint}', '${form.endpoint}']],
      says: [
        'small.yaml:80:17: stages[4].steps[0].with.from: unknown name "form" in ${form.endpoint}: expected from, to, execution, captured. Did you mean "from"?',
      ],
    },
    {
      what: 'a name that neither site has',
      changes: [['${from.endpoint}', '${from.endpont}']],
      says: [
        'small.yaml:80:17: stages[4].steps[0].with.from: unknown name "endpont" in ${from.endpont}: from has no such name. Did you mean "endpoint"?',
      ],
    },
    {
      what: 'a name that one site has',
      changes: [['      url: http://west.example/\n', '']],
      says: [
        'small.yaml:34:13: fencing.probeUrl: unknown name "url" in ${from.url}: from has no such name (from west to east)',
        'small.yaml:65:20: stages[3].steps[0].with.requests[0].url: unknown name "url" in ${to.url}: to has no such name (from east to west)',
        'small.yaml:70:20: stages[3].steps[0].with.requests[1].url: unknown name "url" in ${to.url}: to has no such name (from east to west)',
      ],
    },
    {
      what: 'a list inside a text',
      changes: [['${to.url}items', '${to.machines}items']],
      says: [
        'small.yaml:71:20: stages[3].steps[0].with.requests[1].url: ${to.machines} is a list: it must stand alone, not inside a longer text',
      ],
    },
    {
      what: 'a template without an end',
      changes: [['${to.url}items/${captured.id}', '${to.url']],
      says: [
        'small.yaml:71:20: stages[3].steps[0].with.requests[1].url: "${to.url" begins a template that does not end: "}" is missing',
      ],
    },
    {
      what: 'a template that is none',
      changes: [['${from.endpoint}', '${from endpoint}']],
      says: [
        'small.yaml:80:17: stages[4].steps[0].with.from: expected a template such as ${from.name}, found ${from endpoint}',
      ],
    },
    {
      what: 'a capture that is not made',
      changes: [['${captured.id}', '${captured.it}']],
      says: [
        'small.yaml:71:20: stages[3].steps[0].with.requests[1].url: unknown name "it" in ${captured.it}: no request of this step captures it. Did you mean "id"?',
      ],
    },
    {
      what: 'templates where nothing closes them',
      changes: [
        ['name: close', 'name: ${from.name}'],
        ['endpoint: eastEndpoint', 'endpoint: ${to.endpoint}'],
      ],
      says: [
        `small.yaml:13:17: sites.east.resources.endpoint: templates are not replaced here, only in settings of steps and signals, in fencing and in dataLoss.databases; found "\${to.endpoint}"`,
        `small.yaml:39:11: stages[0].name: templates are not replaced here, only in settings of steps and signals, in fencing and in dataLoss.databases; found "\${from.name}"`,
      ],
    },
  ],
  'fencing and databases': [
    {
      what: 'machines that are no list',
      changes: [['machines: ${from.machines}\n', 'machines: ${from.weight}\n']],
      says: [
        'small.yaml:34:13: fencing.machines: expected a list or text, found 3 (from east to west)',
        'small.yaml:34:13: fencing.machines: expected a list or text, found 5 (from west to east)',
      ],
    },
    {
      what: 'a word that fencing does not know',
      changes: [['probeUrl: ${from.url}', 'probeUrl: ${execution.id}']],
      says: [
        'small.yaml:35:13: fencing.probeUrl: unknown name "execution" in ${execution.id}: expected from, to',
      ],
    },
    {
      what: 'a database of an unknown site',
      changes: [['east: "${east.database}"', 'esat: "${east.database}"']],
      says: [
        'small.yaml:32:17: dataLoss.databases[0].database: the database of site "east" is missing',
        'small.yaml:32:19: dataLoss.databases[0].database.esat: unknown site "esat": expected east, west. Did you mean "east"?',
      ],
    },
    {
      what: 'a database that is no resource',
      changes: [['east: "${east.database}"', 'east: "${east.url}"']],
      says: [
        `small.yaml:32:25: dataLoss.databases[0].database.east: expected a database's resource id, found "http://east.example/"`,
      ],
    },
    {
      what: 'a database by direction',
      changes: [['east: "${east.database}"', 'east: "${from.database}"']],
      says: [
        'small.yaml:32:25: dataLoss.databases[0].database.east: unknown name "from" in ${from.database}: expected east, west',
      ],
    },
  ],
  'everything at once': [
    {
      what: 'mistakes in several places',
      changes: [
        ['home: east', 'home: eats'],
        ['rto: 10m', 'rto: x'],
        ['uses: vm/stop', 'uses: vm/stpo'],
        ['${from.endpoint}', '${from.endpont}'],
      ],
      says: [
        'small.yaml:3:7: home: expected one of the sites east, west, found "eats". Did you mean "east"?',
        'small.yaml:28:20: objectives.rto: expected a duration such as 90s, 30m or 1h30m, found "x"',
        'small.yaml:42:15: stages[0].steps[0].uses: unknown kind of step "vm/stpo": expected vm/stop, sql/failover-group, site-recovery/failover, site-recovery/commit, network/public-ip, traffic-manager/switch, validate/sql, validate/dns, validate/http, control/wait. Did you mean "vm/stop"?',
        'small.yaml:80:17: stages[4].steps[0].with.from: unknown name "endpont" in ${from.endpont}: from has no such name. Did you mean "endpoint"?',
      ],
    },
  ],
};

test('a plan in order has no problems', () => {
  expect(problemsOf(smallPlanText)).toBe('');
  expect(problemsOf(smallPlanText + ownFailback)).toBe('');
});

describe.each(Object.entries(cases))('problems of %s', (_, group) => {
  test.each(group)('$what', ({ text = smallPlanText, changes, says }) => {
    expect(problemsOf(edit(text, ...changes)).split('\n')).toEqual(says);
  });
});

test.each([
  { what: 'nothing', text: '', says: 'small.yaml:1:1: expected a mapping, found nothing (null)' },
  { what: 'a word', text: 'hello', says: 'small.yaml:1:1: expected a mapping, found "hello"' },
  { what: 'a list', text: '- a', says: 'small.yaml:1:1: expected a mapping, found a list' },
  {
    what: 'a tab',
    text: '\ta: b',
    says: 'small.yaml:1:1: this is not valid YAML: Tabs are not allowed as indentation',
  },
  {
    what: 'a mapping that holds itself',
    text: 'a: &a [*a]',
    says: 'small.yaml:1:8: a[0][0]: this is nested more than 64 levels deep',
  },
  {
    what: 'aliases of aliases of aliases',
    text: [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...nineTimes('b', 'a'),
      ...nineTimes('c', 'b'),
      ...nineTimes('d', 'c'),
    ].join('\n'),
    says: 'small.yaml:1:1: this YAML cannot be read: Excessive alias count indicates a resource exhaustion attack',
  },
])('a file that holds $what', ({ text, says }) => {
  expect(problemsOf(text)).toBe(says);
});

test('nesting deeper than the stack is a problem, not a crash', () => {
  expect(problemsOf('['.repeat(20_000))).toMatch(/^small\.yaml:1:\d+: this/);
});

function nineTimes(name: string, of: string): string[] {
  return [`${name}: &${name} [${Array.from({ length: 9 }, () => `*${of}`).join(',')}]`];
}
