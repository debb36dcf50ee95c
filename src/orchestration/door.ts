/** What the doors may ask of Durable Functions. Its management URLs never leave the app. */
export interface DurableDoor {
  /** Starts the orchestration of an execution; one that runs already is left alone. */
  start(executionId: string): Promise<void>;
  /** Wakes a waiting orchestration, an execution's or a step's, so that it reads its rows again. */
  wake(orchestrationId: string): Promise<void>;
  /** `missing` when there is none of that id. */
  status(executionId: string): Promise<'running' | 'ended' | 'missing'>;
}
