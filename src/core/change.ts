/** What an execution would do to one resource: a line of a dry-run's difference. */
export interface ForeseenChange {
  readonly resource: string;
  /** What it is now, and what it would become. */
  readonly now: string;
  readonly then: string;
}
