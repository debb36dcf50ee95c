/** What an activity tells its orchestrator to do. Plain data: it is part of the recorded histories. */

export interface ExecutionInput {
  readonly executionId: string;
}

export interface StepRun {
  readonly executionId: string;
  readonly stepId: string;
  readonly run: number;
}

export type ExecutionNext =
  | { readonly do: 'steps'; readonly steps: readonly StepRun[] }
  /** Wait for an operator, but look again after `seconds`. */
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'end' };

export type StepNext = { readonly do: 'again'; readonly seconds: number } | { readonly do: 'end' };
