import type { LocalClock } from './local-clock.ts';
import { createRealClock } from './real.ts';

export interface ScaledClockOptions {
  /** The moment at which it shows what the system's clock shows, epoch milliseconds: the same for all who share it. */
  readonly since: number;
  readonly factor: number;
}

/** Runs `factor` times as fast as the system's clock, alike in every process. */
export function createScaledClock({ since, factor }: ScaledClockOptions): LocalClock {
  const real = createRealClock();
  const now = (): number => Math.floor(since + (real.now() - since) * factor);
  return {
    ...real,
    now,
    sleep: (ms, signal) => real.sleep(ms / factor, signal),
    setTimer: (at, callback) => real.setTimer(real.now() + (at - now()) / factor, callback),
  };
}
