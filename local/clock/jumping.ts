import type { Clock } from '../../src/core/clock.ts';

/** The clock of a machine that is set anew while it runs: what it shows jumps, how long its sleeps last does not. */
export interface JumpingClock extends Clock {
  /** Forwards, or backwards. */
  jump(milliseconds: number): void;
  /** At what moments of the world it could have shown this. */
  moments(shown: number): readonly number[];
}

export function jumpingClock(clock: Clock): JumpingClock {
  const spans = [{ from: -Infinity, ahead: 0 }];
  const ahead = (): number => spans.at(-1)?.ahead ?? 0;
  return {
    now: () => clock.now() + ahead(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
    jump: (milliseconds) => void spans.push({ from: clock.now(), ahead: ahead() + milliseconds }),
    moments: (shown) =>
      spans.flatMap((span, index) => {
        const moment = shown - span.ahead;
        const until = spans[index + 1]?.from ?? Infinity;
        return moment >= span.from && moment <= until ? [moment] : [];
      }),
  };
}
