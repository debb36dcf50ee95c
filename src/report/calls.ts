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

/** Every call that was meant to change something, in the order in which they were sent. */
export function callsOf(
  attempts: readonly AttemptRecord[],
  events: readonly RecordedEvent[],
): EvidenceCall[] {
  const sentences = new Map(
    ofType(events, 'call-sent').map((event) => [callKey(event.data), event.data.sentence]),
  );
  return attempts
    .map((attempt) => ({
      step: attempt.step,
      direction: attempt.direction,
      attempt: attempt.attempt,
      call: attempt.call,
      sentence: sentences.get(callKey(attempt)) ?? attempt.call,
      token: attempt.token,
      sentAt: attempt.sentAt,
      answeredAt: attempt.answeredAt ?? null,
      outcome: attempt.outcome,
      status: attempt.status ?? null,
      code: attempt.code ?? null,
      correlationId: attempt.correlationId ?? attempt.operation?.correlationId ?? null,
      operation: attempt.operation?.name ?? null,
      resolution: attempt.resolution ?? null,
    }))
    .sort((left, right) => left.sentAt.localeCompare(right.sentAt));
}
