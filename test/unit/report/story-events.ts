import { instant } from '../../../src/core/clock.ts';
import { EXECUTION_STREAM, stepStream } from '../../../src/core/events.ts';
import type { Happening } from '../../../src/core/events.ts';
import type { Fencing } from '../../../src/core/execution.ts';
import type { Principal } from '../../../src/core/principal.ts';
import { planHash } from '../../../src/plan/hash.ts';
import { plan } from './story-plan.ts';

const BEGIN = Date.parse('2026-03-02T03:00:00.000Z');
/** Seconds after three in the morning. */
export const at = (seconds: number): string => instant(BEGIN + seconds * 1000);

export const ada: Principal = {
  id: 'ada@example.com',
  name: 'Ada',
  kind: 'person',
  roles: ['Operator'],
};
export const ben: Principal = {
  id: 'ben@example.com',
  name: 'Ben',
  kind: 'person',
  roles: ['Approver'],
};

export const fencing: Fencing = {
  state: 'presumed',
  at: at(185),
  observers: [
    { observer: 'Resource Manager', sees: 'no answer', down: true },
    { observer: 'Traffic Manager', sees: 'Degraded', down: true },
  ],
};

type Telling = readonly [stream: string, seconds: number, happening: Happening];

const ofCall = (name: string, call: string) =>
  ({ step: name, direction: 'forward', call, attempt: 1 }) as const;

const began = (name: string, uses: string, sentence: string): Happening => ({
  type: 'step-began',
  data: { step: name, uses, run: 1, attempt: 1, mode: 'unplanned', sentence, undo: 'safe' },
});

const done = (
  name: string,
  seconds: number,
  azureSeconds: number,
  sentence: string,
): Happening => ({
  type: 'step-done',
  data: { step: name, sentence, proof: { seen: true }, seconds, azureSeconds },
});

const stage = (type: 'stage-began' | 'stage-ended', index: number): Happening => {
  const { name, steps } = plan.stages[index]!;
  const common = { stage: index, name, direction: 'forward' } as const;
  return type === 'stage-began'
    ? { type, data: { ...common, steps: steps.map((one) => one.id) } }
    : { type, data: { ...common, outcome: 'done' } };
};

const X = EXECUTION_STREAM;
const [CLOSE, STOP, DATABASE, TRAFFIC, COFFEE] = [
  'close',
  'stop',
  'database',
  'traffic',
  'coffee',
].map(stepStream) as [string, string, string, string, string];

/** East is dead at 3 a.m.; one answer is lost, a person accepts the data loss, and the café is served from west. */
export const telling: readonly Telling[] = [
  [
    X,
    60,
    {
      type: 'execution-requested',
      data: {
        execution: 'fo-1',
        plan: 'cafe',
        planHash: planHash(plan),
        kind: 'failover',
        mode: 'unplanned',
        from: 'east',
        to: 'west',
        reason: 'East US is down',
        by: ada,
        token: 7,
        firstBadAt: at(0),
      },
    },
  ],
  [X, 62, { type: 'preflight-passed', data: { findings: [] } }],
  [X, 62, stage('stage-began', 0)],
  [CLOSE, 62, began('close', 'traffic-manager/switch', 'disables the endpoint of east')],
  [
    CLOSE,
    63,
    {
      type: 'call-sent',
      data: {
        ...ofCall('close', 'disable:east'),
        token: 7,
        sentence: 'PATCH endpoint east to Disabled',
      },
    },
  ],
  [
    CLOSE,
    64,
    {
      type: 'call-answered',
      data: { ...ofCall('close', 'disable:east'), status: 200, correlationId: 'c-1' },
    },
  ],
  [CLOSE, 65, done('close', 3, 2, 'endpoint east is disabled')],
  [STOP, 62, began('stop', 'vm/stop', 'deallocates 1 machine')],
  [
    STOP,
    63,
    {
      type: 'call-sent',
      data: { ...ofCall('stop', 'deallocate:vm'), token: 7, sentence: 'POST deallocate to vm' },
    },
  ],
  [
    STOP,
    93,
    {
      type: 'call-lost',
      data: { ...ofCall('stop', 'deallocate:vm'), code: 'TIMEOUT', message: 'no answer' },
    },
  ],
  [
    STOP,
    182,
    {
      type: 'step-failed',
      data: { step: 'stop', code: 'UNREACHABLE', message: 'East US | does not <answer>' },
    },
  ],
  [X, 183, stage('stage-ended', 0)],
  [X, 183, { type: 'heads-anchored', data: { anchor: 5, heads: {} } }],
  [X, 183, stage('stage-began', 1)],
  [DATABASE, 184, began('database', 'sql/failover-group', 'makes west the primary')],
  [DATABASE, 185, { type: 'fencing-assessed', data: fencing }],
  [
    DATABASE,
    186,
    {
      type: 'asked',
      data: { acceptance: 'data-loss', sentence: '400 s may be lost', step: 'database' },
    },
  ],
  [
    X,
    187,
    {
      type: 'paused',
      data: {
        why: 'Data may be lost.',
        step: 'database',
        choices: [{ command: 'accept', does: 'forces the failover' }],
      },
    },
  ],
  [X, 220, { type: 'reminded', data: { reminder: 1, why: 'Data may be lost.' } }],
  [
    'operator',
    240,
    {
      type: 'command-received',
      data: {
        sequence: 1,
        command: 'accept',
        accept: 'data-loss',
        reason: 'Orders can be entered again',
        by: ben,
      },
    },
  ],
  [
    X,
    241,
    {
      type: 'accepted',
      data: { acceptance: 'data-loss', by: ben, reason: 'Orders can be entered again' },
    },
  ],
  [X, 241, { type: 'command-carried-out', data: { sequence: 1, command: 'accept' } }],
  [
    DATABASE,
    242,
    {
      type: 'call-sent',
      data: {
        ...ofCall('database', 'force'),
        token: 7,
        sentence: 'POST forceFailoverAllowDataLoss to sql-west',
      },
    },
  ],
  [
    DATABASE,
    243,
    {
      type: 'call-answered',
      data: { ...ofCall('database', 'force'), status: 202, correlationId: 'c-2' },
    },
  ],
  [DATABASE, 302, done('database', 118, 60, 'sql-west is primary')],
  [
    X,
    303,
    { type: 'data-loss-stated', data: { seconds: 400, basis: 'database: last sample 340 s old' } },
  ],
  [X, 303, stage('stage-ended', 1)],
  [X, 303, { type: 'heads-anchored', data: { anchor: 12, heads: {} } }],
  [X, 303, stage('stage-began', 2)],
  [
    TRAFFIC,
    304,
    {
      type: 'step-satisfied',
      data: { step: 'traffic', sentence: 'endpoint west is enabled already' },
    },
  ],
  [COFFEE, 304, began('coffee', 'validate/http', 'orders a coffee')],
  [COFFEE, 320, done('coffee', 16, 12, 'a coffee was served')],
  [X, 321, { type: 'served-again', data: { site: 'west', url: plan.publicUrl, at: at(320) } }],
  [X, 321, stage('stage-ended', 2)],
  [
    X,
    321,
    { type: 'execution-ended', data: { state: 'succeeded', outcome: 'cafe serves from west.' } },
  ],
];
