import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from '../../../src/core/canonical.ts';
import { headOf, link, verifyChain } from '../../../src/core/chain.ts';
import type { Linked } from '../../../src/core/chain.ts';
import { GENESIS } from '../../../src/core/execution.ts';

const happening = fc.record({
  type: fc.string(),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  data: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
});
const chains = fc.array(happening, { minLength: 2, maxLength: 12 }).map((happenings) => {
  const events: Linked[] = [];
  for (const one of happenings) {
    const last = events.at(-1);
    events.push(link(last === undefined ? GENESIS : headOf(last), { stream: 's', ...one }));
  }
  return events;
});
const chainAndPlace = chains.chain((events) =>
  fc.record({ events: fc.constant(events), place: fc.nat(events.length - 1) }),
);

describe('canonical text', () => {
  test.each<[string, unknown, string]>([
    [
      'keys in order of UTF-16',
      { '€': 1, '\r': 2, דּ: 3, '1': 4, '😂': 5, ö: 6 },
      '{"\\r":2,"1":4,"ö":6,"€":1,"😂":5,"\ufb33":3}',
    ],
    [
      'numbers as ECMAScript writes them',
      [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0],
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    ],
    ['literals, and nothing between', [null, true, { a: [] }], '[null,true,{"a":[]}]'],
    ['what is undefined is absent', { a: undefined, b: 1 }, '{"b":1}'],
    ['half of a surrogate pair as its replacement', ['\ud800'], '["\ufffd"]'],
  ])('has %s', (_what, value, text) => {
    expect(canonicalText(value)).toBe(text);
  });

  test('is the same for every order of keys and after a trip through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonicalText(reversed)).toBe(canonicalText(object));
        expect(canonicalText(JSON.parse(JSON.stringify(object)))).toBe(canonicalText(object));
      }),
    );
  });

  test('is refused for what is no JSON', () => {
    expect(() => canonicalText(undefined)).toThrow('Only JSON values');
    expect(() => canonicalText({ a: Number.NaN })).toThrow('NaN');
  });
});

describe('a chain', () => {
  test('is intact as it was linked, and after a trip through JSON', () => {
    fc.assert(
      fc.property(chains, (events) => {
        const head = headOf(events.at(-1)!);
        expect(verifyChain(events)).toEqual({ intact: true, head });
        const read = JSON.parse(JSON.stringify(events)) as Linked[];
        expect(verifyChain(read)).toEqual({ intact: true, head });
      }),
    );
  });

  test.each<[string, (event: Linked) => Linked]>([
    ['data', (event) => ({ ...event, data: { ...event.data, forged: 1 } })],
    ['type', (event) => ({ ...event, type: `${event.type}!` })],
    ['time', (event) => ({ ...event, at: `${event.at}!` })],
    ['stream', (event) => ({ ...event, stream: 'another' })],
    [
      'hash',
      (event) => ({
        ...event,
        hash: event.hash.replace(/./, (digit) => (digit === '0' ? '1' : '0')),
      }),
    ],
    ['prev', (event) => ({ ...event, prev: 'f'.repeat(64) })],
    ['sequence', (event) => ({ ...event, sequence: event.sequence + 1 })],
  ])('breaks at the event whose %s was changed', (_what, forge) => {
    fc.assert(
      fc.property(chainAndPlace, ({ events, place }) => {
        const check = verifyChain(events.with(place, forge(events[place]!)));
        expect(check.intact).toBe(false);
        expect(!check.intact && check.sequence).toBe(forge(events[place]!).sequence);
      }),
    );
  });

  test('breaks after an event that was changed and hashed anew', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ events, place }) => {
        fc.pre(place < events.length - 1);
        const before = place === 0 ? GENESIS : headOf(events[place - 1]!);
        const { stream, at, type } = events[place]!;
        const forged = link(before, { stream, at, type, data: { forged: place } });
        expect(verifyChain(events.with(place, forged))).toMatchObject({
          intact: false,
          sequence: place + 2,
        });
      }),
    );
  });

  test('breaks where an event is missing, repeated or out of order', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ events, place }) => {
        fc.pre(place < events.length - 1);
        const [one, next] = [events[place]!, events[place + 1]!];
        const without = events.toSpliced(place, 1);
        const twice = events.toSpliced(place, 0, one);
        const swapped = events.with(place, next).with(place + 1, one);
        for (const wrong of [without, twice, swapped])
          expect(verifyChain(wrong).intact).toBe(false);
      }),
    );
  });
});
