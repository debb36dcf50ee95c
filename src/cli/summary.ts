import { secondsBetween } from '../core/clock.ts';
import { formatSeconds } from '../core/duration.ts';
import { movesApplication } from '../core/execution.ts';
import { azurePartForward } from '../core/step.ts';
import type { StepRecord } from '../core/step.ts';
import type { ExecutionDetail } from '../functions/services.ts';
import { columns } from './columns.ts';
import type { Canvas } from './timeline.ts';

/** The table at the end: how long each step took, and how the run stands against the plan's objectives. */
export function summaryLines(execution: ExecutionDetail, { colors }: Canvas): string[] {
  const steps = execution.steps.filter((step) => step.startedAt !== undefined);
  const undone = steps.some((step) => undoSeconds(step) !== undefined);
  const table = columns([
    ['Step', 'State', 'Took', 'Of that Azure', ...(undone ? ['Undone in'] : [])],
    ...steps.map((step) => [
      step.id,
      step.state,
      took(step),
      words(azurePartForward(step)),
      ...(undone ? [words(undoSeconds(step))] : []),
    ]),
  ]);
  const [head = '', ...rows] = table;
  return [
    ...(steps.length === 0 ? [] : [colors.bold(head), ...rows, '']),
    ...(movesApplication(execution) ? outcomeLines(execution) : []),
  ];
}

function outcomeLines(execution: ExecutionDetail): string[] {
  return [
    ...columns([
      ['RTO', recoveryTime(execution)],
      ['RPO', dataLoss(execution)],
      ...overhead(execution),
      ...(execution.fencing === undefined ? [] : [['Old side', execution.fencing.state]]),
    ]),
  ];
}

function undoSeconds({ direction, runStartedAt, endedAt }: StepRecord): number | undefined {
  if (direction !== 'undo' || runStartedAt === undefined || endedAt === undefined) return undefined;
  return secondsBetween(runStartedAt, endedAt);
}

function words(seconds: number | undefined): string {
  return seconds === undefined ? '' : formatSeconds(seconds);
}

function took({ startedAt, endedAt, forwardSeconds }: StepRecord): string {
  if (forwardSeconds !== undefined) return formatSeconds(forwardSeconds);
  if (startedAt === undefined || endedAt === undefined) return 'not ended';
  return formatSeconds(secondsBetween(startedAt, endedAt));
}

/** From the first bad observation, or from the request on a healthy system, to the first good public answer. */
function recoveryTime({
  firstBadAt,
  requestedAt,
  servedAgainAt,
  objectives,
}: ExecutionDetail): string {
  const target = formatSeconds(objectives.rtoSeconds);
  if (servedAgainAt === undefined) return `not served from the other side (objective ${target})`;
  const seconds = secondsBetween(firstBadAt ?? requestedAt, servedAgainAt);
  return against(seconds, objectives.rtoSeconds);
}

function dataLoss({ dataLossSeconds, objectives }: ExecutionDetail): string {
  if (dataLossSeconds === undefined || dataLossSeconds === null) {
    return `unknown (objective ${formatSeconds(objectives.rpoSeconds)})`;
  }
  return against(dataLossSeconds, objectives.rpoSeconds);
}

function against(seconds: number, objective: number): string {
  const verdict = seconds <= objective ? 'met' : 'missed';
  return `${formatSeconds(seconds)} of ${formatSeconds(objective)}: ${verdict}`;
}

/** What Switchover itself added: the span of the steps against the slowest chain of Azure's own operations. */
function overhead({ criticalPath }: ExecutionDetail): string[][] {
  const { parts, azureSeconds, overheadRatio } = criticalPath;
  if (overheadRatio === null) return [];
  const names = parts.map(({ step }) => step).join(', ');
  return [
    ['Critical path', `${formatSeconds(azureSeconds)} of Azure's own operations (${names})`],
    ['Overhead', `${overheadRatio.toFixed(2)} × the critical path`],
  ];
}
