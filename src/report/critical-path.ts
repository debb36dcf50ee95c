import { secondsBetween } from '../core/clock.ts';
import type { ExecutionState } from '../core/execution.ts';
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
  const forward = steps.filter((step) => step.direction === 'forward');
  const parts = stages.flatMap(({ name, steps: ids }) =>
    slowest(
      name,
      forward.filter(({ id }) => ids.includes(id)),
    ),
  );
  const azureSeconds = rounded(parts.reduce((sum, part) => sum + part.seconds, 0));
  const elapsedSeconds = elapsed(forward);
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
    .map(({ id, azureSeconds = 0 }) => ({ stage, step: id, seconds: azureSeconds }))
    .sort((left, right) => right.seconds - left.seconds);
  return longest === undefined || longest.seconds === 0 ? [] : [longest];
}

function elapsed(steps: readonly StepRecord[]): number | null {
  const began = steps.flatMap(({ startedAt }) => startedAt ?? []).sort()[0];
  const ended = steps
    .filter(({ state }) => state === 'done' || state === 'satisfied' || state === 'presumed')
    .flatMap(({ endedAt }) => endedAt ?? [])
    .sort()
    .at(-1);
  return began === undefined || ended === undefined ? null : secondsBetween(began, ended);
}
