import type { PipelineResponse } from '@azure/core-rest-pipeline';

/** Servers' wishes outside of these bounds are not followed: a poll every hour would miss the end of an operation. */
const SHORTEST = 1;
const LONGEST = 120;

/** Seconds to wait, from `Retry-After` as seconds or as a date; null when the answer does not say. */
export function retryAfterSeconds(
  headers: Pick<PipelineResponse['headers'], 'get'>,
  now: number,
): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (text === '') return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(LONGEST, Math.max(SHORTEST, Math.ceil(seconds)));
}
