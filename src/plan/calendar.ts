import { Cron } from 'croner';
import { z } from 'zod';
import { expected } from './complaints.ts';

/** Times that come again, as people write them: a cron expression of five fields in a time zone. */

const CRON = 'a cron expression of five fields such as "0 6 * * 2" (minute hour day month weekday)';
const ZONE = 'a time zone such as Europe/Berlin or UTC';

export const cron = z
  .string({ error: expected(CRON) })
  .refine((pattern) => pattern.trim().split(/\s+/).length === 5 && isPattern(pattern), {
    error: expected(CRON),
  })
  .meta({ description: 'Minute, hour, day, month, weekday: `0 6 * * 2`.' });

export const timeZone = z
  .string({ error: expected(ZONE) })
  .refine(isTimeZone, { error: expected(ZONE) })
  .default('UTC')
  .meta({ description: 'The zone of that clock.' });

export interface Calendar {
  readonly cron: string;
  readonly timeZone: string;
}

/**
 * The last moment at or before `at` that the calendar names (milliseconds). Null when there is none within four years:
 * a 29th of February comes that seldom.
 */
export function lastMoment(
  { cron: pattern, timeZone: timezone }: Calendar,
  at: number,
): number | null {
  // Croner's moments lie strictly before and after the reference.
  const [last] = new Cron(pattern, { timezone }).previousRuns(1, new Date(at + 1));
  return last?.getTime() ?? null;
}

/**
 * The same, and remembers it of each calendar until its next moment: they are asked every minute, and to look for a moment
 * takes far longer than to compare two.
 */
export function rememberedLastMoment(): typeof lastMoment {
  const known = new WeakMap<Calendar, { from: number; until: number; last: number | null }>();
  return (calendar, at) => {
    const span = known.get(calendar);
    // Clocks are set back, too.
    if (span !== undefined && span.from <= at && at < span.until) return span.last;
    const last = lastMoment(calendar, at);
    known.set(calendar, { from: last ?? at, until: nextMoment(calendar, at) ?? Infinity, last });
    return last;
  };
}

/** The first moment after `at`. */
export function nextMoment(
  { cron: pattern, timeZone: timezone }: Calendar,
  at: number,
): number | null {
  return new Cron(pattern, { timezone }).nextRun(new Date(at))?.getTime() ?? null;
}

function isPattern(pattern: string): boolean {
  try {
    return new Cron(pattern).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
