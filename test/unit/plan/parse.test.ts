import { expect, test } from 'vitest';
import { planHash } from '../../../src/plan/hash.ts';
import { edit, planOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

test('defaults are filled in', () => {
  const plan = planOf(smallPlanText);
  expect(plan).toMatchObject({
    description: '',
    fencing: { presumed: 'ask' },
    approvals: { count: 0, expiresSeconds: 1800 },
    reminderSeconds: 900,
  });
  expect(plan.stages[1]?.steps[0]).toMatchObject({
    when: 'always',
    timeoutSeconds: 1800,
    retry: { attempts: 3, firstDelaySeconds: 10, factor: 2 },
  });
  expect(plan).not.toHaveProperty('failbackStages');
  expect(plan.stages[1]?.steps[0]).not.toHaveProperty('onFailure');
});

test('worst-case detection is every tolerated failure and one more, then the last time-out', () => {
  expect(planOf(smallPlanText).detection.worstCaseSeconds).toBe(45);
});

test('templates of databases are closed, templates of steps stay open', () => {
  const plan = planOf(smallPlanText);
  expect(plan.dataLoss.databases[0]?.database.east).toMatch(/sql-east\/databases\/d$/);
  expect(plan.stages[4]?.steps[0]?.with.from).toBe('${from.endpoint}');
});

test('the hash tells plans apart by what they say, not by how they are written', () => {
  const hash = planHash(planOf(smallPlanText));
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const rewritten = edit(
    smallPlanText,
    ['objectives: { rto: 10m, rpo: 5m }', '# target\nobjectives: { rpo: 300s, rto: 10m }'],
    ['when: unplanned', 'when: unplanned\n        timeout: 30m'],
  );
  expect(planHash(planOf(rewritten))).toBe(hash);
  expect(planHash(planOf(edit(smallPlanText, ['rto: 10m', 'rto: 11m'])))).not.toBe(hash);
});
