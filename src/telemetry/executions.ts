import { instant, secondsBetween } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { isTerminal, movesApplication } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { Log } from '../core/log.ts';
import { stepEnded } from '../core/step.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';
import type { Entry, Executions } from '../records/executions.ts';
import { objectivesIn } from './objectives.ts';
import type { Objectives } from './objectives.ts';
import type { Telemetry } from './sender.ts';
import { executionRecord, stepRecord } from './progress.ts';
import { spansOf } from './spans.ts';

export interface ToldDeps {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The same record, of which is told what was written: as it goes, and as a trace when an execution has ended. Only one
 * writes each change, so that each is told once, or never when its instance dies at that moment.
 */
export function toldExecutions(executions: Executions, deps: ToldDeps): Executions {
  const { telemetry } = deps;
  return {
    ...executions,
    async create(record, ...rest) {
      await executions.create(record, ...rest);
      telemetry.count('switchover.execution.begun', {
        ...runOf(record),
        'switchover.level': record.level,
      });
      telemetry.tell(executionRecord(record, null, record.requestedAt));
    },
    async write(id, at, entry) {
      await executions.write(id, at, entry);
      tellEntry(deps, id, entry);
      const ended = endedBy(entry);
      if (ended !== null) void tellEnd(executions, ended, deps);
    },
  };
}

function tellEntry({ telemetry, clock }: ToldDeps, id: string, entry: Entry): void {
  const now = instant(clock.now());
  const { header, steps = [], newAttempts = [], attempts = [] } = entry;
  if (header !== undefined && header.after.state !== header.before.value.state)
    telemetry.tell(executionRecord(header.after, header.before.value.state, now));
  for (const { before, after } of steps) {
    if (before.value.state === after.state) continue;
    const told = stepRecord(id, after, before.value.state, now);
    if (told !== null) telemetry.tell(told);
    if (stepEnded(after.state)) tellStep(telemetry, after);
  }
  for (const after of newAttempts) tellCall(telemetry, after, null);
  for (const { before, after } of attempts) tellCall(telemetry, after, before.value);
}

function tellStep(telemetry: Telemetry, step: StepRecord): void {
  const { uses, direction, state, runStartedAt, startedAt, endedAt } = step;
  const from = runStartedAt ?? startedAt;
  if (from === undefined || endedAt === undefined) return;
  telemetry.measure('switchover.step.duration', secondsBetween(from, endedAt), {
    'switchover.step_kind': uses,
    'switchover.direction': direction,
    'switchover.state': state,
  });
}

function tellCall(telemetry: Telemetry, after: AttemptRecord, before: AttemptRecord | null): void {
  const { call, direction, outcome } = after;
  if (outcome === 'unanswered' || outcome === before?.outcome) return;
  telemetry.count('switchover.call.outcomes', {
    'switchover.call': call,
    'switchover.direction': direction,
    'switchover.outcome': outcome,
  });
}

/** The execution, if this is the write that ends it: others may follow. */
function endedBy({ header }: Entry): ExecutionRecord | null {
  if (header === undefined || isTerminal(header.before.value.state)) return null;
  return isTerminal(header.after.state) ? header.after : null;
}

async function tellEnd(
  executions: Executions,
  execution: ExecutionRecord,
  { telemetry, log }: ToldDeps,
): Promise<void> {
  try {
    const { id } = execution;
    const [steps, attempts, snapshot] = await Promise.all([
      executions.steps(id),
      executions.attempts(id),
      executions.snapshot(id),
    ]);
    const objectives = objectivesIn(snapshot);
    const told = { execution, objectives, steps: steps.map(({ value }) => value), attempts };
    telemetry.trace(spansOf(told));
    tellResult(telemetry, execution, objectives);
  } catch (error) {
    const message = `The trace of execution ${execution.id} could not be made: ${messageOf(error)}. The record is whole without it.`;
    log({ level: 'warning', message });
  }
}

function tellResult(
  telemetry: Telemetry,
  execution: ExecutionRecord,
  objectives: Objectives,
): void {
  const run = runOf(execution);
  const { requestedAt, startedAt, endedAt = requestedAt, level, state } = execution;
  telemetry.measure('switchover.execution.duration', secondsBetween(requestedAt, endedAt), {
    ...run,
    'switchover.level': level,
    'switchover.state': state,
  });
  // Who moved nothing has kept no service waiting, and lost nothing.
  if (startedAt === undefined || !movesApplication(execution)) return;
  const { firstBadAt = requestedAt, servedAgainAt, dataLossSeconds: lost = null } = execution;
  const took = servedAgainAt === undefined ? null : secondsBetween(firstBadAt, servedAgainAt);
  if (took !== null) telemetry.measure('switchover.recovery.duration', took, run);
  if (lost !== null) telemetry.measure('switchover.recovery.data_loss', lost, run);
  const aims = [
    ['rto', took, objectives.rtoSeconds],
    ['rpo', lost, objectives.rpoSeconds],
  ] as const;
  for (const [objective, value, aim] of aims) {
    telemetry.count('switchover.recovery.objectives', {
      ...run,
      'switchover.objective': objective,
      'switchover.result': value === null ? 'unknown' : value <= aim ? 'met' : 'missed',
    });
  }
}

function runOf({ plan, kind, mode }: ExecutionRecord): {
  'switchover.plan': string;
  'switchover.kind': string;
  'switchover.mode': string;
} {
  return { 'switchover.plan': plan, 'switchover.kind': kind, 'switchover.mode': mode };
}
