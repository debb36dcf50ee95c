/** Durable function names. A recorded history holds them: never rename one. */
export const EXECUTION_ORCHESTRATOR = 'execution';
export const BATCH_ORCHESTRATOR = 'batch';
export const STEP_ORCHESTRATOR = 'step';
export const ADVANCE_ACTIVITY = 'advance';
export const TURN_ACTIVITY = 'turn';

/** The only event: "read your rows again". */
export const WAKE_EVENT = 'wake';

/** What one start of a step is called; a second start of the same step is another orchestration. */
export function stepInstance(executionId: string, stepId: string, run: number): string {
  return `${executionId}:${stepId}:${run}`;
}
