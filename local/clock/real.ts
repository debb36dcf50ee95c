import { setTimeout as delay } from 'node:timers/promises';
import type { LocalClock } from './local-clock.ts';

/** Node's timers overflow beyond 2^31 ms and then fire at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** The system's clock. */
export function createRealClock(): LocalClock {
  return {
    now: () => Date.now(),
    sleep: sleepReal,
    run: (work) => work(),
    spawn: (work) => {
      void work();
    },
    wait: (promise) => promise,
    setTimer: setRealTimer,
    hold: () => () => undefined,
  };
}

async function sleepReal(ms: number, signal?: AbortSignal): Promise<void> {
  const until = Date.now() + ms;
  try {
    for (let left = Math.max(0, ms); ; left = until - Date.now()) {
      await delay(Math.min(Math.max(0, left), LONGEST_TIMEOUT), undefined, signal && { signal });
      if (Date.now() >= until || left <= LONGEST_TIMEOUT) return;
    }
  } catch (error) {
    // Node wraps the reason; the contract is the reason itself.
    signal?.throwIfAborted();
    throw error;
  }
}

function setRealTimer(at: number, callback: () => void): () => void {
  let timeout: NodeJS.Timeout;
  const arm = (): void => {
    const left = at - Date.now();
    timeout = setTimeout(
      left > LONGEST_TIMEOUT ? arm : callback,
      Math.min(Math.max(0, left), LONGEST_TIMEOUT),
    );
  };
  arm();
  return () => clearTimeout(timeout);
}
