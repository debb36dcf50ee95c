import { describe, expect, it } from 'vitest';
import { drawSchedule } from '../../../../local/simulate/draw.ts';
import type { Happening } from '../../../../local/simulate/happenings.ts';
import type { Schedule } from '../../../../local/simulate/schedule.ts';
import { shrink } from '../../../../local/simulate/shrink.ts';

/** Ten things happen: the fourth breaks S1, the eighth S5. */
const HAPPENINGS: readonly Happening[] = Array.from({ length: 10 }, (_, index) => ({
  do: 'steal',
  at: index + 1,
}));
const SCHEDULE: Schedule = { ...drawSchedule(1), happenings: HAPPENINGS };

async function brokenBy({ happenings }: Schedule): Promise<readonly string[]> {
  const happens = (at: number): boolean => happenings.some((one) => one.at === at);
  return [...(happens(4) ? ['S1'] : []), ...(happens(8) ? ['S5'] : [])];
}

describe('a schedule that breaks promises', () => {
  it.each([
    [['S1'], [4]],
    [['S5'], [8]],
    [
      ['S1', 'S5'],
      [4, 8],
    ],
  ])('is shrunk to what breaks all of %j', async (promises, left) => {
    const smallest = await shrink(SCHEDULE, promises, brokenBy);
    expect(smallest.happenings.map(({ at }) => at)).toEqual(left);
    expect(smallest).toMatchObject({ answers: [], jitter: { earlyMs: 0, lateMs: 0 } });
  });

  it('stays as it is when nothing can be left out', async () => {
    const none = async (): Promise<readonly string[]> => [];
    expect(await shrink(SCHEDULE, ['S1'], none)).toBe(SCHEDULE);
  });
});
