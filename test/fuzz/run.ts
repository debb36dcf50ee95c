import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/** `npm run fuzz -- --runs 2000 [--seed 7] [--only routes]`: the fuzz tests with more cases, from a seed of their own. */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string', default: '' },
  },
});
console.log(`${values.runs} cases a test from seed ${values.seed}; --seed repeats them.`);
const child = spawn('vitest', ['run', `test/fuzz/${values.only}`], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: values.runs, FUZZ_SEED: values.seed },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));
