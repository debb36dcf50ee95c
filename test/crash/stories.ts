import { readFile } from 'node:fs/promises';
import type { DrillLevel, Kind, Mode } from '../../src/core/execution.ts';
import { HOOKS_HOST } from './hooks.ts';

/** One execution, from what begins it to how it ends. Together they pass the boundaries of every kind of step. */
export interface Story {
  readonly name: string;
  /** File of the one plan that the app knows. */
  readonly file: string;
  readonly edit?: (text: string) => string;
  /** Null: the watch begins it. */
  readonly start: { readonly kind: Kind; readonly mode: Mode; readonly level?: DrillLevel } | null;
  /** The home region is lost before it begins. */
  readonly outage?: true;
  /** This step fails, so that the run turns round. */
  readonly fail?: string;
  /** Who agrees when it waits for somebody. */
  readonly people?: readonly string[];
  readonly ends: string;
  /** Changes that a death may add or leave out. */
  readonly differs?: RegExp;
}

const CAFE = { file: 'plans/websphere-cafe.yaml', edit: unwatched } as const;
const PLANNED = { kind: 'failover', mode: 'planned' } as const;
/**
 * The one try to stop a dead side may be the one that died with the process; its failure is not the run's. A planned
 * move that Azure rolled back unseen is tried again: it had no effect.
 */
const UNPLANNED_DIFFERS = /deallocate of machine|: planned failover of/;

export const STORIES: readonly Story[] = [
  { ...CAFE, name: 'a planned failover', start: PLANNED, ends: 'succeeded' },
  {
    ...CAFE,
    name: 'an undone failover',
    edit: (text) => inVain(unwatched(text)),
    start: PLANNED,
    fail: 'coffee',
    ends: 'compensated',
  },
  {
    ...CAFE,
    name: 'an unplanned failover',
    start: { kind: 'failover', mode: 'unplanned' },
    outage: true,
    ends: 'succeeded',
    differs: UNPLANNED_DIFFERS,
  },
  {
    ...CAFE,
    name: 'a failover that the watch begins',
    edit: (text) => text.replace(/^( +action:) ask$/m, '$1 act'),
    start: null,
    outage: true,
    ends: 'succeeded',
    differs: UNPLANNED_DIFFERS,
  },
  {
    ...CAFE,
    name: 'a rehearsal',
    start: { kind: 'drill', mode: 'planned', level: 'rehearsal' },
    ends: 'succeeded',
  },
  {
    name: 'a question to two people',
    file: 'test/fixtures/plans/approved.yaml',
    start: PLANNED,
    people: ['approver', 'second-approver'],
    ends: 'succeeded',
  },
  {
    name: 'an undone operation of the REST reference',
    file: 'test/fixtures/plans/rest.yaml',
    edit: (text) => provesInVain(startsAgain(text)),
    start: PLANNED,
    ends: 'compensated',
  },
  {
    name: 'an undone webhook',
    file: 'test/fixtures/plans/webhook.yaml',
    edit: (text) => provesInVain(overHooks(text)),
    start: PLANNED,
    ends: 'compensated',
  },
];

export function storiesNamed(text: string): readonly Story[] {
  return STORIES.filter(({ name }) => name.includes(text));
}

export async function planOf({ file, edit = (text) => text }: Story): Promise<string> {
  return edit(await readFile(file, 'utf8'));
}

/** People begin these: nothing else may. */
function unwatched(text: string): string {
  return text.replace(/^watch:\n(?:[ \t].*\n|\n)*/m, '');
}

/** What cannot be proved is not tried for long. */
function inVain(text: string): string {
  return text.replace(/(?<=id: coffee\n[^]*?timeout: )5m/, '20s');
}

/** The receiver behind the proxy has no certificate of its own. */
function overHooks(text: string): string {
  return text
    .replaceAll('https://hooks.example', `http://${HOOKS_HOST}`)
    .replace(/^( +)closesApplication:/m, '$1allowHttp: true\n$1closesApplication:');
}

/** What was stopped by REST is started by the kind of step that is made for it. */
function startsAgain(text: string): string {
  return text.replace(
    /^ {2}- name: prove it\n/m,
    `  - name: start again
    steps:
      - id: start
        uses: vm/start
        with: { machines: ['\${from.machine}'] }
        timeout: 5m
$&`,
  );
}

/** Its last proof never holds, so that what was done is undone. */
function provesInVain(text: string): string {
  return text.replace(
    /^ {2}- name: prove it\n[^]*/m,
    `  - name: prove it
    steps:
      - id: other-site
        uses: validate/http
        with:
          requests:
            - name: the other site
              url: http://ihs-cafe.westus.cloudapp.azure.com/websphere-cafe/
              expect: { status: 200 }
        timeout: 20s
`,
  );
}
