import { describe, expect, test } from 'vitest';
import { otherSiteReady } from '../../../src/health/readiness.ts';
import type { Readiness, ReadinessFinding } from '../../../src/records/readiness.ts';

const at = '2026-03-01T10:00:00.000Z';
const finding: ReadinessFinding = {
  severity: 'critical',
  resource: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west',
  problem: 'cannot be read.',
  remedy: 'Mend it.',
};

function readiness(...findings: readonly ReadinessFinding[]): Readiness {
  return { plan: 'cafe', planHash: 'h', at, from: 'east', to: 'west', findings };
}

function asked(
  known: Readiness | null,
  { active = 'east', now = '2026-03-01T10:30:00.000Z' } = {},
): ReturnType<typeof otherSiteReady> {
  return otherSiteReady(known, { active, now });
}

describe('the other site', () => {
  test.each<[string, Partial<ReadinessFinding>, 'yes' | 'no']>([
    [
      'can take over in spite of a warning about it',
      { severity: 'warning', side: 'entered' },
      'yes',
    ],
    [
      'can take over in spite of a critical finding about the side that is left',
      { side: 'left' },
      'yes',
    ],
    ['can take over in spite of a critical finding about neither side', {}, 'yes'],
    [
      'can take over in spite of what stands in the way of a planned run only',
      { side: 'entered', mode: 'planned' },
      'yes',
    ],
    ['cannot take over with a critical finding about it', { side: 'entered' }, 'no'],
    ['cannot take over with one of unplanned runs', { side: 'entered', mode: 'unplanned' }, 'no'],
    [
      'cannot take over when something makes it impossible',
      { severity: 'warning', impossible: true },
      'no',
    ],
  ])('%s', (_what, patch, ready) => {
    expect(asked(readiness({ ...finding, ...patch })).ready).toBe(ready);
  });

  test('says why it could not take over, and how to mend that', () => {
    const bad: ReadinessFinding = { ...finding, side: 'entered' };
    expect(asked(readiness(bad, bad)).why).toBe(
      `west could not take over, as of ${at}: sql-west: cannot be read. Mend it. And 1 more.`,
    );
  });

  test.each([
    ['never checked', null, {}],
    ['checked when the other site served', readiness(), { active: 'west' }],
    ['checked too long ago', readiness(), { now: '2026-03-01T12:00:01.000Z' }],
  ])('is not known when it was %s', (_what, known, when) => {
    expect(asked(known, when).ready).toBe('unknown');
  });
});
