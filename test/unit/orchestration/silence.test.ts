import { describe, expect, it } from 'vitest';
import { isStale, staleFor } from '../../../src/orchestration/silence.ts';

const EXPECTED = '2026-11-21T10:00:00.000Z';

describe('what was decided for a moment', () => {
  it.each([
    ['is fresh before it', '2026-11-21T09:00:00.000Z', false, '-1 h'],
    ['is fresh in it', EXPECTED, false, '0 s'],
    ['is fresh after a redeployment', '2026-11-21T10:05:00.000Z', false, '5 min'],
    ['is fresh for a quarter of an hour', '2026-11-21T10:15:00.000Z', false, '15 min'],
    ['is stale from then on', '2026-11-21T10:15:00.001Z', true, '15 min'],
    ['is stale after a night', '2026-11-21T18:05:00.000Z', true, '8 h 5 min'],
  ])('%s', (_what, now, stale, words) => {
    expect(isStale(EXPECTED, now)).toBe(stale);
    expect(staleFor(EXPECTED, now)).toBe(words);
  });
});
