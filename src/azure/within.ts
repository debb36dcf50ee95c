import { RestError } from '@azure/core-rest-pipeline';
import { IN_TIME } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';

/**
 * Runs `work` for at most `milliseconds` of the injected clock. Returns even when the transport ignores its signal:
 * whoever waits for Azure must always wake up.
 */
export async function within<T>(
  clock: Clock,
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const limit = new AbortController();
  const { signal } = limit;
  const done = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(reasonOf(signal)), { once: true });
  });
  // By hand: Node keeps a signal of AbortSignal.any, and all that listens to it, for as long as nothing aborts it.
  const passOn = (): void => limit.abort(outer?.reason);
  outer?.addEventListener('abort', passOn, { once: true });
  clock.sleep(milliseconds, done.signal).then(
    () => limit.abort(noAnswer(milliseconds)),
    () => undefined,
  );
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    outer?.removeEventListener('abort', passOn);
    done.abort(IN_TIME);
  }
}

function noAnswer(milliseconds: number): RestError {
  return new RestError(`No answer within ${milliseconds / 1000} s.`, { code: 'NoAnswer' });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
