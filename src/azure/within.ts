import { RestError } from '@azure/core-rest-pipeline';
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
  const late = new AbortController();
  const done = new AbortController();
  const signal = outer === undefined ? late.signal : AbortSignal.any([outer, late.signal]);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(reasonOf(signal)), { once: true });
  });
  clock.sleep(milliseconds, done.signal).then(
    () => late.abort(noAnswer(milliseconds)),
    () => undefined,
  );
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    done.abort();
  }
}

function noAnswer(milliseconds: number): RestError {
  return new RestError(`No answer within ${milliseconds / 1000} s.`, { code: 'NoAnswer' });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}
