/** Where plan files come from: a folder now, blob storage later. */
export interface PlanSource {
  list(): Promise<readonly PlanFile[]>;
}

export interface PlanFile {
  /** File name, for messages. */
  readonly file: string;
  readonly text: string;
}
