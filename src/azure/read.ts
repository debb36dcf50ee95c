import type { Clock } from '../core/clock.ts';
import { AzureError } from './errors.ts';
import { errorOfFailure, isRequestFailure } from './failures.ts';

/**
 * Runs a read of the SDK; failed requests become our errors. Repeating happens below, in the transport. The SDKs, and
 * what we make of their answers, trip over bodies of another shape: all that is read here came over the wire.
 */
export type Read = <T>(operation: string, ask: () => Promise<T>) => Promise<T>;

export function createRead(clock: Clock): Read {
  return async (operation, ask) => {
    try {
      return await ask();
    } catch (error) {
      if (isRequestFailure(error))
        throw errorOfFailure(error, { operation, now: clock.now() }, true);
      throw error instanceof TypeError || error instanceof RangeError
        ? unexpectedAnswer(operation, error.message, error)
        : error;
    }
  };
}

export function unexpectedAnswer(operation: string, what: string, cause?: unknown): AzureError {
  return new AzureError({
    effect: 'lost',
    code: 'UnexpectedAnswer',
    message: `answered in a shape that is not known (${what})`,
    operation,
    cause,
  });
}

/** A read that a change needs. Without its answer the change is not sent, so a lost answer had no effect here. */
export async function beforeChange<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AzureError) || error.effect !== 'lost') throw error;
    throw new AzureError({
      effect: 'refused',
      transient: true,
      code: error.code,
      message: `could not be read, so nothing was changed (${error.message})`,
      operation: error.operation,
      status: error.status,
      correlationId: error.correlationId,
      cause: error,
    });
  }
}

/** Null when Azure itself says that the resource does not exist. */
export async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AzureError && saysAbsent(error)) return null;
    throw error;
  }
}

/**
 * A 404 without an error code comes from something in between, and one about the subscription from a wrong setting:
 * neither may pass for "the machine is gone".
 */
function saysAbsent(error: AzureError): boolean {
  return error.isNotFound && error.code !== 'Http404' && error.code !== 'SubscriptionNotFound';
}

export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** The SDKs' dates: absent, or the services' ways of saying "never" (years 1, 1601 and 1753), become null. */
export function instantOrNull(date: Date | undefined | null): string | null {
  if (date === undefined || date === null || Number.isNaN(date.getTime())) return null;
  return date.getUTCFullYear() < 1970 ? null : date.toISOString();
}
