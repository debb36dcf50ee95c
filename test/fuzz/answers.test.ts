import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judge } from '../../local/simulate/properties/index.ts';
import { runSchedule } from '../../local/simulate/run.ts';
import type { Run, RunParts } from '../../local/simulate/run.ts';
import type { Schedule } from '../../local/simulate/schedule.ts';
import { BUNDLE } from '../support/failover.ts';
import { GARBLE_NAMES, spoilt } from './answers.ts';
import type { Bad, GarbleName, Seen } from './answers.ts';
import { effort, patience } from './effort.ts';

const PARTS: RunParts = {
  bundle: BUNDLE,
  readPlan: (file) => readFile(`plans/${file}`, 'utf8'),
};
const START_AT = 200;
/** Nobody's fault but ours. */
const CRASH = /(Type|Range|Reference|Syntax)Error|stack size/;
const FEW = 6;

interface Case {
  readonly base: Schedule['plan']['base'];
  readonly mode: 'planned' | 'unplanned';
  readonly bad: Bad;
  /** What the person on call chooses at each pause. */
  readonly picks: readonly number[];
}

function scheduleOf({ base, mode, bad, picks }: Case): Schedule {
  return {
    seed: bad.seed,
    plan: { base, presumed: 'accept', lossLimit: '10m', approvals: 0, onFailure: {} },
    jitter: { earlyMs: 0, lateMs: 0 },
    happenings: [
      ...(mode === 'unplanned'
        ? [{ do: 'outage', at: START_AT - 10, region: 'eastus', size: 'data' } as const]
        : []),
      { do: 'start', at: START_AT, kind: 'failover', mode, as: 'operator', key: null },
    ],
    answers: picks.map((pick) => ({ afterSeconds: 90, pick, then: 'compensate' })),
  };
}

async function spoiltRun(one: Case): Promise<{ run: Run; seen: Seen }> {
  const seen: Seen = { garbled: 0, strayed: [] };
  const begun = Date.parse('2026-11-21T10:00:00Z');
  let now = (): number => begun;
  const run = await runSchedule(scheduleOf(one), {
    ...PARTS,
    azure: (simulated, clock) => {
      now = () => (clock.now() - begun) / 1_000;
      return spoilt(simulated, one.bad, { now: () => now(), seen });
    },
  });
  return { run, seen };
}

async function keepsItsPromises(one: Case): Promise<void> {
  const { run, seen } = await spoiltRun(one);
  expect(judge(run).map(({ property, sentence }) => `${property}: ${sentence}`)).toEqual([]);
  expect([...new Set(seen.strayed)]).toEqual([]);
  expect(run.errors.filter(({ message }) => CRASH.test(message))).toEqual([]);
  // A door that could not read Azure refuses by name.
  if (run.told.length === 0)
    expect(run.asked.map(({ status }) => status)).toEqual([expect.any(Number)]);
}

const cases: fc.Arbitrary<Case> = fc.record({
  base: fc.constantFrom('cafe', 'published', 'data', 'data-and-traffic'),
  mode: fc.constantFrom('planned', 'unplanned'),
  picks: fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { maxLength: 4 }),
  bad: fc
    .record({
      seed: fc.nat({ max: 1_000_000 }),
      garbles: fc.subarray(GARBLE_NAMES, { minLength: 1 }),
      percent: fc.constantFrom(2, 10, 40, 100),
      seconds: fc.constantFrom(20, 120, 600, 3_000),
      after: fc.constantFrom(0, 0, 5, 60, 200),
    })
    .map(({ after, seconds, ...rest }) => ({
      ...rest,
      from: START_AT + after,
      until: START_AT + after + seconds,
    })),
});

it(
  'keeps every promise whatever answers come back in Azure’s place',
  () => fc.assert(fc.asyncProperty(cases, keepsItsPromises), effort(FEW)),
  patience(FEW),
);

it.each(GARBLE_NAMES)(
  'keeps every promise when for two minutes each answer is: %s',
  async (name: GarbleName) => {
    const bad = {
      seed: 7,
      garbles: [name],
      percent: 100,
      from: START_AT + 3,
      until: START_AT + 123,
    };
    // The traffic is closed first, so that the calls of both services are answered within this time.
    await keepsItsPromises({ base: 'data-and-traffic', mode: 'planned', bad, picks: [] });
  },
);
