import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describePlan } from '../../../src/plan/describe.ts';
import { planJsonSchema } from '../../../src/plan/json-schema.ts';
import { lintPlan } from '../../../src/plan/lint.ts';
import { lockedResources } from '../../../src/plan/locked.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { formatProblems } from '../../../src/plan/problem.ts';
import { stepKinds } from '../../../src/steps/registry.ts';

const folder = `${import.meta.dirname}/../../../plans`;
const schema = planJsonSchema(stepKinds);

function example(name: string): { text: string; plan: Plan } {
  const file = `${name}.yaml`;
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  const result = parsePlan(file, text, stepKinds);
  if (!result.ok) throw new Error(formatProblems(result.error));
  return { text, plan: result.value };
}

describe.each(['websphere-cafe', 'websphere-cafe-as-published'])('the example %s', (name) => {
  test('is a plan without problems or findings that meets its recovery time objective', () => {
    const { findings, budget } = lintPlan(example(name).plan, stepKinds);
    expect(findings).toEqual([]);
    expect(budget.totalSeconds).toBeLessThanOrEqual(budget.rtoSeconds);
  });

  test('pleases the schema for editors', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    validate(parse(example(name).text));
    expect(validate.errors).toBeNull();
  });

  test('has a sentence for every step', () => {
    const { plan } = example(name);
    const description = describePlan(plan, stepKinds);
    for (const { id, uses } of plan.stages.flatMap(({ steps }) => steps)) {
      expect(description).toMatch(new RegExp(`^ {3}${id} +${uses} +~\\d+ \\S+.* {2}\\S`, 'm'));
    }
  });
});

test('the examples cannot run at the same time: they share their resources', () => {
  const [first, second] = ['websphere-cafe', 'websphere-cafe-as-published'].map((name) =>
    lockedResources(example(name).plan, stepKinds),
  );
  expect(second).toEqual(first);
});

/** `npm run schema` writes it anew. */
test('the schema in plans/ is that of the code', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    `${folder}/plan.schema.json`,
  );
});
