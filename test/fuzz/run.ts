import { readdirSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { optionsOf, seedNumber } from '../../local/options.ts';
import { runTests } from '../support/run-tests.ts';

/** `npm run fuzz -- --runs 2000 [--seed 7] [--only routes]`: the fuzz tests with more cases, from a seed of their own. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => file.replace('.test.ts', ''));
const command = new Command('npm run fuzz --')
  .description('Runs the fuzz tests with more cases, from a seed of their own.')
  .option('--runs <count>', 'how many cases a test', atLeastOne, 1000)
  .option('--seed <seed>', 'repeats these cases; others each time, if absent', seedNumber)
  .addOption(new Option('--only <test>', 'one of the tests, not all').choices(names));
const {
  runs,
  seed = Date.now() % 1_000_000_000,
  only = '',
} = optionsOf<{ runs: number; seed?: number; only?: string }>(command, process.argv.slice(2));
console.log(`${runs} cases a test from seed ${seed}; --seed repeats them.`);
runTests(`test/fuzz/${only}`, { FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) });

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('It is a whole number, at least 1.');
  return Number(text);
}
