import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, suggestion } from '../../../src/plan/suggestion.ts';

test.each([
  ['', '', 0],
  ['stop', 'stpo', 1],
  ['stop', 'stp', 1],
  ['cold', 'cool', 2],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('%j is %j by %i slips', (left, right, distance) => {
  expect(editDistance(left, right)).toBe(distance);
});

test('distance is symmetric, zero for equals only, and never more than the longer word', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (left, right) => {
      const distance = editDistance(left, right);
      expect(distance).toBe(editDistance(right, left));
      expect(distance === 0).toBe(left === right);
      expect(distance).toBeLessThanOrEqual(Math.max(left.length, right.length));
    }),
  );
});

test.each([
  ['endpont', ['host', 'endpoint'], '. Did you mean "endpoint"?'],
  ['DNSTTL', ['dnsTtl'], '. Did you mean "dnsTtl"?'],
  ['stopp', ['stops', 'stop'], '. Did you mean "stops"?'],
  ['frobnicate', ['endpoint', 'host'], ''],
  ['x', [], ''],
])('%j among %j', (word, candidates, expected) => {
  expect(suggestion(word, candidates)).toBe(expected);
});
