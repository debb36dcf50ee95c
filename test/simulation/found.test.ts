import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../local/simulate/schedule.ts';
import { violationsOf } from './simulation.ts';

const FOLDER = 'test/simulation/found';

/** Schedules that broke a promise once, shrunk to what was to blame. */
const FOUND = readdirSync(FOLDER).map((file) => ({
  name: file.replace('.json', ''),
  ...(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as {
    readonly why: string;
    readonly schedule: Schedule;
  }),
}));

describe('a schedule that broke a promise once', () => {
  it.each(FOUND)('$name keeps every promise now', async ({ schedule }) => {
    expect(await violationsOf(schedule)).toEqual([]);
  });
});
