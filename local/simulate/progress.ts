import { NOTHING_YET } from './tally.ts';
import type { Tally } from './tally.ts';

export interface ProgressOptions {
  /** How much there is to do: so many seeds, or as many as fit into so many minutes. */
  readonly goal: { readonly seeds: number } | { readonly minutes: number };
  /** At most this often; 0 for each time that something came of a seed. */
  readonly seconds: number;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/** Says how far a long run is. */
export interface Progress {
  readonly began: (seed: number) => void;
  readonly ended: (seed: number, tally: Tally) => void;
  /** To be called now and then: nothing may have come of any seed for long. */
  readonly look: () => void;
}

/** Who asks for a line after each seed wants no more of them than that, unless nothing comes. */
const QUIET_SECONDS = 60;
/** A seed that runs for longer is named. */
const LONG_MINUTES = 1;

export function createProgress({ goal, seconds, now, say }: ProgressOptions): Progress {
  const began = now();
  const underWay = new Map<number, number>();
  let saidLast = began;
  let tally = NOTHING_YET;
  const sayAfter = (pause: number): void => {
    const at = now();
    const isDone = 'seeds' in goal && tally.seeds >= goal.seeds;
    if (isDone || at - saidLast < pause * 1_000) return;
    saidLast = at;
    const long = [...underWay]
      .map(([seed, since]) => ({ seed, minutes: (at - since) / 60_000 }))
      .filter(({ minutes }) => minutes > LONG_MINUTES)
      .map(({ seed, minutes }) => `seed ${seed} for ${inWords(minutes)}`);
    const still = long.length === 0 ? '' : `; still running: ${long.join(', ')}`;
    say(`${progressLine(tally, goal, at - began)}${still}`);
  };
  return {
    began: (seed) => void underWay.set(seed, now()),
    ended(seed, soFar) {
      underWay.delete(seed);
      tally = soFar;
      sayAfter(seconds);
    },
    look: () => sayAfter(seconds === 0 ? QUIET_SECONDS : seconds),
  };
}

function progressLine(
  { seeds, violations, executions }: Tally,
  goal: ProgressOptions['goal'],
  elapsedMs: number,
): string {
  const elapsed = Math.max(elapsedMs, 1) / 60_000;
  const rate = Math.round(executions / elapsed);
  const of = 'seeds' in goal ? ` of ${goal.seeds}` : '';
  return `${seeds}${of} seeds, ${violations} violations, ${executions} failovers (${rate} a minute)${leftOf(goal, seeds, elapsed)}`;
}

function leftOf(goal: ProgressOptions['goal'], seeds: number, elapsed: number): string {
  if (!('seeds' in goal)) return `, about ${inWords(Math.max(0, goal.minutes - elapsed))} left`;
  // Before the first has ended nobody can know.
  return seeds === 0 ? '' : `, about ${inWords((elapsed / seeds) * (goal.seeds - seeds))} left`;
}

function inWords(minutes: number): string {
  if (minutes < 1) return `${Math.ceil(minutes * 60)} s`;
  const whole = Math.round(minutes);
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}
