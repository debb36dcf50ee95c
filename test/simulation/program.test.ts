import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Program = ChildProcessByStdio<null, Readable, Readable>;

function simulate(options: readonly string[], program = 'dist/local/simulate.js'): Program {
  return spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function resultOf(
  program: Program,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    once(program, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

describe('npm run simulate', () => {
  it('says the same whether one process runs the seeds or several', async () => {
    const printed = await Promise.all(
      ['1', '2'].map((processes) =>
        text(simulate(['--seeds', '3', '--verbose', '--processes', processes]).stdout),
      ),
    );
    const [one, two] = printed.map((all) => all.replace(/, [\d.]+ s$/m, ''));
    expect(one).toMatch(/^3 seeds, 0 violations in 0 of them, \d+ failovers simulated$/m);
    expect(two).toBe(one);
  });

  it('says on stderr, and only there, how far it is', async () => {
    const { stdout, stderr } = await resultOf(
      simulate(['--seeds', '2', '--processes', '1', '--json', '--progress', '0']),
    );
    expect(JSON.parse(stdout)).toMatchObject({ seeds: 2, violations: 0 });
    expect(stderr).toMatch(
      /^1 of 2 seeds, 0 violations, \d+ failovers \(\d+ a minute\), about \d+ (s|min) left\n$/,
    );
  });

  it('ends with all its processes when it is interrupted, and says how far it came', async () => {
    const program = simulate(['--seeds', '100000', '--verbose', '--processes', '2']);
    let said = '';
    program.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(program.stdout, 'data');
    program.kill('SIGINT');
    // Only when the last of them has ended is the pipe closed that they all write to.
    expect(await once(program, 'close')).toEqual([130, null]);
    expect(said).toMatch(
      /\d+ seeds, 0 violations in 0 of them, \d+ failovers simulated, [\d.]+ s\n$/,
    );
  });

  it.each([
    ['--minutes', 'x'],
    ['--minutes', '-1'],
    ['--minutes', '0'],
    ['--minutes', ''],
    ['--seeds', '0'],
    ['--seeds', 'x'],
    ['--seed', '1e300'],
    ['--nonsense', '1'],
    ['--schedule', 'nowhere.json'],
    ['--schedule', 'package.json'],
  ])('refuses %s %j with one sentence and exit code 2, and runs nothing', async (option, value) => {
    const { code, stdout, stderr } = await resultOf(simulate([option, value]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(option === '--schedule' ? value : option);
  });

  it('ends quietly when nobody reads on', async () => {
    const program = simulate(['--seeds', '100000', '--verbose', '--processes', '1']);
    program.stdout.once('data', () => program.stdout.destroy());
    const [stderr, [code]] = await Promise.all([
      text(program.stderr),
      once(program, 'close') as Promise<[number]>,
    ]);
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' });
  });
});

describe('npm run simulate with a seed that breaks a promise', () => {
  let folder: string;

  /** The program itself, beside a worker that finds seed 2 broken and shrinks it without end. */
  beforeAll(async () => {
    folder = await mkdtemp('dist/endless-');
    await cp('dist/local', folder, {
      recursive: true,
      filter: (file) => !/^(?:app|worker)\.js$|\.map$/.test(basename(file)),
    });
    await mkdir(join(folder, 'simulate'), { recursive: true });
    await writeFile(
      join(folder, 'simulate', 'worker.js'),
      `process.on('disconnect', () => process.exit());
       process.on('message', ({ schedule }) => {
         const { seed } = schedule;
         const outcome = { seed, executions: 1, told: '', failing: null };
         const broken = [{ property: 'S11', at: '2026-11-21T10:00:00.000Z', sentence: 'It broke.' }];
         if (seed !== 2) process.send({ is: 'ended', outcome });
         else process.send({ is: 'found', outcome: { ...outcome, told: 'all of it', failing: { seed, schedule, broken } } });
       });`,
    );
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('says so at once, and keeps it when it is interrupted', async () => {
    const program = simulate(
      ['--seeds', '2', '--processes', '1', '--json'],
      join(folder, 'simulate.js'),
    );
    program.stderr.on('data', (chunk) => {
      if (String(chunk).includes('Seed 2 breaks S11')) program.kill('SIGINT');
    });
    const { code, stdout } = await resultOf(program);
    expect(code).toBe(1);
    expect(stdout).toContain('all of it');
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      ...{ seeds: 2, violations: 1 },
      failing: [{ seed: 2, broken: [{ property: 'S11' }] }],
    });
  });
});
