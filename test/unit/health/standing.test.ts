import { describe, expect, it } from 'vitest';
import { isStale } from '../../../src/health/standing.ts';
import { RULE, at, standingAfter } from '../../support/looks.ts';

describe('what a signal is taken for', () => {
  it.each<[trace: string, is: string, count: number, why: string]>([
    ['g', 'good', 1, 'one good look is enough for what was never bad'],
    ['b', 'unknown', 1, 'one bad look is not'],
    ['ggbb', 'good', 2, 'two of three are not enough'],
    ['ggbbb', 'bad', 3, 'three in a row are'],
    ['bbgbb', 'good', 2, 'a good one in between begins the count anew'],
    ['bbugb', 'good', 1, 'so it does after one that tells nothing'],
    ['bbub', 'bad', 3, 'one that tells nothing does not interrupt'],
    ['bbb' + 'gg', 'bad', 2, 'two good looks do not make it good again'],
    ['bbb' + 'ggg', 'good', 3, 'three do'],
    ['bbb' + 'ggbgg', 'bad', 2, 'three in a row, that is'],
    ['bb--b', 'bad', 3, 'two ticks may be missed'],
    ['bb---b', 'unknown', 1, 'three may not: nobody knows what happened meanwhile'],
    ['bbb' + '-'.repeat(360) + 'b', 'unknown', 1, 'a tick three hours late begins anew'],
    ['bbb' + '-'.repeat(360) + 'g', 'good', 1, 'also when it brings good news'],
    ['gbgbgbgbgbgb', 'good', 1, 'flapping is not failing'],
  ])('after %s is %s (%i in a row): %s', (trace, is, count) => {
    expect(standingAfter(trace)).toMatchObject({ is, run: { count } });
  });

  it('does not count looks of one moment twice', () => {
    const often = standingAfter('b'.repeat(6), { everySeconds: 5 });
    expect(often).toMatchObject({ is: 'unknown', run: { count: 2 } });
  });

  it('does not count the same sample twice, nor take an old one for news', () => {
    const same = standingAfter('bbbb', { everySeconds: 0 });
    expect(same).toMatchObject({ is: 'unknown', run: { count: 1 } });
    const older = standingAfter('bbbg', { everySeconds: -30 });
    expect(older).toMatchObject({ run: { as: 'bad', count: 1 } });
  });

  it('keeps the first bad look of the run, from which the time to recover counts', () => {
    expect(standingAfter('gbgbbbb')?.run).toMatchObject({ since: at(90), last: at(180) });
  });

  it('is bad at once when it is proof', () => {
    expect(standingAfter('b', { weight: 'proof' })).toMatchObject({ is: 'bad' });
  });

  it('says why it tells nothing, and what it saw last', () => {
    expect(standingAfter('bu')).toMatchObject({ sees: 'bad', unclear: 'unclear' });
    expect(standingAfter('bub')).not.toHaveProperty('unclear');
  });
});

describe('what was heard too long ago', () => {
  it.each<[trace: string, domain: 'our-network' | 'monitor', seconds: number, stale: boolean]>([
    ['bbb', 'our-network', 60 + 180, false],
    ['bbb', 'our-network', 60 + 181, true],
    ['ggg', 'our-network', 60 + 181, true],
    // Asked every five minutes while it is good, and at every tick as soon as anything is bad.
    ['ggg', 'monitor', 60 + 181, false],
    ['ggg', 'monitor', 60 + 361, true],
    ['bbb', 'monitor', 60 + 181, true],
    ['u', 'monitor', 0, true],
  ])('%s of %s after %i s: stale is %s', (trace, domain, seconds, stale) => {
    expect(isStale(standingAfter(trace, { domain })!, RULE, at(seconds))).toBe(stale);
  });
});
