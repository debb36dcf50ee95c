/** Where plan files come from when the package brings them along: a folder. */
export interface PlanSource {
  list(): Promise<readonly PlanFile[]>;
}

export interface PlanFile {
  /** File name, for messages. */
  readonly file: string;
  readonly text: string;
}
