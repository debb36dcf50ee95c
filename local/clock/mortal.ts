import type { Clock } from '../../src/core/clock.ts';

/**
 * The clock of an instance that can be killed: after `life` is aborted its sleeps never end, so that code which was
 * in flight when the instance died does not go on. The rest of the world keeps its own clock and is not touched.
 */
export function mortalClock(clock: Clock, life: AbortSignal): Clock {
  return {
    now: () => clock.now(),
    sleep: async (ms, signal) => {
      try {
        await clock.sleep(ms, signal);
      } finally {
        if (life.aborted) await new Promise<never>(() => undefined);
      }
    },
  };
}
