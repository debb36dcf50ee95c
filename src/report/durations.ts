import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { EXECUTION_STREAM } from '../core/events.ts';
import type { EventType, RecordedEvent } from '../core/events.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { StepRecord } from '../core/step.ts';
import type { Plan, Stage } from '../plan/plan.ts';
import type { Evidence } from './evidence-schema.ts';
import { ofType } from './of-type.ts';

type Phase = Evidence['recoveryTime']['phases'][number];

interface Span {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant | null;
}

const TRAFFIC = 'traffic-manager/switch';

/** From the first bad observation (the request, when none was seen) to the first good answer, broken down. */
export function recoveryTime(
  header: ExecutionRecord,
  steps: readonly StepRecord[],
  events: readonly RecordedEvent[],
  stages: readonly Stage[],
  objectives: Plan['objectives'],
): Evidence['recoveryTime'] {
  const start = header.firstBadAt ?? header.requestedAt;
  const served = header.servedAgainAt ?? null;
  const total = served === null ? null : secondsBetween(start, served);
  const phases = spans(header, events, stages).map((span): Phase => ({
    ...span,
    seconds: span.to === null ? null : secondsBetween(span.from, span.to),
    counted: served === null ? null : overlap(span, start, served),
  }));
  const counted = phases.reduce((sum, phase) => sum + (phase.counted ?? 0), 0);
  return {
    objectiveSeconds: objectives.rtoSeconds,
    totalSeconds: total,
    met: total === null ? null : total <= objectives.rtoSeconds,
    phases,
    betweenSeconds: total === null ? null : rounded(total - counted),
    dnsSeconds: since(trafficMovedAt(steps), served),
    downtimeSeconds: since(header.closedAt ?? null, served),
    waitedForPeopleSeconds: waitedForPeople(events),
  };
}

export function recoveryPoint(
  header: ExecutionRecord,
  events: readonly RecordedEvent[],
  objectives: Plan['objectives'],
): Evidence['recoveryPoint'] {
  const loss = header.dataLossSeconds ?? null;
  return {
    objectiveSeconds: objectives.rpoSeconds,
    lossSeconds: loss,
    met: loss === null ? null : loss <= objectives.rpoSeconds,
    basis: ofType(events, 'data-loss-stated').map((event) => event.data.basis),
  };
}

function spans(
  header: ExecutionRecord,
  events: readonly RecordedEvent[],
  stages: readonly Stage[],
): readonly Span[] {
  const began = ofType(events, 'stage-began').filter((event) => event.data.direction === 'forward');
  const ended = ofType(events, 'stage-ended').filter((event) => event.data.direction === 'forward');
  return [
    ...untilRequested(header, events),
    ...untilBegun(header, events),
    ...stages.flatMap((stage, index) => {
      const first = began.find((event) => event.data.stage === index);
      if (first === undefined) return [];
      const last = ended.findLast((event) => event.data.stage === index);
      return [{ name: `stage: ${stage.name}`, from: first.at, to: last?.at ?? null }];
    }),
  ];
}

/** The watch was sure at some moment, and was perhaps kept from acting on it: that is another thing than noticing. */
function untilRequested(
  { firstBadAt, requestedAt }: ExecutionRecord,
  events: readonly RecordedEvent[],
): Span[] {
  if (firstBadAt === undefined) return [];
  const sure = ofType(events, 'detected')[0]?.data.at;
  if (sure === undefined)
    return [{ name: 'detection and decision', from: firstBadAt, to: requestedAt }];
  return [
    { name: 'detection', from: firstBadAt, to: sure },
    { name: 'decision', from: sure, to: requestedAt },
  ];
}

function untilBegun(
  { requestedAt, startedAt, endedAt }: ExecutionRecord,
  events: readonly RecordedEvent[],
): Span[] {
  const asked = ofType(events, 'approval-awaited')[0]?.at;
  const begun = startedAt ?? endedAt ?? null;
  if (asked === undefined) return [{ name: 'preflight', from: requestedAt, to: begun }];
  return [
    { name: 'preflight', from: requestedAt, to: asked },
    { name: 'approval', from: asked, to: begun },
  ];
}

function overlap(span: Span, start: Instant, end: Instant): number {
  const from = span.from > start ? span.from : start;
  const to = span.to !== null && span.to < end ? span.to : end;
  return Math.max(0, secondsBetween(from, to));
}

function trafficMovedAt(steps: readonly StepRecord[]): Instant | null {
  const ends = steps
    .filter(
      (step) => step.uses === TRAFFIC && (step.state === 'done' || step.state === 'satisfied'),
    )
    .flatMap((step) => (step.endedAt === undefined ? [] : [step.endedAt]));
  return ends.sort().at(-1) ?? null;
}

function since(from: Instant | null, to: Instant | null): number | null {
  if (from === null || to === null) return null;
  const seconds = secondsBetween(from, to);
  return seconds < 0 ? null : seconds;
}

const WHILE_PAUSED: readonly EventType[] = ['paused', 'reminded', 'command-refused'];

/** From each pause to the next event of the execution that is more than a reminder. */
function waitedForPeople(events: readonly RecordedEvent[]): number {
  let pausedAt: Instant | null = null;
  let waited = 0;
  for (const event of events.filter((one) => one.stream === EXECUTION_STREAM)) {
    if (pausedAt !== null && !WHILE_PAUSED.includes(event.type)) {
      waited += secondsBetween(pausedAt, event.at);
      pausedAt = null;
    }
    if (event.type === 'paused') pausedAt ??= event.at;
  }
  return rounded(waited);
}

/** Sums of milliseconds in seconds, without the dust of binary fractions. */
export function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
