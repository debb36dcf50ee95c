import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSchedule } from '../../local/simulate/schedule-file.ts';
import { violationsOf } from './simulation.ts';

const FOLDER = 'test/simulation/found';

/** Schedules that broke a promise once, shrunk to what was to blame. */
const FOUND = readdirSync(FOLDER).map((file) => file.replace('.json', ''));

describe('a schedule that broke a promise once', () => {
  it.each(FOUND)('%s keeps every promise now', async (name) => {
    expect(await violationsOf(await readSchedule(`${FOLDER}/${name}.json`))).toEqual([]);
  });
});
