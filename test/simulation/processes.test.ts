import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempted } from '../../local/simulate/attempt.ts';
import { runAll } from '../../local/simulate/crew.ts';
import { drawSchedule } from '../../local/simulate/draw.ts';
import type { Died } from '../../local/simulate/worker-process.ts';

let folder: string;
let workers = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crew-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a crew told, in its order: `found 3`, `ended 3`, `told 3`. */
type Heard = string[];

interface CrewOf {
  readonly seeds: readonly number[];
  readonly processes: number;
  readonly limitMinutes?: number;
  /** Stops all after this has been heard. */
  readonly stopAfter?: string;
}

/** A crew of workers that do with each seed what `program` says; `answer()` is the good end, `found()` a bad one's beginning. */
async function crewOf(
  program: string,
  { seeds, processes, limitMinutes = 10, stopAfter }: CrewOf,
): Promise<{ readonly outcomes: readonly (Attempted | Died)[]; readonly heard: Heard }> {
  workers += 1;
  const file = join(folder, `worker-${workers}.mjs`);
  await writeFile(
    file,
    `process.on('disconnect', () => process.exit());
     process.on('message', async ({ schedule }) => {
       const { seed } = schedule;
       const outcome = { seed, executions: 1, told: String(process.pid), failing: null };
       const answer = () => process.send({ is: 'ended', outcome });
       const found = () => process.send({ is: 'found', outcome: { ...outcome, failing: { seed, schedule, broken: [] } } });
       ${program}
     });`,
  );
  const outcomes: (Attempted | Died)[] = [];
  const heard: Heard = [];
  const stop = new AbortController();
  const hear = (what: string): void => {
    heard.push(what);
    if (what === stopAfter) stop.abort();
  };
  await runAll(
    seeds.map((seed) => drawSchedule(seed)).values(),
    {
      ...{ program: pathToFileURL(file), processes, limitMinutes, stop: stop.signal },
      ...{ verbose: false, shrink: false },
    },
    {
      began: () => undefined,
      found: ({ seed }) => hear(`found ${seed}`),
      ended: ({ seed }) => hear(`ended ${seed}`),
      tell(outcome) {
        outcomes.push(outcome);
        hear(`told ${outcome.seed}`);
      },
    },
  );
  return { outcomes, heard };
}

describe('a crew of processes', () => {
  it('tells what came of seeds in their order, whichever is ready first', async () => {
    const second = JSON.stringify(join(folder, 'second-is-ready'));
    const { outcomes } = await crewOf(
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
    const { outcomes } = await crewOf(`if (seed === 12) { ${death}; return; } answer();`, {
      seeds: [11, 12, 13],
      processes: 1,
    });
    expect(outcomes).toMatchObject([{ seed: 11 }, { seed: 12, how }, { seed: 13 }]);
    const pids = outcomes.map((outcome) => ('told' in outcome ? outcome.told : null));
    expect(pids[0]).not.toEqual(pids[2]);
  });

  it('ends a process whose run never ends, and goes on with another', async () => {
    const { outcomes, heard } = await crewOf('if (seed === 22) for (;;); answer();', {
      seeds: [21, 22, 23],
      processes: 1,
      limitMinutes: 0.05,
    });
    const how = 'by force: nothing came within 0.05 min';
    expect(outcomes).toMatchObject([{ seed: 21 }, { seed: 22, how }, { seed: 23 }]);
    expect(heard).toContain('found 22');
  });

  it.each([
    ['dies', 'process.exit(1)', 'with exit code 1'],
    ['hangs', 'return', 'by force: nothing came within 0.05 min'],
  ])('keeps what was found when its process %s while it is shrunk', async (_, death, how) => {
    const { outcomes } = await crewOf(`found(); setImmediate(() => { ${death} });`, {
      seeds: [31],
      processes: 1,
      limitMinutes: 0.05,
    });
    expect(outcomes).toMatchObject([{ seed: 31, failing: { seed: 31 } }]);
    expect(outcomes).toMatchObject([{ told: expect.stringContaining(how) as string }]);
  });

  it('tells at an interrupt what was found and what waited for its turn', async () => {
    const { heard } = await crewOf(
      'if (seed === 41) return; if (seed === 44) found(); else answer();',
      {
        seeds: [41, 42, 43, 44, 45],
        processes: 2,
        stopAfter: 'found 44',
      },
    );
    expect(heard).toEqual([
      ...['ended 42', 'ended 43', 'found 44', 'ended 44'],
      ...['told 42', 'told 43', 'told 44'],
    ]);
  });
});
