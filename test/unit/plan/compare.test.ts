import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { comparePlans } from '../../../src/plan/compare.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { stepKinds } from '../../../src/steps/registry.ts';

const TEXT = readFileSync('plans/websphere-cafe.yaml', 'utf8');
const PLAN = planOf(TEXT);

function planOf(text: string): Plan {
  const parsed = parsePlan('plan.yaml', text, stepKinds);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

const compared = (after: Plan): readonly string[] => comparePlans(PLAN, after, stepKinds);
const [FIRST, SECOND, ...REST] = PLAN.stages;

it('says nothing of what only people read', () => {
  const text = TEXT.replace(/^( *)#.*$/gm, '$1# otherwise').replace(
    'description:',
    'description: ',
  );
  expect(text).not.toBe(TEXT);
  expect(compared(planOf(text))).toEqual([]);
});

it.each<[string, Plan, readonly string[]]>([
  [
    'what is decided',
    { ...PLAN, approvals: { ...PLAN.approvals, count: 5 } },
    [`approvals.count: ${PLAN.approvals.count} becomes 5`],
  ],
  [
    'the time of a step',
    {
      ...PLAN,
      stages: PLAN.stages.map((stage) => ({
        ...stage,
        steps: stage.steps.map((step) =>
          step.id === 'database' ? { ...step, timeoutSeconds: 1 } : step,
        ),
      })),
    },
    ['step database: timeoutSeconds: 900 becomes 1'],
  ],
  [
    'the order of stages',
    { ...PLAN, stages: [SECOND!, FIRST!, ...REST] },
    [expect.stringContaining(`stages run in another order: ${SECOND!.name}, ${FIRST!.name}, `)],
  ],
  [
    'nothing of the order of steps in a stage, which run side by side',
    {
      ...PLAN,
      stages: PLAN.stages.map((stage) => ({ ...stage, steps: stage.steps.toReversed() })),
    },
    [],
  ],
  [
    'a step that moves to another stage',
    {
      ...PLAN,
      stages: [
        { ...FIRST!, steps: FIRST!.steps.slice(1) },
        { ...SECOND!, steps: [...SECOND!.steps, FIRST!.steps[0]!] },
        ...REST,
      ],
    },
    [`step ${FIRST!.steps[0]!.id} moves from stage ${FIRST!.name} to ${SECOND!.name}`],
  ],
])('tells of %s', (_what, after, sentences) => {
  expect(compared(after)).toEqual(sentences);
});

it('tells of a step that is gone, and of what is locked no more', () => {
  const after = planOf(TEXT.replaceAll('failovergroup-cafe', 'failovergroup-tea'));
  const changes = compared(after);
  expect(changes).toContainEqual(
    expect.stringMatching(/^step database: with\..*failovergroup-tea/),
  );
  expect(changes).toContainEqual(
    expect.stringMatching(/^its lock covers .*failovergroup-tea, too$/),
  );
  expect(changes).toContainEqual(
    expect.stringMatching(/^its lock covers .*failovergroup-cafe no more$/),
  );
  const without = {
    ...PLAN,
    stages: PLAN.stages.map((stage) => ({
      ...stage,
      steps: stage.steps.filter(({ id }) => id !== 'database'),
    })),
  };
  expect(compared(without)).toContainEqual(
    expect.stringMatching(/^step database of stage .* runs no more$/),
  );
  expect(comparePlans(without, PLAN, stepKinds)).toContainEqual(
    expect.stringMatching(/^step database \(sql\/failover-group\) is new, in stage /),
  );
});
