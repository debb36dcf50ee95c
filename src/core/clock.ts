/** Time as the application sees it. Epoch milliseconds; the system's in production, virtual in simulation. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Why a time limit is called off. Given as a reason, because abort() would make an exception with its stack each time. */
export const IN_TIME = new Error('It was done in time.');

/** An ISO 8601 instant in UTC, with milliseconds. The form in which every record keeps time. */
export type Instant = string;

export function instant(epochMilliseconds: number): Instant {
  return new Date(epochMilliseconds).toISOString();
}

export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The instant that comes `seconds` after another. */
export function later(than: Instant, seconds: number): Instant {
  return instant(Date.parse(than) + seconds * 1000);
}
