/**
 * Durable function names: verbs, because an app's HTTP functions are its nouns and all share one set of names. A recorded
 * history holds them: never rename one.
 */
export const EXECUTION_ORCHESTRATOR = 'run-execution';
export const BATCH_ORCHESTRATOR = 'run-batch';
export const STEP_ORCHESTRATOR = 'run-step';
export const ADVANCE_ACTIVITY = 'advance-execution';
export const TURN_ACTIVITY = 'turn-step';

/** The only event: "read your rows again". */
export const WAKE_EVENT = 'wake';

/** What one start of a step is called; a second start of the same step is another orchestration. */
export function stepInstance(executionId: string, stepId: string, run: number): string {
  return `${executionId}:${stepId}:${run}`;
}
