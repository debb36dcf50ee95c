import type { StepRecord } from '../../core/step.ts';
import type { Draft } from '../execution/draft.ts';

/** What a drill has found wrong is kept until its end, which it decides. Other executions have no use for it. */
export function noteProblems(draft: Draft, failures: readonly StepRecord[]): void {
  for (const { id, error, sentence } of failures)
    noteProblem(draft, `${id}: ${(error?.message ?? sentence).replace(/\.+$/, '')}`);
}

export function noteProblem(draft: Draft, problem: string): void {
  const { kind, problems = [] } = draft.header();
  if (kind !== 'drill' || problems.includes(problem)) return;
  draft.patch({ problems: [...problems, problem] }, { type: 'drill-problem', data: { problem } });
}
