import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import type { Json } from '../core/json.ts';
import { expected } from './complaints.ts';

/** The small things of which plan files are made. */

/** Timers and dates cannot hold anything: whoever writes more has mistyped. */
const YEAR = 366 * 86_400;
const DURATION = 'a duration such as 90s, 30m or 1h30m';

const durationText = z
  .string({ error: expected(DURATION) })
  .regex(/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/, { error: expected(DURATION), abort: true })
  .refine((text) => secondsOf(text) <= YEAR, { error: expected('at most 366d') });
/** Seconds, zero included. */
export const duration = durationText.transform(secondsOf);
/** Seconds, more than none. */
export const time = durationText
  .refine((text) => secondsOf(text) > 0, { error: expected('more than 0s') })
  .transform(secondsOf);

function secondsOf(text: string): number {
  return parseDuration(text) ?? 0;
}

const NAME = 'a name of lower-case letters, digits and dashes that begins with a letter';
export const name = z
  .string({ error: expected(NAME) })
  .regex(/^[a-z][a-z0-9-]{0,61}$/, { error: expected(NAME) });

export const text = z.string().min(1, { error: expected('some text') });

const json: z.ZodType<Json> = z.json();
export const jsonObject = z.record(z.string(), json);

/** One text or several, templates allowed. */
export const template = z.union([z.string(), z.array(z.string())]);
