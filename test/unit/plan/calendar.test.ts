import { describe, expect, test } from 'vitest';
import { lastMoment, nextMoment, rememberedLastMoment } from '../../../src/plan/calendar.ts';

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

  test.each([
    ['daily', daily],
    ['on one day of the week', { cron: '0 6 * * 2', timeZone: 'UTC' }],
    ['on the 29th of February', { cron: '0 6 29 2 *', timeZone: 'UTC' }],
  ])('that is asked often remembers no moment for too long, or too early: %s', (_how, calendar) => {
    const remembered = rememberedLastMoment();
    const from = Date.parse('2026-10-20T00:00:00Z');
    const minutes = Array.from({ length: 2_000 }, (_, count) => count * 17);
    // Two weeks and more, in which the clock is once set back by a day.
    const asked = [...minutes, ...minutes.slice(-100).map((minute) => minute - 1_440)];
    for (const minute of asked) {
      const at = from + minute * 60_000;
      expect([minute, remembered(calendar, at)]).toEqual([minute, lastMoment(calendar, at)]);
    }
  });
});
