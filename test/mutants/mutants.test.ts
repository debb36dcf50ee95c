import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';

describe('mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s: the text that it changes is there once',
    async (_name, { file, text }) => {
      const source = await readFile(file, 'utf8');
      expect(source.split(text)).toHaveLength(2);
    },
  );
});
