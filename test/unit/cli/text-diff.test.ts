import picocolors from 'picocolors';
import { expect, it } from 'vitest';
import { textDiff } from '../../../src/cli/text-diff.ts';

const diff = (before: string, after: string): readonly string[] =>
  textDiff(before, after, picocolors.createColors(false));
const lines = (...texts: readonly string[]): string => `${texts.join('\n')}\n`;
const NUMBERS = Array.from({ length: 20 }, (_, index) => String(index));

it.each<[string, string, string, readonly string[]]>([
  ['nothing', lines('a', 'b'), lines('a', 'b'), []],
  ['another end of lines', 'a\r\nb\r\n', 'a\nb', []],
  ['a line that changed', lines('a', 'b', 'c'), lines('a', 'x', 'c'), ['  a', '- b', '+ x', '  c']],
  ['a line more at the end', lines('a'), lines('a', 'b'), ['  a', '+ b']],
  ['a line less at the start', lines('a', 'b'), lines('b'), ['- a', '  b']],
  ['all', lines('a'), lines('b'), ['- a', '+ b']],
  [
    'lines that changed places',
    lines('a', 'b', 'c'),
    lines('b', 'c', 'a'),
    ['- a', '  b', '  c', '+ a'],
  ],
])('shows %s', (_what, before, after, shown) => {
  expect(diff(before, after)).toEqual(shown);
});

it('leaves out what is far from any change', () => {
  const after = NUMBERS.map((line) => (line === '10' ? 'ten' : line));
  expect(diff(lines(...NUMBERS), lines(...after))).toEqual([
    ...['  7', '  8', '  9', '- 10', '+ ten', '  11', '  12', '  13', '…'],
  ]);
});

it('does not look for what is common in texts that share nothing to speak of', () => {
  const many = (name: string): string =>
    lines(...Array.from({ length: 3_000 }, (_, index) => `${name}${index}`));
  expect(diff(many('a'), many('b'))).toHaveLength(6_000);
});
