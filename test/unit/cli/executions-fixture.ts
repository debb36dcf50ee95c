import { GENESIS } from '../../../src/core/execution.ts';
import type { StepRecord, StepState } from '../../../src/core/step.ts';
import type { RecordedEvent } from '../../../src/core/events.ts';
import type { ExecutionDetail } from '../../../src/functions/services.ts';
import { EXECUTION } from '../functions/services.ts';

export function step(
  id: string,
  state: StepState,
  stage: number,
  more: Partial<StepRecord> = {},
): StepRecord {
  return {
    id,
    uses: 'sql/failover-group',
    stage,
    state,
    direction: 'forward',
    run: 1,
    attempt: 1,
    triesLeft: 0,
    adopted: false,
    touched: false,
    operations: [],
    sentence: '',
    undo: 'safe',
    head: GENESIS,
    ...more,
  };
}

const at = (clock: string): string => `2026-11-02T${clock}.000Z`;

/** A planned failover half way: the database is moving. */
export const RUNNING: ExecutionDetail = {
  ...EXECUTION,
  sentence: 'Running the planned failover: move data and machines.',
  stages: [
    { name: 'close the old side', steps: ['close-endpoint'] },
    { name: 'move data and machines', steps: ['database', 'machines'] },
    { name: 'move traffic', steps: ['traffic'] },
  ],
  stage: 1,
  steps: [
    step('close-endpoint', 'done', 0, {
      startedAt: at('10:00:05'),
      endedAt: at('10:00:17'),
      azureSeconds: 10,
      sentence: 'myPrimaryEndpoint is disabled',
    }),
    step('database', 'running', 1, {
      startedAt: at('10:00:18'),
      progress: 42,
      sentence: 'failing over to sql-cafe-west',
    }),
    step('machines', 'waiting', 1, {
      startedAt: at('10:00:18'),
      sentence:
        'waits for a recovery point newer than the closing of the application, as planned runs do',
    }),
    step('traffic', 'pending', 2),
  ],
};

export const PAUSED: ExecutionDetail = {
  ...RUNNING,
  mode: 'unplanned',
  state: 'paused',
  sentence: 'database needs your word.',
  steps: RUNNING.steps.map((one) =>
    one.id === 'database'
      ? {
          ...one,
          state: 'failed',
          endedAt: at('10:02:18'),
          error: { code: 'PlannedFailoverTimedOut', message: 'the primary does not answer' },
        }
      : one,
  ),
  pause: {
    since: at('10:02:20'),
    why: 'At most 6 min of data may be lost; the plan allows 5 min.',
    step: 'database',
    needs: 'data-loss',
    from: 'running',
    reminders: 0,
    choices: [
      { command: 'accept', does: 'forces the failover and loses up to 6 min of data' },
      { command: 'retry', does: 'tries the lossless way again' },
      { command: 'cancel', does: 'ends the run' },
    ],
  },
};

export const SUCCEEDED: ExecutionDetail = {
  ...RUNNING,
  state: 'succeeded',
  endedAt: at('10:04:12'),
  servedAgainAt: at('10:04:00'),
  dataLossSeconds: 0,
  fencing: { state: 'fenced', at: at('10:01:00'), observers: [] },
  outcome: 'websphere-cafe serves from west.',
  sentence: 'websphere-cafe serves from west.',
  criticalPath: {
    parts: [
      { stage: 'close the old side', step: 'close-endpoint', seconds: 10 },
      { stage: 'move data and machines', step: 'machines', seconds: 170 },
      { stage: 'move traffic', step: 'traffic', seconds: 20 },
    ],
    azureSeconds: 200,
    elapsedSeconds: 214,
    overheadRatio: 1.07,
  },
  steps: RUNNING.steps.map((one, index) => ({
    ...one,
    state: 'done',
    startedAt: one.startedAt ?? at('10:03:20'),
    endedAt: one.endedAt ?? at(index === 3 ? '10:03:40' : '10:03:18'),
    azureSeconds: [10, 60, 170, 20][index] ?? 0,
    sentence: 'done',
  })),
};

/** Not from a real chain: whoever draws does not verify. */
export function event(clock: string, sequence: number, what: string): RecordedEvent {
  return {
    type: 'operation-progressed',
    data: { step: 'database', direction: 'forward', call: 'failover', sentence: what },
    stream: 'step:database',
    sequence,
    at: at(clock),
    prev: '0'.repeat(64),
    hash: '0'.repeat(64),
  };
}
