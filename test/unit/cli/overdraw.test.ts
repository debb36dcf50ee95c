import { describe, expect, it } from 'vitest';
import { overdraw } from '../../../src/cli/overdraw.ts';

const SCREEN = { rows: 5, columns: 10 };

describe('drawing over the last picture', () => {
  it.each([
    ['the first picture', ['a', 'b'], 0, 'a\nb\n', 2],
    ['the next one', ['a', 'c'], 2, '\u001b[2F\u001b[Ja\nc\n', 2],
    ['nothing, to clean up', [], 2, '\u001b[2F\u001b[J', 0],
    ['the end of one that is too long', ['1', '2', '3', '4', '5'], 0, '2\n3\n4\n5\n', 4],
    ['a line that wraps', ['a', '0123456789+'], 0, 'a\n0123456789+\n', 3],
    [
      'colours, which take no room',
      ['\u001b[31m0123456789\u001b[39m'],
      0,
      '\u001b[31m0123456789\u001b[39m\n',
      1,
    ],
    ['empty lines, which take a row', ['', 'a'], 0, '\na\n', 2],
  ])('writes %s', (_, lines, before, text, rows) => {
    expect(overdraw(lines, before, SCREEN)).toEqual({ text, rows });
  });
});
