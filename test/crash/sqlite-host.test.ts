import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCrashBench } from './bench.ts';
import type { CrashBench } from './bench.ts';
import { runThrough } from './run.ts';
import type { Ending } from './run.ts';
import { STORIES, storiesNamed } from './stories.ts';
import { sweep } from './sweep.ts';

/*
 * The host is a process with its histories in SQLite and its records in Azurite, and kills itself with SIGKILL at a
 * boundary of what it writes. The next process ends the run as if nothing had happened. `npm test` lets one run die at
 * several boundaries; `npm run crash` lets every story die at every one, `npm run crash -- TEXT` those named so.
 */
const WANTED = process.env['CRASH'];
const WHOLE = WANTED !== undefined;
const DEATHS_OF_A_SAMPLE = 6;
/** Far enough from each other to be each a death of its own. */
const DEATHS_PER_RUN = 4;
/** Beside each other; more of them, and on two cores the fast time-outs are missed. */
const BENCHES = WHOLE ? Number(process.env['CRASH_BENCHES'] ?? 3) : 1;
/**
 * How many times faster the app's own time passes. Time-outs are fast, too: twice as fast, or as fast with several
 * beside each other, and a preflight on a busy machine finds that nothing answers.
 */
const FACTOR = WHOLE ? 6 : 10;
/** Each death costs the start of a process: seconds, on a busy machine. */
const SAMPLE_MS = 150_000;
const SWEEP_MS = 10_800_000;

const CHOSEN = WHOLE ? storiesNamed(WANTED) : STORIES.slice(0, 1);

/**
 * How often something is looked at while it waits is a matter of time, and so are the app's own rounds, and whether the
 * last document is written and the lock free before the run is taken for ended.
 */
const FLEETING =
  /operation-progressed|observed #|executions: step~[\w-]+ #|schedule of|plans: |locks: plan~|document evidence\/ID\/evidence-N/;

/** What one story has shown the next need not show again: they differ in what comes after. */
const swept = new Set<string>();

let benches: readonly CrashBench[];
let bench: CrashBench;

beforeAll(async () => {
  bench = await openCrashBench(FACTOR);
  const others = Array.from({ length: BENCHES - 1 }, () => openCrashBench(FACTOR));
  benches = [bench, ...(await Promise.all(others))];
});
afterAll(() => Promise.all(benches.map((each) => each.close())));

for (const story of CHOSEN) {
  describe(story.name, () => {
    let undisturbed: Ending;

    beforeAll(async () => {
      undisturbed = await runThrough(bench, story, []);
      if (undisturbed.state === 'refused') undisturbed = await runThrough(bench, story, []);
    });

    it('comes to its end when nobody dies', () => {
      expect([undisturbed.state, undisturbed.flaws], undisturbed.log).toEqual([story.ends, []]);
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
        expectTheSame(ending, undisturbed, story.differs);
      },
      SAMPLE_MS,
    );

    it.runIf(WHOLE)(
      'is none the worse for a death at any one of its boundaries',
      async () => {
        const boundaries = boundariesOf(undisturbed).filter((one) => !swept.has(one));
        for (const boundary of boundaries) swept.add(boundary);
        const { runs, deaths, differences, unmet } = await sweep({
          ...{ benches, story, boundaries, deathsPerRun: DEATHS_PER_RUN },
          examine: (ending) => expectTheSame(ending, undisturbed, story.differs),
        });
        console.log(
          `${story.name}: ${boundaries.length} boundaries, ${runs} runs, ${deaths} deaths, ${differences.length} differences`,
        );
        expect(differences).toEqual([]);
        expect(unmet.filter((boundary) => !FLEETING.test(boundary))).toEqual([]);
      },
      SWEEP_MS,
    );
  });
}

/** Each where it is first passed: later ones of the same name are of the same kind. */
function boundariesOf({ boundaries }: Ending): readonly string[] {
  return boundaries.filter((one) => one.endsWith(' #1'));
}

function expectTheSame(ending: Ending, undisturbed: Ending, differs: RegExp | undefined): void {
  const about = ending.log;
  expect(`${ending.state}; ${ending.flaws.join()}`, about).toBe(`${undisturbed.state}; `);
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
