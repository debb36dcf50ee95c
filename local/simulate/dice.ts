/** Chance in the words of a schedule. */
export interface Dice {
  chance(share: number): boolean;
  between(low: number, high: number): number;
  /** Both bounds included. */
  whole(low: number, high: number): number;
  one<const T>(of: readonly [T, ...T[]]): T;
}

export function dice(random: () => number): Dice {
  const whole = (low: number, high: number): number =>
    low + Math.floor(random() * (high - low + 1));
  return {
    chance: (share) => random() < share,
    between: (low, high) => low + random() * (high - low),
    whole,
    one: (of) => of[whole(0, of.length - 1)] ?? of[0],
  };
}
