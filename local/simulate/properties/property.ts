import type { Run } from '../run.ts';

/** A promise of the product, held against one run. */
export interface Property {
  /** `S1` to `S12`; `W` for the watch, `H` for what the host and the app must never do at all. */
  readonly name: string;
  readonly promise: string;
  readonly broken: (run: Run) => readonly Violation[];
}

export interface Violation {
  readonly at: number;
  readonly sentence: string;
}
