import type { Instant } from '../core/clock.ts';
import { eventSentence, isEventType, stepStream } from '../core/events.ts';
import { EXECUTION_STREAM } from '../core/events.ts';
import type { RecordedEvent } from '../core/events.ts';
import type { ChainHead, CommandRecord, ExecutionRecord } from '../core/execution.ts';
import type { JsonObject } from '../core/json.ts';
import type { PlanVersion } from '../core/plan-version.ts';
import { azurePartForward } from '../core/step.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';
import { stagesOf } from '../plan/journey.ts';
import type { Plan, Stage } from '../plan/plan.ts';
import { leftAsItIs, undone } from './aftermath.ts';
import type { Anchor } from './anchors.ts';
import { callsOf } from './calls.ts';
import { decisions, person } from './decisions.ts';
import { criticalPath } from './critical-path.ts';
import { recoveryPoint, recoveryTime } from './durations.ts';
import { EVIDENCE_FORMAT } from './evidence-schema.ts';
import type { Evidence } from './evidence-schema.ts';
import { ofType } from './of-type.ts';
import { sealed } from './seal.ts';

export type { Evidence } from './evidence-schema.ts';

/** An execution's whole record, as the stores keep it. */
export interface EvidenceInput {
  readonly header: ExecutionRecord;
  readonly steps: readonly StepRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly commands: readonly CommandRecord[];
  readonly events: readonly RecordedEvent[];
  /** The plan that was pinned at the start. */
  readonly plan: Plan;
  readonly anchors: readonly Anchor[];
  readonly at: Instant;
}

/** The document for those who were not there: everything that happened, what it came to, and the chain that binds it. */
export function buildEvidence(input: EvidenceInput): Evidence {
  const { header, plan, commands, attempts } = input;
  const events = inOrder(input.events);
  const byTime = [...events].sort((left, right) => left.at.localeCompare(right.at));
  const stages = stagesOf(plan, header);
  const steps = stages.flatMap((stage) => recordsOf(stage, input.steps));
  return sealed({
    format: EVIDENCE_FORMAT,
    writtenAt: input.at,
    execution: summary(header),
    plan: {
      ...{ name: header.plan, hash: header.planHash },
      ...(header.planVersion === undefined ? {} : { version: versionOf(header.planVersion) }),
      document: asJson(plan),
    },
    drill: drillOf(header, events),
    requestedBy: person(header.requestedBy),
    accepted: header.accepted.map(({ what, by, at }) => ({ what, by: person(by), at })),
    decisions: decisions(commands, byTime),
    recoveryTime: recoveryTime(header, steps, byTime, stages, plan.objectives),
    recoveryPoint: recoveryPoint(header, byTime, plan.objectives),
    stages: stages.map((stage) => ({
      name: stage.name,
      steps: recordsOf(stage, steps).map(stepOf),
    })),
    criticalPath: criticalPath(
      header.state,
      stages.map(({ name, steps: members }) => ({ name, steps: members.map(({ id }) => id) })),
      steps,
    ),
    calls: callsOf(attempts, events),
    fencing:
      header.fencing === undefined
        ? null
        : { ...header.fencing, observers: [...header.fencing.observers] },
    undone: undone(steps),
    left: leftAsItIs(header, steps, attempts),
    events: events.map(written),
    heads: headsOf(header, steps),
    anchors: [...input.anchors],
  });
}

function versionOf({
  number,
  hash,
  by,
  at,
  reason,
  despite,
}: PlanVersion): NonNullable<Evidence['plan']['version']> {
  return {
    ...{ number, hash, by: person(by), at, reason },
    ...(despite === undefined ? {} : { despite: [...despite] }),
  };
}

function drillOf(header: ExecutionRecord, events: readonly RecordedEvent[]): Evidence['drill'] {
  if (header.kind !== 'drill') return null;
  const reported = ofType(events, 'drill-reported').at(-1)?.data;
  return {
    partOf: header.partOf ?? null,
    problems: [...(header.problems ?? [])],
    findings: (reported?.findings ?? []).map(({ severity, resource, problem, remedy, step }) => ({
      ...{ severity, resource, problem, remedy },
      ...(step === undefined ? {} : { step }),
    })),
    changes: (reported?.changes ?? []).map(({ step, resource, now, then }) => ({
      ...{ step, resource, now, then },
    })),
    whole: reported?.cut?.whole ?? null,
  };
}

function summary(header: ExecutionRecord): Evidence['execution'] {
  const { id, kind, mode, from, to, state, reason, orchestrationVersion, requestedAt } = header;
  return {
    id,
    kind,
    mode,
    level: header.level ?? null,
    from,
    to,
    state,
    outcome: header.outcome ?? null,
    reason,
    orchestrationVersion,
    firstBadAt: header.firstBadAt ?? null,
    requestedAt,
    startedAt: header.startedAt ?? null,
    closedAt: header.closedAt ?? null,
    servedAgainAt: header.servedAgainAt ?? null,
    endedAt: header.endedAt ?? null,
  };
}

function recordsOf(stage: Stage, steps: readonly StepRecord[]): readonly StepRecord[] {
  return stage.steps.flatMap((member) => steps.filter((step) => step.id === member.id));
}

function stepOf(step: StepRecord): Evidence['stages'][number]['steps'][number] {
  const { id, uses, state, adopted, sentence, undo } = step;
  return {
    id,
    uses,
    state,
    adopted,
    startedAt: step.startedAt ?? null,
    endedAt: step.endedAt ?? null,
    seconds: step.forwardSeconds ?? null,
    azureSeconds: azurePartForward(step) ?? null,
    sentence,
    undo,
    proof: step.proof ?? null,
    error: step.error ?? null,
  };
}

function inOrder(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  return [...events].sort(
    (left, right) => left.stream.localeCompare(right.stream) || left.sequence - right.sequence,
  );
}

function written(event: RecordedEvent): Evidence['events'][number] {
  const { stream, sequence, at, type, data, prev, hash } = event;
  // A record that a newer version wrote may hold events without a sentence here.
  const sentence = isEventType(type) ? eventSentence(event) : type;
  return { stream, sequence, at, type, data: asJson(data), prev, hash, sentence };
}

function headsOf(header: ExecutionRecord, steps: readonly StepRecord[]): Record<string, ChainHead> {
  return Object.fromEntries([
    [EXECUTION_STREAM, header.head],
    ...steps.map((step): [string, ChainHead] => [stepStream(step.id), step.head]),
  ]);
}

function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
