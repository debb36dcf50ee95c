/** What the doors may ask of Durable Functions. Its management URLs never leave the app. */
export interface DurableDoor {
  /** Starts the orchestration of an execution; one that runs already is left alone. */
  start(executionId: string): Promise<void>;
  /** Wakes a waiting orchestration so that it reads its rows again. */
  wake(executionId: string): Promise<void>;
  /** `missing` when there is none of that id. */
  status(executionId: string): Promise<'running' | 'ended' | 'missing'>;
}
