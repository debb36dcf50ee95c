import { createHash } from 'node:crypto';
import type { Instant } from '../core/clock.ts';
import type { ExecutionRecord, ExecutionState } from '../core/execution.ts';
import type { AttemptRecord, StepRecord, StepState } from '../core/step.ts';
import type { Attributes } from './attributes.ts';
import type { Objectives } from './objectives.ts';

/** A piece of work as OpenTelemetry tells of it. */
export interface Span extends SpanIds {
  readonly parentSpanId?: string;
  readonly name: string;
  /** `client`: a call to another service. */
  readonly kind: 'internal' | 'client';
  readonly from: Instant;
  readonly to: Instant;
  /** What went wrong, of a span that failed. */
  readonly failure?: string;
  readonly attributes: Attributes;
}

export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** What the record says of an execution that has ended. */
export interface Told {
  readonly execution: ExecutionRecord;
  readonly objectives: Objectives;
  readonly steps: readonly StepRecord[];
  readonly attempts: readonly AttemptRecord[];
}

const FAILED: readonly (ExecutionState | StepState)[] = [
  'failed',
  'compensated',
  'undo-failed',
  'refused',
];

/**
 * The execution as a trace: below it its steps, below each the calls to Azure. Ids are drawn from the execution's own, so that
 * a trace that is sent twice is still one, and what is told on the way belongs to it.
 */
export function spansOf(told: Told): readonly Span[] {
  const { execution, steps, attempts } = told;
  const end = execution.endedAt ?? execution.requestedAt;
  const begun = steps.filter(({ startedAt }) => startedAt !== undefined);
  return [
    executionSpan(told, end),
    ...begun.map((step) => stepSpan(execution, step, end)),
    ...attempts.map((attempt) => callSpan(execution, attempt)),
  ];
}

export function spanOfExecution(execution: string): SpanIds {
  return { traceId: traceOf(execution), spanId: spanId(execution) };
}

export function spanOfStep(execution: string, step: string): SpanIds {
  return { traceId: traceOf(execution), spanId: spanId(execution, step) };
}

function executionSpan({ execution, objectives }: Told, to: Instant): Span {
  const { id, state, outcome = state } = execution;
  return {
    ...spanOfExecution(id),
    name: execution.kind,
    kind: 'internal',
    from: execution.requestedAt,
    to,
    // What the checks say names nobody; how it ended otherwise may be somebody's order, with the reason.
    ...(FAILED.includes(state) ? { failure: state === 'refused' ? outcome : state } : {}),
    attributes: {
      'switchover.execution': id,
      'switchover.plan': execution.plan,
      'switchover.kind': execution.kind,
      'switchover.mode': execution.mode,
      'switchover.level': execution.level,
      'switchover.from': execution.from,
      'switchover.to': execution.to,
      'switchover.state': state,
      'switchover.first_bad_at': execution.firstBadAt,
      'switchover.served_again_at': execution.servedAgainAt,
      'switchover.rto_seconds': objectives.rtoSeconds,
      'switchover.data_loss_seconds': execution.dataLossSeconds,
      'switchover.rpo_seconds': objectives.rpoSeconds,
      'switchover.fencing': execution.fencing?.state,
    },
  };
}

function stepSpan(execution: ExecutionRecord, step: StepRecord, end: Instant): Span {
  return {
    ...spanOfStep(execution.id, step.id),
    parentSpanId: spanId(execution.id),
    name: step.uses,
    kind: 'internal',
    from: step.startedAt ?? end,
    to: step.endedAt ?? end,
    ...(FAILED.includes(step.state) ? { failure: failureOf(step) } : {}),
    attributes: {
      'switchover.execution': execution.id,
      'switchover.plan': execution.plan,
      'switchover.step': step.id,
      'switchover.step_kind': step.uses,
      'switchover.state': step.state,
      'switchover.direction': step.direction,
      'switchover.attempts': step.attempt,
      'switchover.azure_seconds': step.azureSeconds,
      'error.type': step.error?.code,
    },
  };
}

/** Whoever rejected it, and why, is in the record. */
function failureOf({ state, error }: StepRecord): string {
  if (error === undefined) return state;
  return error.code === 'APPROVAL_REJECTED' ? error.code : error.message;
}

/** Until its operation was seen to have ended; a call without an operation until its answer. */
function callSpan(execution: ExecutionRecord, attempt: AttemptRecord): Span {
  const { step, direction, call, sentAt, outcome, operation } = attempt;
  const failed = outcome === 'refused' || attempt.ended === 'failed';
  return {
    traceId: traceOf(execution.id),
    spanId: spanId(execution.id, step, direction, String(attempt.attempt), call),
    parentSpanId: spanId(execution.id, step),
    name: call,
    kind: 'client',
    from: sentAt,
    to: attempt.endedAt ?? attempt.answeredAt ?? sentAt,
    ...(failed ? { failure: attempt.message ?? attempt.code ?? outcome } : {}),
    attributes: {
      'switchover.execution': execution.id,
      'switchover.plan': execution.plan,
      'switchover.step': step,
      'switchover.call': call,
      'switchover.direction': direction,
      'switchover.attempt': attempt.attempt,
      'switchover.outcome': outcome,
      'switchover.operation': operation?.name,
      'azure.correlation_id': attempt.correlationId ?? operation?.correlationId,
      'http.response.status_code': attempt.status,
      'error.type': attempt.code,
    },
  };
}

const traceOf = (execution: string): string => digest([execution]).slice(0, 32);
const spanId = (...path: readonly string[]): string => digest(['span', ...path]).slice(0, 16);

function digest(path: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(path)).digest('hex');
}
