import { headOf, link } from '../../../src/core/chain.ts';
import { EXECUTION_STREAM, stepStream } from '../../../src/core/events.ts';
import type { Happening, RecordedEvent } from '../../../src/core/events.ts';
import { GENESIS } from '../../../src/core/execution.ts';
import type { ChainHead, ExecutionRecord } from '../../../src/core/execution.ts';
import type { StepRecord } from '../../../src/core/step.ts';
import { planHash } from '../../../src/plan/hash.ts';
import type { EvidenceInput } from '../../../src/report/evidence.ts';
import { ada, at, ben, fencing, telling } from './story-events.ts';
import { plan } from './story-plan.ts';

/** Links the telling, and lets each anchor name the heads of its moment. */
function recorded(): { events: RecordedEvent[]; heads: Map<string, ChainHead> } {
  const heads = new Map<string, ChainHead>();
  const events = telling.map(([stream, seconds, told]): RecordedEvent => {
    const happening: Happening =
      told.type === 'heads-anchored'
        ? { type: told.type, data: { ...told.data, heads: Object.fromEntries(heads) } }
        : told;
    const event = link(heads.get(stream) ?? GENESIS, { stream, at: at(seconds), ...happening });
    heads.set(stream, headOf(event));
    return event;
  });
  return { events, heads };
}

export function story(): EvidenceInput {
  const { events, heads } = recorded();
  const head = (stream: string): ChainHead => heads.get(stream) ?? GENESIS;
  const record = (id: string, uses: string, more: Partial<StepRecord>): StepRecord => ({
    id,
    uses,
    stage: 0,
    state: 'done',
    direction: 'forward',
    run: 1,
    attempt: 1,
    triesLeft: 2,
    adopted: false,
    touched: true,
    operations: [],
    sentence: '',
    undo: 'safe',
    head: head(stepStream(id)),
    ...more,
  });
  const header: ExecutionRecord = {
    id: 'fo-1',
    plan: 'cafe',
    planHash: planHash(plan),
    kind: 'failover',
    mode: 'unplanned',
    from: 'east',
    to: 'west',
    state: 'succeeded',
    direction: 'forward',
    reason: 'East US is down',
    requestedBy: ada,
    requestedAt: at(60),
    firstBadAt: at(0),
    startedAt: at(62),
    endedAt: at(321),
    token: 7,
    orchestrationVersion: '1',
    stage: 3,
    fencing,
    closedAt: at(65),
    approvals: [],
    accepted: [{ what: 'data-loss', by: ben, at: at(241) }],
    commandsDone: 1,
    dataLossSeconds: 400,
    servedAgainAt: at(320),
    outcome: 'cafe serves from west.',
    head: head(EXECUTION_STREAM),
  };
  const attempt = { direction: 'forward', attempt: 1, token: 7 } as const;
  return {
    header,
    plan,
    events,
    steps: [
      record('close', 'traffic-manager/switch', {
        startedAt: at(62),
        endedAt: at(65),
        forwardSeconds: 3,
        azureSeconds: 2,
        sentence: 'endpoint east is disabled',
        proof: { monitor: 'Disabled' },
      }),
      record('stop', 'vm/stop', {
        state: 'failed',
        startedAt: at(62),
        endedAt: at(182),
        error: { code: 'UNREACHABLE', message: 'East US | does not <answer>' },
      }),
      record('database', 'sql/failover-group', {
        startedAt: at(184),
        endedAt: at(302),
        forwardSeconds: 118,
        azureSeconds: 60,
        undo: 'lossy',
        sentence: 'sql-west is primary',
        proof: { role: 'Primary' },
      }),
      record('traffic', 'traffic-manager/switch', {
        state: 'satisfied',
        adopted: true,
        touched: false,
        startedAt: at(304),
        endedAt: at(304),
        sentence: 'endpoint west is enabled already',
      }),
      record('coffee', 'validate/http', {
        touched: false,
        startedAt: at(304),
        endedAt: at(320),
        forwardSeconds: 16,
        azureSeconds: 12,
        sentence: 'a coffee was served',
      }),
    ],
    attempts: [
      {
        ...attempt,
        step: 'database',
        call: 'force',
        sentAt: at(242),
        outcome: 'accepted',
        answeredAt: at(243),
        status: 202,
        correlationId: 'c-2',
        operation: { call: 'force', name: 'forced failover of sql-west/cafe', startedAt: at(243) },
      },
      {
        ...attempt,
        step: 'close',
        call: 'disable:east',
        sentAt: at(63),
        outcome: 'completed',
        answeredAt: at(64),
        status: 200,
        correlationId: 'c-1',
      },
      {
        ...attempt,
        step: 'stop',
        call: 'deallocate:vm',
        sentAt: at(63),
        outcome: 'unanswered',
        code: 'TIMEOUT',
      },
    ],
    commands: [
      {
        sequence: 1,
        command: 'accept',
        accept: 'data-loss',
        reason: 'Orders can be entered again',
        by: ben,
        at: at(240),
      },
    ],
    anchors: events.flatMap((event) =>
      event.type === 'heads-anchored'
        ? [{ execution: 'fo-1', at: event.at, anchor: event.data.anchor, heads: event.data.heads }]
        : [],
    ),
    at: at(330),
  };
}
