import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whereJsonBreaks } from '../../../src/functions/http/json-position.ts';

describe('where JSON breaks', () => {
  it.each([
    ['{"kind": nope}', 'it breaks at line 1, column 10'],
    ['{"kind" 1}', 'it breaks at line 1, column 9'],
    ['{\n  "a": 1,\n}', 'it breaks at line 3, column 1'],
    ['{"a": 1 "b": 2}', 'it breaks at line 1, column 9'],
    ['[1, 2,]', 'it breaks at line 1, column 7'],
    ['[1}', 'it breaks at line 1, column 3'],
    ['{"a": 1]', 'it breaks at line 1, column 8'],
    ['{"a": \'1\'}', 'it breaks at line 1, column 7'],
    ['{"a": 01}', 'it breaks at line 1, column 8'],
    ['{"a": "\\x"}', 'it breaks at line 1, column 7'],
    ['{} {}', 'it breaks at line 1, column 4'],
    ['1, 2', 'it breaks at line 1, column 2'],
    ['a=1', 'it breaks at line 1, column 1'],
    ['{"a": 1', 'its end comes too early'],
    ['[[', 'its end comes too early'],
    ['', 'its end comes too early'],
    [' \n', 'its end comes too early'],
  ])('%j: %s', (text, where) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(whereJsonBreaks(text)).toBe(where);
  });

  it('finds the character that was put into valid JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify({ value });
        expect(whereJsonBreaks(`${text}?`)).toBe(`it breaks at line 1, column ${text.length + 1}`);
      }),
    );
  });

  it('says something about any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => whereJsonBreaks(text).length > 0),
    );
  });

  it('is not troubled by depth', () => {
    expect(whereJsonBreaks('['.repeat(60_000))).toBe('its end comes too early');
  });
});
