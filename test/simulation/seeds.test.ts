import { beforeAll, describe, expect, it } from 'vitest';
import { drawSchedule } from '../../local/simulate/draw.ts';
import { timelineOf, violationsOf } from './simulation.ts';

const FIXED = Array.from({ length: 20 }, (_, index) => 5_000 + index);
/** New ones at every run, so that the suite goes on finding. `npm run simulate -- --seed N` repeats one. */
const FRESH = Array.from({ length: 5 }, (_, index) => (Date.now() % 1_000_000_000) + index);

/** The very first run of this process. */
let alone: string;

beforeAll(async () => {
  alone = await timelineOf(drawSchedule(7));
});

describe('failovers against faults, outages, crashes and people', () => {
  it.each([...FIXED, ...FRESH])('keep every promise with seed %i', async (seed) => {
    expect(await violationsOf(drawSchedule(seed))).toEqual([]);
  });

  it('run the same way again, whatever ran before', async () => {
    expect(await timelineOf(drawSchedule(7))).toBe(alone);
  });
});
