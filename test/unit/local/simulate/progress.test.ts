import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../../local/simulate/progress.ts';
import type { ProgressOptions } from '../../../../local/simulate/progress.ts';
import { NOTHING_YET } from '../../../../local/simulate/tally.ts';

/** Something came of a seed so many seconds after the beginning. */
function saidAfter(goal: ProgressOptions['goal'], moments: readonly number[]): readonly string[] {
  const said: string[] = [];
  let now = 0;
  const say = (line: string): number => said.push(`${now / 1_000} s: ${line}`);
  const progress = createProgress({ goal, seconds: 60, now: () => now, say });
  moments.forEach((seconds, index) => {
    now = seconds * 1_000;
    progress({ ...NOTHING_YET, seeds: index + 1, executions: 2 * (index + 1) });
  });
  return said;
}

describe('the progress of a simulation', () => {
  it('is told about once a minute, and not when all is done', () => {
    const said = saidAfter({ seeds: 6 }, [20, 59, 61, 100, 125, 190]);
    expect(said).toEqual([
      '61 s: 3 of 6 seeds, 0 violations, 6 failovers (6 a minute), about 1 min left',
      '125 s: 5 of 6 seeds, 0 violations, 10 failovers (5 a minute), about 25 s left',
    ]);
  });

  it.each<[string, ProgressOptions['goal'], number, string]>([
    ['of few seeds', { seeds: 3 }, 60, 'about 2 min left'],
    ['of many seeds', { seeds: 121 }, 90, 'about 3 h 0 min left'],
    ['of a time', { minutes: 30 }, 90, 'about 29 min left'],
    ['of a time that is up', { minutes: 1 }, 90, 'about 0 s left'],
  ])('tells how long it still takes: %s', (_, goal, seconds, left) => {
    expect(saidAfter(goal, [seconds]).join()).toContain(left);
  });
});
