import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** Made by `npm run build`, which `npm test` runs first. */
const BUILD = fileURLToPath(new URL('../../dist/local/', import.meta.url));

it.each([
  ['demo --bogus', /unknown option '--bogus'/],
  ['demo --fail nothing', /Allowed choices are close-endpoint, .*, commit/],
  ['demo --speed 0', /Give real, max, or a number such as 20/],
  ['demo --seed x', /It is a whole number/],
  ['start --port 70000', /It is a number from 1 to 65535/],
  ['simulator --bogus', /unknown option '--bogus'/],
  ['simulator --speed fast', /It is a number above 0/],
  ['simulator --control nobody', /Allowed choices are switchover, automatic/],
])('%s: what is wrong in one line, and exit code 2', async (line, complaint) => {
  const ran = await run(line);
  expect(ran).toEqual({ code: 2, out: '', talk: expect.stringMatching(complaint) as string });
  expect(ran.talk.trim()).not.toContain('\n');
});

it.each(['demo', 'start', 'simulator'])('%s --help says what there is', async (program) => {
  expect(await run(`${program} --help`)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Usage: npm /) as string,
  });
});

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
      [`${BUILD}${program}.js`, ...words],
      (_error, out, talk) => resolve({ code: child.exitCode ?? -1, out, talk }),
    );
  });
}
