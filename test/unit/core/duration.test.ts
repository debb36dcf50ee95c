import { describe, expect, it } from 'vitest';
import { formatSeconds, parseDuration } from '../../../src/core/duration.ts';

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['90s', 90],
    ['30m', 1800],
    ['1h30m', 5400],
    ['2d', 172_800],
    ['250ms', 0.25],
    ['1.5h', 5400],
    ['1d1h1m1s', 90_061],
    // Units may come in any order, and more than once.
    ['30s1m', 90],
    ['1m1m', 120],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    [''],
    ['90'],
    ['s'],
    ['-5s'],
    ['1 h'],
    ['1H'],
    ['1h 30m'],
    ['1,5h'],
    ['.5h'],
    ['1w'],
    ['1h30'],
    [' 1h'],
    ['1e3s'],
    ['Infinitys'],
  ])('is not %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([
    [0, '0 s'],
    [0.4, '0.4 s'],
    [1, '1 s'],
    [9.94, '9.9 s'],
    [10.4, '10 s'],
    [42, '42 s'],
    [59.6, '1 min'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [3599.6, '1 h'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    // Hours and more are told to the minute.
    [3659, '1 h'],
    [172_800, '48 h'],
    [-42, '-42 s'],
    [-0.5, '-0.5 s'],
  ])('of %d seconds reads %j', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
