import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrashBench } from './bench.ts';
import type { CrashBench } from './bench.ts';
import { runThrough } from './run.ts';
import type { Ending, Story } from './run.ts';

/*
 * The host is a process with its histories in SQLite and its records in Azurite, and kills itself with SIGKILL at a
 * boundary of what it writes. The next process ends the run as if nothing had happened. `npm test` lets one run die at
 * several boundaries; `npm run crash` kills a run of its own at every one.
 */
const WHOLE = process.env['CRASH'] === 'every';
const DEATHS_OF_A_SAMPLE = 6;
/** Each death costs the start of a process: seconds, on a busy machine. */
const SAMPLE_MS = 150_000;

const STORIES: readonly (Story & {
  readonly name: string;
  readonly ends: string;
  readonly differs?: RegExp;
})[] = [
  { name: 'a planned failover', mode: 'planned', ends: 'succeeded' },
  ...(WHOLE
    ? ([
        { name: 'an undone failover', mode: 'planned', fail: 'coffee', ends: 'compensated' },
        {
          name: 'an unplanned failover',
          mode: 'unplanned',
          ends: 'succeeded',
          // The one try to stop a dead side may be the one that died with the process; its failure is not the run's. A
          // planned move that Azure rolled back unseen is tried again: it had no effect.
          differs: /deallocate of machine|: planned failover of/,
        },
      ] as const)
    : []),
];

/** How often something is looked at while it waits is a matter of time, and so are the app's own rounds. */
const FLEETING = /operation-progressed|observed #|schedule of|plans: /;

/** What one story has shown the next need not show again: they differ in what comes after. */
const swept = new Set<string>();

let bench: CrashBench;

beforeAll(async () => {
  bench = await openCrashBench();
});
afterAll(() => bench.close());

for (const { name, ends, differs, ...story } of STORIES) {
  describe(name, () => {
    let undisturbed: Ending;

    beforeAll(async () => {
      undisturbed = await runThrough(bench, story, []);
    });

    it('comes to its end when nobody dies', () => {
      expect([undisturbed.state, undisturbed.flaws], undisturbed.log).toEqual([ends, []]);
    });

    it.runIf(!WHOLE)(
      'is none the worse for deaths all along its way',
      async () => {
        const all = boundariesOf(undisturbed).filter((one) => !FLEETING.test(one));
        const stride = all.length / DEATHS_OF_A_SAMPLE;
        const chosen = all.filter((_, index) => index % stride < 1);
        const ending = await runThrough(bench, story, chosen);
        // A death may change the way, so that the next boundary is not passed any more.
        expect(ending.deaths, chosen.join('; ')).toBeGreaterThan(DEATHS_OF_A_SAMPLE / 2);
        expectTheSame(ending, undisturbed, differs);
      },
      SAMPLE_MS,
    );

    it.runIf(WHOLE)(
      'is none the worse for a death at any one of its boundaries',
      async () => {
        const unmet: string[] = [];
        for (const boundary of boundariesOf(undisturbed)) {
          if (swept.has(boundary)) continue;
          swept.add(boundary);
          const ending = await runThrough(bench, story, [boundary]);
          expectTheSame(ending, undisturbed, differs, boundary);
          if (ending.deaths === 0) unmet.push(boundary);
        }
        expect(unmet.filter((boundary) => !FLEETING.test(boundary))).toEqual([]);
      },
      10_800_000,
    );
  });
}

/** Each where it is first passed: later ones of the same name are of the same kind. */
function boundariesOf({ boundaries }: Ending): readonly string[] {
  return boundaries.filter((one) => one.endsWith(' #1'));
}

function expectTheSame(
  ending: Ending,
  undisturbed: Ending,
  differs: RegExp | undefined,
  where = 'all along',
): void {
  const about = `${where}\n${ending.log}`;
  expect([ending.state, ending.flaws], about).toEqual([undisturbed.state, []]);
  expect(ending.world, about).toEqual(undisturbed.world);
  const kept = (list: readonly string[]): string[] =>
    list.filter((one) => differs?.test(one) !== true);
  expect(kept(ending.changes), about).toEqual(kept(undisturbed.changes));
  expect(
    ending.changes.filter((one) => !undisturbed.changes.includes(one)),
    about,
  ).toEqual([]);
  expect(new Set(ending.calls).size, about).toBe(ending.calls.length);
  expect(ending.calls.length, about).toBeGreaterThanOrEqual(ending.changes.length);
}
