import { describe, expect, it } from 'vitest';
import { EXECUTION_STATES, isTerminal } from '../../../src/core/execution.ts';
import { assertMove, exitCode, mayMove } from '../../../src/core/transitions.ts';

const CAUSES = ['orchestration', 'operator', 'approver', 'reaper'] as const;

describe('the table of transitions', () => {
  it('lets nothing follow an end', () => {
    for (const from of EXECUTION_STATES.filter(isTerminal)) {
      for (const to of EXECUTION_STATES) {
        for (const cause of CAUSES)
          expect(mayMove(from, to, cause), `${from} to ${to}`).toBe(false);
      }
    }
  });

  it('lets every state that is no end be left for one', () => {
    for (const from of EXECUTION_STATES.filter((state) => !isTerminal(state))) {
      const ends = EXECUTION_STATES.filter(
        (to) => isTerminal(to) && CAUSES.some((cause) => mayMove(from, to, cause)),
      );
      expect(ends, from).not.toHaveLength(0);
    }
  });

  it('refuses with from, to, cause and operation', () => {
    expect(() => assertMove('succeeded', 'running', 'operator', 'resume')).toThrow(
      'resume: an execution that is succeeded cannot become running by operator. It has ended.',
    );
    expect(() => assertMove('running', 'preflight', 'reaper', 'claim')).toThrow(
      'From running it can become paused, compensating, succeeded, failed, cancelled.',
    );
  });

  it('maps states to the exit codes of the command line', () => {
    expect(Object.fromEntries(EXECUTION_STATES.map((state) => [state, exitCode(state)]))).toEqual({
      requested: null,
      preflight: null,
      refused: 3,
      'awaiting-approval': null,
      running: null,
      paused: 5,
      compensating: null,
      succeeded: 0,
      failed: 1,
      compensated: 4,
      cancelled: 1,
      rejected: 3,
      expired: 3,
    });
  });
});
