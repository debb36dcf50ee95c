import { describe, expect, it } from 'vitest';
import { createProgress } from '../../../../local/simulate/progress.ts';
import type { ProgressOptions } from '../../../../local/simulate/progress.ts';
import { NOTHING_YET } from '../../../../local/simulate/tally.ts';

/** Looks and outcomes, in seconds after the beginning: a number is a moment at which something came of the next seed. */
type Moment =
  number | { readonly lookAt: number } | { readonly beginAt: number; readonly seed: number };

function saidAfter(
  goal: ProgressOptions['goal'],
  moments: readonly Moment[],
  seconds = 60,
): readonly string[] {
  const said: string[] = [];
  let now = 0;
  let ended = 0;
  const say = (line: string): number => said.push(`${now / 1_000} s: ${line}`);
  const progress = createProgress({ goal, seconds, now: () => now, say });
  for (const moment of moments) {
    if (typeof moment === 'number') {
      now = moment * 1_000;
      ended += 1;
      progress.ended(ended, { ...NOTHING_YET, seeds: ended, executions: 2 * ended });
    } else if ('lookAt' in moment) {
      now = moment.lookAt * 1_000;
      progress.look();
    } else {
      now = moment.beginAt * 1_000;
      progress.began(moment.seed);
    }
  }
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

  it('goes on while nothing comes, and names the seeds that have been running for long', () => {
    const said = saidAfter({ seeds: 6 }, [
      ...[
        { beginAt: 0, seed: 1 },
        { beginAt: 10, seed: 2 },
      ],
      ...[{ lookAt: 59 }, { lookAt: 60 }, { lookAt: 119 }, { lookAt: 121 }],
      125,
      ...[{ beginAt: 126, seed: 3 }, { lookAt: 185 }],
    ]);
    expect(said).toEqual([
      '60 s: 0 of 6 seeds, 0 violations, 0 failovers (0 a minute)',
      '121 s: 0 of 6 seeds, 0 violations, 0 failovers (0 a minute); still running: seed 1 for 2 min, seed 2 for 2 min',
      '185 s: 1 of 6 seeds, 0 violations, 2 failovers (1 a minute), about 15 min left; still running: seed 2 for 3 min',
    ]);
  });

  it('is told after each seed to whom wants that, and each minute while nothing comes', () => {
    const said = saidAfter({ seeds: 3 }, [1, { lookAt: 60 }, { lookAt: 61 }, 62], 0);
    expect(said.map((line) => line.split(':', 1)[0])).toEqual(['1 s', '61 s', '62 s']);
  });
});
