import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { scheduleSchema } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** Why a file is no schedule, in one sentence for people. */
export class ScheduleRefused extends Error {}

/** More would hide the first. */
const PROBLEMS_AT_MOST = 3;

/** With the schedule stands why it is kept (test/simulation/found), or what it broke (`--json`). */
const kept = z.object({ schedule: scheduleSchema });

/** What this program printed, or what is kept in test/simulation/found, perhaps changed by hand since. */
export async function readSchedule(file: string): Promise<Schedule> {
  const written = jsonOf(await textOf(file), file);
  const isKept = typeof written === 'object' && written !== null && 'schedule' in written;
  const parsed = isKept ? kept.safeParse(written) : scheduleSchema.safeParse(written);
  if (!parsed.success) throw new ScheduleRefused(`${file} is no schedule: ${told(parsed.error)}.`);
  return 'schedule' in parsed.data ? parsed.data.schedule : parsed.data;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScheduleRefused(`${file} cannot be read: ${why}.`, { cause: error });
  }
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ScheduleRefused(`${file} is no JSON: ${why}.`, { cause: error });
  }
}

function told({ issues }: z.ZodError): string {
  const problems = issues
    .slice(0, PROBLEMS_AT_MOST)
    .map(({ path, message }) => [z.core.toDotPath(path), message].filter(Boolean).join(': '));
  const more = issues.length - problems.length;
  return [...problems, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
