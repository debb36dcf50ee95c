import { canonicalText } from '../core/canonical.ts';
import type { RecordedEvent } from '../core/events.ts';
import type { AttemptRecord } from '../core/step.ts';
import type { Evidence } from './evidence-schema.ts';
import { ofType } from './of-type.ts';

type EvidenceCall = Evidence['calls'][number];

/** What tells one call of an execution from every other. */
export function callKey(of: {
  readonly step?: unknown;
  readonly direction?: unknown;
  readonly attempt?: unknown;
  readonly call?: unknown;
}): string {
  return canonicalText([of.step, of.direction, of.attempt, of.call]);
}

/**
 * Every call that was meant to change something, in the order in which they were sent. A call whose event was read but
 * whose row was not (it was sent between the two readings) counts as not answered yet.
 */
export function callsOf(
  attempts: readonly AttemptRecord[],
  events: readonly RecordedEvent[],
): EvidenceCall[] {
  const sent = new Map(
    ofType(events, 'call-sent').map((event) => [callKey(event.data), event] as const),
  );
  const known = new Set(attempts.map(callKey));
  const unread = [...sent]
    .filter(([key]) => !known.has(key))
    .map(([, { data, at }]): AttemptRecord => ({
      step: data.step,
      direction: data.direction,
      attempt: data.attempt,
      call: data.call,
      token: data.token,
      sentAt: at,
      outcome: 'unanswered',
    }));
  return [...attempts, ...unread]
    .map((attempt) => callOf(attempt, sent.get(callKey(attempt))?.data.sentence ?? attempt.call))
    .sort((left, right) => left.sentAt.localeCompare(right.sentAt));
}

function callOf(attempt: AttemptRecord, sentence: string): EvidenceCall {
  const { step, direction, call, token, sentAt, outcome } = attempt;
  return {
    step,
    direction,
    attempt: attempt.attempt,
    call,
    sentence,
    token,
    sentAt,
    answeredAt: attempt.answeredAt ?? null,
    outcome,
    status: attempt.status ?? null,
    code: attempt.code ?? null,
    correlationId: attempt.correlationId ?? attempt.operation?.correlationId ?? null,
    operation: attempt.operation?.name ?? null,
    resolution: attempt.resolution ?? null,
  };
}
