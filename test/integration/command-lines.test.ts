import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Made by `npm run build`, which `npm test` runs first. */
const BUILD = fileURLToPath(new URL('../../dist/local/', import.meta.url));
const TESTS = fileURLToPath(new URL('../', import.meta.url));

it.each([
  ['demo --bogus', /unknown option '--bogus'/],
  ['demo --fail nothing', /Allowed choices are close-endpoint, .*, commit/],
  ['demo --speed 0', /Give real, max, or a number such as 20/],
  ['demo --seed x', /It is a whole number/],
  ['start --port 70000', /It is a number from 1 to 65535/],
  ['simulator --bogus', /unknown option '--bogus'/],
  ['simulator --speed fast', /It is a number above 0/],
  ['simulator --control nobody', /Allowed choices are switchover, automatic/],
  ['fuzz/run.ts --runs x', /It is a whole number, at least 1/],
  ['fuzz/run.ts --runs 0', /It is a whole number, at least 1/],
  ['fuzz/run.ts --seed x', /It is a whole number, such as 7/],
  ['fuzz/run.ts --only nobody', /Allowed choices are answers, plans, routes/],
  ['mutants/run.ts --seeds 5', /unknown option '--seeds'/],
  ['replay/record.ts --bogus', /unknown option '--bogus'/],
  ['crash/command.ts --bogus', /unknown option '--bogus'/],
])('%s: what is wrong in one line, and exit code 2', async (line, complaint) => {
  const ran = await run(line);
  expect(ran).toEqual({ code: 2, out: '', talk: expect.stringMatching(complaint) as string });
  expect(ran.talk.trim()).not.toContain('\n');
});

it.each([
  ['crash/command.ts', 'No story', 'a planned failover'],
  ['mutants/run.ts', 'No bug', 'nothing cools down'],
])('%s: a text that no name has, and the names that there are', async (tool, none, name) => {
  const ran = await run(`${tool} nonsense`);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.talk).toContain(`${none} has "nonsense" in its name. There are:\n`);
  expect(ran.talk).toContain(`\n  ${name}\n`);
});

const TOOLS = ['fuzz/run.ts', 'mutants/run.ts', 'replay/record.ts', 'crash/command.ts'];

it.each(['demo', 'start', 'simulator', ...TOOLS])(
  '%s --help says what there is',
  async (program) => {
    expect(await run(`${program} --help`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: npm /) as string,
    });
  },
);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

function run(line: string): Promise<Ran> {
  const [program = '', ...words] = line.split(' ');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program.endsWith('.ts') ? `${TESTS}${program}` : `${BUILD}${program}.js`, ...words],
      (_error, out, talk) => resolve({ code: child.exitCode ?? -1, out, talk }),
    );
  });
}
