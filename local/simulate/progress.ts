import type { Tally } from './tally.ts';

export interface ProgressOptions {
  /** How much there is to do: so many seeds, or as many as fit into so many minutes. */
  readonly goal: { readonly seeds: number } | { readonly minutes: number };
  /** At most this often. */
  readonly seconds: number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/**
 * Says how far a long run is. It does so when something came of a seed and enough time has passed, so that no timer has
 * to be kept: while a single seed is shrunk there is nothing to say.
 */
export function createProgress({
  goal,
  seconds,
  now,
  say,
}: ProgressOptions): (tally: Tally) => void {
  const began = now();
  let saidLast = began;
  return (tally) => {
    const at = now();
    const isDone = 'seeds' in goal && tally.seeds >= goal.seeds;
    if (isDone || at - saidLast < seconds * 1_000) return;
    saidLast = at;
    say(progressLine(tally, goal, at - began));
  };
}

function progressLine(
  { seeds, violations, executions }: Tally,
  goal: ProgressOptions['goal'],
  elapsedMs: number,
): string {
  const elapsed = Math.max(elapsedMs, 1) / 60_000;
  const [of, left] =
    'seeds' in goal
      ? [` of ${goal.seeds}`, (elapsed / seeds) * (goal.seeds - seeds)]
      : ['', Math.max(0, goal.minutes - elapsed)];
  const rate = Math.round(executions / elapsed);
  return `${seeds}${of} seeds, ${violations} violations, ${executions} failovers (${rate} a minute), about ${inWords(left)} left`;
}

function inWords(minutes: number): string {
  if (minutes < 1) return `${Math.ceil(minutes * 60)} s`;
  const whole = Math.round(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}
