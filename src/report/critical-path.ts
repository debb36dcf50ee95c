import { secondsBetween } from '../core/clock.ts';
import type { ExecutionState } from '../core/execution.ts';
import { azurePartForward } from '../core/step.ts';
import type { StepRecord } from '../core/step.ts';
import { rounded } from './durations.ts';
import type { Evidence } from './evidence-schema.ts';

type Path = Evidence['criticalPath'];
type Part = Path['parts'][number];

/** What Azure alone took, stage by stage, against what the whole took. */
export function criticalPath(
  state: ExecutionState,
  stages: readonly { readonly name: string; readonly steps: readonly string[] }[],
  steps: readonly StepRecord[],
): Path {
  const parts = stages.flatMap(({ name, steps: ids }) =>
    slowest(
      name,
      steps.filter(({ id }) => ids.includes(id)),
    ),
  );
  const azureSeconds = rounded(parts.reduce((sum, part) => sum + part.seconds, 0));
  const elapsedSeconds = elapsed(steps);
  const comparable = state === 'succeeded' && elapsedSeconds !== null && azureSeconds > 0;
  return {
    parts,
    azureSeconds,
    elapsedSeconds,
    overheadRatio: comparable ? Math.round((elapsedSeconds / azureSeconds) * 1000) / 1000 : null,
  };
}

/** A step that failed and was gone past took Azure's time, too. None where Azure had nothing to do. */
function slowest(stage: string, steps: readonly StepRecord[]): Part[] {
  const [longest] = steps
    .map((step) => ({ stage, step: step.id, seconds: azurePartForward(step) ?? 0 }))
    .sort((left, right) => right.seconds - left.seconds);
  return longest === undefined || longest.seconds === 0 ? [] : [longest];
}

/** Of the way forward; null where a part of it was undone, since the steps' ends are those of the undo then. */
function elapsed(steps: readonly StepRecord[]): number | null {
  if (steps.some(({ direction }) => direction === 'undo')) return null;
  const began = steps.flatMap(({ startedAt }) => startedAt ?? []).sort()[0];
  const ended = steps
    .filter(({ state }) => state === 'done' || state === 'satisfied' || state === 'presumed')
    .flatMap(({ endedAt }) => endedAt ?? [])
    .sort()
    .at(-1);
  return began === undefined || ended === undefined ? null : secondsBetween(began, ended);
}
