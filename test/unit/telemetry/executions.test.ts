import { describe, expect, it } from 'vitest';
import type { ExecutionRecord, ExecutionState } from '../../../src/core/execution.ts';
import type { LogEntry } from '../../../src/core/log.ts';
import type { AttemptRecord, StepRecord } from '../../../src/core/step.ts';
import type { Entry, Executions } from '../../../src/records/executions.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { toldExecutions } from '../../../src/telemetry/executions.ts';
import { kept } from '../../support/telling.ts';

const AT = '2026-11-21T10:00:00.000Z';
const SERVED = '2026-11-21T10:20:00.000Z';

function record(state: ExecutionState, more: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    ...{ id: 'e-1', plan: 'cafe', kind: 'failover', mode: 'planned', from: 'east', to: 'west' },
    ...{ requestedAt: AT, startedAt: AT, endedAt: AT, outcome: 'the words of the end' },
    state,
    ...more,
  } as unknown as ExecutionRecord;
}

function revision(
  before: ExecutionState,
  after: ExecutionState,
  more: Partial<ExecutionRecord> = {},
): Entry {
  return {
    header: {
      before: { value: record(before), version: '1' },
      after: record(after, more),
      events: [],
    },
  } as unknown as Entry;
}

/** The record of one execution, and what was told of what was written. */
function bench({ steps = [], fails = false }: { steps?: StepRecord[]; fails?: boolean } = {}) {
  const log: LogEntry[] = [];
  const written: Entry[] = [];
  const telemetry = kept();
  const executions = toldExecutions(
    {
      write: async (_id: string, _at: string, entry: Entry) => void written.push(entry),
      steps: async () => {
        if (fails) throw new Error('the store is away');
        return steps.map((value) => ({ value, version: '1' }));
      },
      attempts: async () => [],
      snapshot: async () => JSON.stringify({ objectives: { rtoSeconds: 900, rpoSeconds: 60 } }),
    } as unknown as Executions,
    { telemetry, clock: systemClock, log: (entry) => void log.push(entry) },
  );
  const write = async (entry: Entry): Promise<void> => {
    await executions.write('e-1', AT, entry);
    // What was begun beside it has come to its end when nothing is left to run.
    await new Promise(setImmediate);
  };
  return { ...telemetry, log, written, write };
}

describe('a trace', () => {
  it.each<[ExecutionState, ExecutionState, number]>([
    ['preflight', 'refused', 1],
    ['compensating', 'compensated', 1],
    ['running', 'paused', 0],
    ['succeeded', 'succeeded', 0],
  ])('from %s to %s: %i of them', async (before, after, expected) => {
    const { traces, written, write } = bench();
    await write(revision(before, after));
    expect([traces.length, written.length]).toEqual([expected, 1]);
  });

  it.each<[ExecutionState, string | undefined]>([
    ['succeeded', undefined],
    ['cancelled', undefined],
    // Its words may be somebody's, who gave up.
    ['failed', 'failed'],
    ['compensated', 'compensated'],
    ['refused', 'the words of the end'],
  ])('of one that is %s is marked as failed: %s', async (state, failure) => {
    const { traces, write } = bench();
    await write(revision('running', state));
    expect(traces[0]?.[0]?.failure).toBe(failure);
  });

  it.each([
    ['APPROVAL_REJECTED', 'APPROVAL_REJECTED'],
    ['VERIFY_FAILED', 'Ada rejected it: too late'],
  ])('of a step that failed with %s says %s', async (code, failure) => {
    const step = {
      ...{ id: 'ask', uses: 'control/approval', state: 'failed', startedAt: AT },
      error: { code, message: 'Ada rejected it: too late' },
    } as unknown as StepRecord;
    const { traces, write } = bench({ steps: [step] });
    await write(revision('running', 'failed'));
    expect(traces[0]?.[1]?.failure).toBe(failure);
  });

  it('has the same ids when it is sent twice', async () => {
    const { traces, write } = bench();
    await write(revision('running', 'succeeded'));
    await write(revision('running', 'succeeded'));
    expect(traces[1]).toEqual(traces[0]);
    expect(traces[0]?.[0]?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('that cannot be made is a line in the log, and nothing else', async () => {
    const { traces, log, written, write } = bench({ fails: true });
    await write(revision('running', 'succeeded'));
    expect([traces.length, written.length]).toEqual([0, 1]);
    expect(log[0]?.message).toContain('the store is away');
  });
});

describe('objectives', () => {
  const failover = ['cafe', 'failover', 'planned'];
  it.each<[string, Partial<ExecutionRecord>, unknown[]]>([
    ['met', { servedAgainAt: AT, dataLossSeconds: 60 }, ['met', 'met']],
    ['missed', { servedAgainAt: SERVED, dataLossSeconds: 61 }, ['missed', 'missed']],
    ['unknown', { dataLossSeconds: null }, ['unknown', 'unknown']],
  ])('are %s', async (_, more, [rto, rpo]) => {
    const { metrics, write } = bench();
    await write(revision('running', 'succeeded', more));
    expect(metrics).toEqual(
      expect.arrayContaining([
        ['switchover.recovery.objectives', 1, ...failover, 'rto', rto],
        ['switchover.recovery.objectives', 1, ...failover, 'rpo', rpo],
      ]),
    );
  });

  it.each<[string, Partial<ExecutionRecord>]>([
    ['was refused before it began', { startedAt: undefined as never }],
    ['tried without moving anything', { kind: 'drill', level: 'rehearsal' }],
  ])('are not told of what %s', async (_, more) => {
    const { metrics, write } = bench();
    await write(revision('running', 'failed', more));
    expect(JSON.stringify(metrics)).not.toContain('recovery');
    expect(JSON.stringify(metrics)).toContain('switchover.execution.duration');
  });
});

describe('a call', () => {
  const attempt = (outcome: AttemptRecord['outcome']): AttemptRecord =>
    ({ call: 'failover', direction: 'forward', outcome }) as unknown as AttemptRecord;
  const answered = (
    before: AttemptRecord['outcome'],
    after: AttemptRecord['outcome'],
  ): Entry['attempts'] =>
    [{ before: { value: attempt(before), version: '1' }, after: attempt(after) }] as never;

  it.each<[string, readonly string[], Entry]>([
    ['is sent', [], { newAttempts: [attempt('unanswered')] }],
    ['is answered', ['accepted'], { attempts: answered('unanswered', 'accepted')! }],
    ['is resolved by looking', ['resolved'], { attempts: answered('unanswered', 'resolved')! }],
    ['is seen to have ended', [], { attempts: answered('accepted', 'accepted')! }],
  ])('that %s counts as %j', async (_, outcomes, entry) => {
    const { metrics, write } = bench();
    await write(entry);
    expect(metrics).toEqual(
      outcomes.map((one) => ['switchover.call.outcomes', 1, 'failover', 'forward', one]),
    );
  });
});
