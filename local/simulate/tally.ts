import type { Attempted, Failing } from './attempt.ts';
import type { Died } from './worker-process.ts';

/** What came of all seeds that have ended. */
export interface Tally {
  readonly seeds: number;
  readonly executions: number;
  readonly violations: number;
  /** In the order of their seeds, however they ended. */
  readonly failing: readonly (Failing | Lost)[];
}

/** A seed whose process ended before it answered. */
interface Lost extends Failing {
  readonly died: string;
}

export const NOTHING_YET: Tally = { seeds: 0, executions: 0, violations: 0, failing: [] };

export function counted(tally: Tally, outcome: Attempted | Died): Tally {
  const executions = 'how' in outcome ? 0 : outcome.executions;
  const failing = 'how' in outcome ? lost(outcome) : outcome.failing;
  const so = { seeds: tally.seeds + 1, executions: tally.executions + executions };
  if (failing === null) return { ...tally, ...so };
  return {
    ...so,
    // A process that died has kept no promise.
    violations: tally.violations + Math.max(1, failing.broken.length),
    failing: [...tally.failing, failing].toSorted((left, right) => left.seed - right.seed),
  };
}

function lost({ seed, schedule, how }: Died): Lost {
  return { seed, schedule, broken: [], died: how };
}
