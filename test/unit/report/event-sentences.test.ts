import { expect, test } from 'vitest';
import { eventSentence } from '../../../src/core/events.ts';
import type { Happening } from '../../../src/core/events.ts';
import { SYSTEM } from '../../../src/core/principal.ts';

const finding = {
  severity: 'critical',
  resource: 'vm',
  problem: 'vm is gone',
  remedy: 'restore it',
} as const;
const call = { step: 'database', direction: 'forward', call: 'failover', attempt: 2 } as const;
const operation = { call: 'failover', name: 'job 7', startedAt: '2026-03-02T03:00:00.000Z' };

test.each<[Happening, string]>([
  [
    {
      type: 'notified',
      data: { notification: 'on-call', what: 'paused', outcome: 'delivered', attempts: 2 },
    },
    'on-call was told (paused) at attempt 2',
  ],
  [
    {
      type: 'notified',
      data: {
        notification: 'on-call',
        what: 'ended',
        outcome: 'failed',
        attempts: 1,
        why: 'ON_CALL answered 404',
      },
    },
    'on-call could not be told (ended) in 1 attempt: ON_CALL answered 404',
  ],
  [
    { type: 'execution-refused', data: { why: 'vm is gone', findings: [finding] } },
    'Refused: vm is gone',
  ],
  [
    { type: 'preflight-passed', data: { findings: [finding] } },
    'Preflight passed with 1 finding: vm is gone',
  ],
  [
    {
      type: 'drill-reported',
      data: {
        level: 'dry-run',
        findings: [finding, { ...finding, severity: 'info', problem: 'vm is old' }],
        changes: [{ step: 'a', resource: 'vm', now: 'running', then: 'deallocated' }],
        cut: { findings: 1, changes: 2, whole: 'x/drill.json' },
      },
    },
    'The dry-run found 1 problem: vm is gone. 2 more findings. 3 resources would change.',
  ],
  [
    { type: 'drill-reported', data: { level: 'validate', findings: [], changes: [] } },
    'The validate found no problem.',
  ],
  [
    { type: 'stage-began', data: { stage: 1, name: 'data', direction: 'undo', steps: ['a', 'b'] } },
    'Undoing stage "data" began: a, b',
  ],
  [
    {
      type: 'step-began',
      data: {
        step: 'a',
        uses: 'vm/stop',
        run: 2,
        attempt: 4,
        mode: 'planned',
        sentence: 'stops vm',
        undo: 'safe',
      },
    },
    'a began (run 2, attempt 4): stops vm',
  ],
  [
    {
      type: 'observed',
      data: { step: 'a', direction: 'forward', goal: 'unmet', sentence: 'vm runs', facts: {} },
    },
    'a looked: vm runs',
  ],
  [
    { type: 'call-answered', data: { ...call, status: 202, operation } },
    'database: failover was answered with 202; job 7 runs',
  ],
  [
    { type: 'call-resolved', data: { ...call, effect: true, resolution: 'west is primary' } },
    'database: the unanswered failover had its effect: west is primary',
  ],
  [
    { type: 'call-resolved', data: { ...call, effect: false, resolution: 'east is primary' } },
    'database: the unanswered failover had no effect: east is primary',
  ],
  [
    {
      type: 'call-refused',
      data: { ...call, code: 'Busy', message: 'try later', transient: true },
    },
    'database: failover was refused (Busy): try later',
  ],
  [
    {
      type: 'operation-progressed',
      data: { step: 'a', direction: 'forward', call: 'c', percent: 33.4, sentence: 'replicating' },
    },
    'a: replicating (33 %)',
  ],
  [
    {
      type: 'operation-ended',
      data: {
        step: 'a',
        direction: 'forward',
        call: 'c',
        name: 'job 7',
        outcome: 'failed',
        sentence: 'disk full',
      },
    },
    'a: job 7 failed: disk full',
  ],
  [
    { type: 'step-retried', data: { step: 'a', attempt: 3, delaySeconds: 90 } },
    'a is tried again in 1 min 30 s (attempt 3)',
  ],
  [
    { type: 'step-skipped', data: { step: 'a', by: SYSTEM, reason: 'planned only' } },
    'Switchover skipped a: planned only',
  ],
  [
    { type: 'undo-began', data: { step: 'a', safety: 'degrading', sentence: 'starts vm' } },
    'Undoing a began (degrading): starts vm',
  ],
  [
    { type: 'step-undone', data: { step: 'a', sentence: 'vm runs', proof: {}, seconds: 30 } },
    'a is undone after 30 s: vm runs',
  ],
  [
    { type: 'undo-failed', data: { step: 'a', code: 'Gone', message: 'vm is gone' } },
    'Undoing a failed (Gone): vm is gone',
  ],
  [
    { type: 'lag-known', data: { boundSeconds: null } },
    'The replication lag is unknown: there is no sample.',
  ],
  [
    { type: 'lag-known', data: { boundSeconds: 65 } },
    'At most 1 min 5 s of data may not have reached the other side.',
  ],
  [
    { type: 'data-loss-stated', data: { seconds: 0, basis: 'planned' } },
    'No data was lost: planned',
  ],
  [
    { type: 'data-loss-stated', data: { seconds: null, basis: 'no sample' } },
    'The data loss is unknown: no sample',
  ],
  [
    {
      type: 'detected',
      data: {
        site: 'east',
        at: '2026-03-02T03:01:30.000Z',
        firstBadAt: '2026-03-02T03:00:30.000Z',
        sentence: 'east has failed.',
        because: ['front at east: bad 3 times since 03:00:30 (status 503)'],
      },
    },
    'The watch saw the first sign at 2026-03-02T03:00:30.000Z and was sure at 2026-03-02T03:01:30.000Z: east has failed.',
  ],
  [
    {
      type: 'restraint-changed',
      data: { what: 'hold-lifted', by: SYSTEM, at: '2026-03-02T03:00:00.000Z', reason: 'done' },
    },
    'Switchover let things start by themselves again at 2026-03-02T03:00:00.000Z: done',
  ],
  [
    { type: 'approval-awaited', data: { needed: 2, expiresAt: '2026-03-02T04:00:00.000Z' } },
    'Waits for 2 approvals until 2026-03-02T04:00:00.000Z',
  ],
  [
    {
      type: 'command-received',
      data: { sequence: 2, command: 'cancel', then: 'compensate', reason: 'no', by: SYSTEM },
    },
    'Switchover ordered cancel, then compensate: no',
  ],
  [
    {
      type: 'command-refused',
      data: { sequence: 2, command: 'skip', step: 'a', why: 'a has ended' },
    },
    'Order 2 (skip a) was refused: a has ended',
  ],
  [
    {
      type: 'mode-changed',
      data: { from: 'planned', to: 'unplanned', by: SYSTEM, reason: 'east is dead' },
    },
    'Switchover changed the execution from planned to unplanned: east is dead',
  ],
  [
    { type: 'silence-noticed', data: { expectedAt: '2026-03-02T03:00:00.000Z', seconds: 3600 } },
    'Nothing was heard of this execution for 1 h; everything is looked at again before anything is done',
  ],
  [
    { type: 'fault-met', data: { step: 'database', tries: 2, message: 'x is undefined' } },
    'Switchover broke on database (try 2): x is undefined',
  ],
  [
    { type: 'fault-met', data: { tries: 5, message: 'x is undefined' } },
    'Switchover broke on deciding what comes next (try 5): x is undefined',
  ],
  [
    { type: 'lock-lost', data: { token: 7, holder: 'fo-2' } },
    'The lock is no longer ours (token 7); fo-2 holds it. Nothing more is sent.',
  ],
  [
    {
      type: 'orchestrator-lost',
      data: { lastSeenAt: '2026-03-02T03:00:00.000Z', status: 'Terminated' },
    },
    'The orchestration is gone (Terminated, last seen 2026-03-02T03:00:00.000Z)',
  ],
])('$type reads as a sentence', (event, sentence) => {
  expect(eventSentence(event)).toBe(sentence);
});
