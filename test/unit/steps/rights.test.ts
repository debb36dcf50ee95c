import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parsePlan } from '../../../src/plan/parse.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { rightsOf } from '../../../src/steps/rights.ts';

const PLAN = readFileSync('plans/websphere-cafe.yaml', 'utf8');
const GROUPS = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups';

function scopesToStart(text: string): readonly string[] {
  const parsed = parsePlan('cafe.yaml', text, stepKinds);
  if (!parsed.ok) throw new Error('The plan cannot be read.');
  return rightsOf(parsed.value)
    .forced.filter(({ action }) => action === 'Microsoft.Compute/virtualMachines/start/action')
    .map(({ scope }) => scope)
    .sort();
}

it('what is given at a group is not given again at its machines', () => {
  expect(scopesToStart(PLAN)).toEqual([
    `${GROUPS}/was-cluster-eastus`,
    `${GROUPS}/was-cluster-westus`,
  ]);
});

it('a group does not stand for another whose name goes on from its own', () => {
  expect(scopesToStart(PLAN.replaceAll('was-cluster-westus', 'was-cluster-eastus-2'))).toEqual([
    `${GROUPS}/was-cluster-eastus`,
    `${GROUPS}/was-cluster-eastus-2`,
  ]);
});
