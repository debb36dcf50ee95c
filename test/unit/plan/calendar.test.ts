import { describe, expect, test } from 'vitest';
import { lastMoment, nextMoment } from '../../../src/plan/calendar.ts';

const daily = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };

describe('a calendar', () => {
  test.each([
    ['between two moments', '2026-06-10T12:00:00Z', '2026-06-10T00:30:00Z', '2026-06-11T00:30:00Z'],
    ['at a moment', '2026-06-10T00:30:00Z', '2026-06-10T00:30:00Z', '2026-06-11T00:30:00Z'],
    // Half past two does not exist that night: the clock goes from two to three.
    [
      'when clocks go forward',
      '2026-03-29T12:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
    // Half past two comes twice that night; it counts once.
    ['when clocks go back', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  ])('knows the last and the next moment %s', (_when, at, last, next) => {
    const found = [lastMoment(daily, Date.parse(at)), nextMoment(daily, Date.parse(at))];
    expect(found.map((ms) => new Date(ms ?? 0).toISOString())).toEqual(
      [last, next].map((text) => new Date(text).toISOString()),
    );
  });
});
