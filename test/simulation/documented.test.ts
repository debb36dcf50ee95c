import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../local/simulate/properties/index.ts';
import { MUTANTS } from '../mutants/mutants.ts';

const PAGE = readFileSync('docs/simulation.md', 'utf8');
const ROWS = PAGE.split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(' | '),
  );

describe('docs/simulation.md', () => {
  it.each(PROPERTIES)('tells the promise $name', ({ name, promise }) => {
    expect(ROWS).toContain(`${name} | ${promise}`);
  });

  it.each(readdirSync('test/simulation/found'))('tells what %s found', (file) => {
    const { why } = JSON.parse(readFileSync(`test/simulation/found/${file}`, 'utf8')) as {
      readonly why: string;
    };
    expect(ROWS).toContain(`\`${file.replace('.json', '')}\` | ${why}`);
  });

  it.each(MUTANTS)('tells of the deliberate bug: $name', ({ name, seeds }) => {
    const row = ROWS.find((one) => one.startsWith(`${name} | ${seeds} | `));
    // Which seed noticed it, and by which promise, is put down when the whole table is run.
    const seed = Number(/ \| (\d+) \([A-Z]\d+/.exec(row ?? '')?.[1]);
    expect(seed).toBeLessThanOrEqual(seeds);
  });
});
