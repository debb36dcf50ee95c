import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempted } from '../../local/simulate/attempt.ts';
import { runAll } from '../../local/simulate/crew.ts';
import type { Died } from '../../local/simulate/crew.ts';
import { drawSchedule } from '../../local/simulate/draw.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crew-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A crew of workers that do with each seed what `program` says; `answer()` is the good end. */
async function outcomesOf(
  program: string,
  options: { readonly seeds: readonly number[]; readonly processes: number },
): Promise<readonly (Attempted | Died)[]> {
  const file = join(folder, `worker-${options.seeds.join('-')}-${options.processes}.mjs`);
  await writeFile(
    file,
    `process.on('disconnect', () => process.exit());
     process.on('message', async ({ schedule: { seed } }) => {
       const answer = () => process.send({ seed, executions: 1, told: String(process.pid), failing: null });
       ${program}
     });`,
  );
  const outcomes: (Attempted | Died)[] = [];
  const stop = new AbortController().signal;
  await runAll(
    options.seeds.map((seed) => drawSchedule(seed)).values(),
    {
      ...{ program: pathToFileURL(file), processes: options.processes, stop },
      ...{ verbose: false, shrink: false },
    },
    (outcome) => void outcomes.push(outcome),
  );
  return outcomes;
}

describe('a crew of processes', () => {
  it('tells what came of seeds in their order, whichever is ready first', async () => {
    const second = JSON.stringify(join(folder, 'second-is-ready'));
    const outcomes = await outcomesOf(
      `const { existsSync, watch, writeFileSync } = await import('node:fs');
       if (seed !== 1) {
         answer();
         return writeFileSync(${second}, '');
       }
       const watcher = watch(${JSON.stringify(folder)}, () => go());
       const go = () => existsSync(${second}) && (watcher.close(), answer());
       go();`,
      { seeds: [1, 2, 3, 4], processes: 2 },
    );
    expect(outcomes.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['breaks down', 'throw new Error("broken")', 'with exit code 1'],
    ['is killed', 'process.kill(process.pid, "SIGKILL")', 'by SIGKILL'],
    ['ends without a word', 'process.exit(0)', 'with exit code 0'],
  ])('names the seed of a process that %s, and goes on with another', async (_, death, how) => {
    const outcomes = await outcomesOf(`if (seed === 12) { ${death}; return; } answer();`, {
      seeds: [11, 12, 13],
      processes: 1,
    });
    expect(outcomes).toMatchObject([{ seed: 11 }, { seed: 12, how }, { seed: 13 }]);
    const pids = outcomes.map((outcome) => ('told' in outcome ? outcome.told : null));
    expect(pids[0]).not.toEqual(pids[2]);
  });
});

function simulate(
  options: readonly string[],
  stderr: 'inherit' | 'pipe' = 'inherit',
): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['dist/local/simulate.js', ...options], {
    stdio: ['ignore', 'pipe', stderr],
  });
}

describe('npm run simulate', () => {
  it('says the same whether one process runs the seeds or several', async () => {
    const printed = await Promise.all(
      ['1', '2'].map((processes) =>
        text(simulate(['--seeds', '3', '--verbose', '--processes', processes]).stdout!),
      ),
    );
    const [one, two] = printed.map((all) => all.replace(/, [\d.]+ s$/m, ''));
    expect(one).toMatch(/^3 seeds, 0 violations in 0 of them, \d+ failovers simulated$/m);
    expect(two).toBe(one);
  });

  it('says on stderr, and only there, how far it is', async () => {
    const program = simulate(
      ['--seeds', '2', '--processes', '1', '--json', '--progress', '0'],
      'pipe',
    );
    const [stdout, stderr] = await Promise.all([text(program.stdout!), text(program.stderr!)]);
    expect(JSON.parse(stdout)).toMatchObject({ seeds: 2, violations: 0 });
    expect(stderr).toMatch(
      /^1 of 2 seeds, 0 violations, \d+ failovers \(\d+ a minute\), about \d+ (s|min) left\n$/,
    );
  });

  it('ends with all its processes when it is interrupted, and says how far it came', async () => {
    const program = simulate(['--seeds', '100000', '--verbose', '--processes', '2']);
    let said = '';
    program.stdout!.on('data', (chunk) => {
      said += String(chunk);
    });
    await once(program.stdout!, 'data');
    program.kill('SIGINT');
    // Only when the last of them has ended is the pipe closed that they all write to.
    expect(await once(program, 'close')).toEqual([130, null]);
    expect(said).toMatch(
      /\d+ seeds, 0 violations in 0 of them, \d+ failovers simulated, [\d.]+ s\n$/,
    );
  });
});
