/** The exit codes that are not an execution's; those are in core/transitions.ts. */
export const EXIT = { done: 0, failed: 1, usage: 2, refused: 3 } as const;

/** Ends a command: one message on standard error, and the exit code. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
  }
}
