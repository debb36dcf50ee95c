import { secondsBetween } from '../core/clock.ts';
import { formatSeconds } from '../core/duration.ts';
import { movesApplication } from '../core/execution.ts';
import type { StepRecord } from '../core/step.ts';
import type { ExecutionDetail } from '../functions/services.ts';
import { columns } from './columns.ts';
import type { Canvas } from './timeline.ts';

/** The table at the end: how long each step took, and how the run stands against the plan's objectives. */
export function summaryLines(execution: ExecutionDetail, { colors }: Canvas): string[] {
  const steps = execution.steps.filter((step) => step.startedAt !== undefined);
  const table = columns([
    ['Step', 'State', 'Took', 'Of that Azure'],
    ...steps.map((step) => [
      step.id,
      step.state,
      took(step),
      step.azureSeconds === undefined ? '' : formatSeconds(step.azureSeconds),
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
function overhead({ state, stages, steps }: ExecutionDetail): string[][] {
  if (state !== 'succeeded') return [];
  const path = stages.flatMap((stage) =>
    slowest(steps.filter(({ id }) => stage.steps.includes(id))),
  );
  const pathSeconds = path.reduce((sum, step) => sum + step.azureSeconds, 0);
  const begins = steps.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = steps.flatMap(({ endedAt }) => endedAt ?? []).sort();
  const [first, last] = [begins[0], ends.at(-1)];
  if (pathSeconds === 0 || first === undefined || last === undefined) return [];
  const ratio = secondsBetween(first, last) / pathSeconds;
  const names = path.map(({ id }) => id).join(', ');
  return [
    ['Critical path', `${formatSeconds(pathSeconds)} of Azure's own operations (${names})`],
    ['Overhead', `${ratio.toFixed(2)} × the critical path`],
  ];
}

/** The step of a stage in which Azure took longest; none when Azure had nothing to do. */
function slowest(steps: readonly StepRecord[]): { id: string; azureSeconds: number }[] {
  const timed = steps.map(({ id, azureSeconds = 0 }) => ({ id, azureSeconds }));
  const [longest] = timed.sort((left, right) => right.azureSeconds - left.azureSeconds);
  return longest === undefined || longest.azureSeconds === 0 ? [] : [longest];
}
