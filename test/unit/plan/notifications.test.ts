import { describe, expect, test } from 'vitest';
import { edit, planOf, problemsOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

const section = `notifications:
  - name: on-call
    to: ON_CALL
    format: teams
    on: [paused, awaiting-approval, ended]
  - name: manager
    to: MANAGER
    on: [paused]
    after: 30m
`;
const notifying = edit(smallPlanText, ['objectives:', `${section}objectives:`]);

describe('notifications', () => {
  test('say who is told of what, and when somebody else is', () => {
    expect(planOf(notifying).notifications).toEqual([
      {
        name: 'on-call',
        to: 'ON_CALL',
        format: 'teams',
        on: ['paused', 'awaiting-approval', 'ended'],
      },
      { name: 'manager', to: 'MANAGER', format: 'plain', on: ['paused'], afterSeconds: 1800 },
    ]);
  });

  test('are none in a plan that names none', () => {
    expect(planOf(smallPlanText)).not.toHaveProperty('notifications');
  });

  test.each([
    [
      'something that cannot wait, later',
      ['on: [paused]', 'on: [paused, ended]'],
      /notifications\[1\]\.after: expected only paused or awaiting-approval/,
    ],
    [
      'two of one name',
      ['name: manager', 'name: on-call'],
      /notifications\[1\]\.name: expected another name .* found "on-call"/,
    ],
    [
      'of an unknown occasion',
      ['ended]', 'endde]'],
      /notifications\[0\]\.on\[2\]: expected one of .* Did you mean "ended"\?/,
    ],
    ['of nothing', ['on: [paused]', 'on: []'], /notifications\[1\]\.on: /],
  ] as const)('are refused when they tell %s', (_, [from, to], message) => {
    expect(problemsOf(edit(notifying, [from, to]))).toMatch(message);
  });

  test('are refused with an address in them, which is not repeated', () => {
    const problems = problemsOf(
      edit(notifying, ['to: MANAGER', 'to: https://hooks.example/secret']),
    );
    expect(problems).toMatch(/notifications\[1\]\.to: .* app setting SWITCHOVER_WEBHOOK_ON_CALL/);
    expect(problems).not.toContain('secret');
  });
});
