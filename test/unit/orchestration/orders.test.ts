import { describe, expect, it } from 'vitest';
import { COMMANDS, EXECUTION_STATES, GENESIS, isTerminal } from '../../../src/core/execution.ts';
import type {
  Choice,
  Command,
  ExecutionRecord,
  ExecutionState,
} from '../../../src/core/execution.ts';
import type { Principal } from '../../../src/core/principal.ts';
import {
  RESUME,
  afterFailedStep,
  afterQuestion,
  cancelChoices,
  goUnplanned,
} from '../../../src/orchestration/execution/choices.ts';
import { assertPossible, whyNot } from '../../../src/orchestration/execution/orders.ts';

const ADA: Principal = { id: 'ada', name: 'Ada', kind: 'person', roles: ['Operator'] };
const BOB: Principal = { id: 'bob', name: 'Bob', kind: 'person', roles: ['Approver'] };
const AT = '2026-11-21T10:00:00.000Z';

function execution(patch: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    id: '20261121-100000-abcdef',
    plan: 'websphere-cafe',
    planHash: 'a'.repeat(64),
    kind: 'failover',
    mode: 'planned',
    from: 'east',
    to: 'west',
    state: 'running',
    direction: 'forward',
    reason: 'a test',
    requestedBy: ADA,
    requestedAt: AT,
    token: 1,
    orchestrationVersion: '1',
    stage: 0,
    approvals: [],
    accepted: [],
    commandsDone: 0,
    head: GENESIS,
    ...patch,
  };
}

function paused(choices: readonly Choice[], patch: Partial<ExecutionRecord> = {}): ExecutionRecord {
  const pause = { since: AT, why: 'a reason', choices, from: 'running', reminders: 0 } as const;
  return execution({ state: 'paused', pause, ...patch });
}

/** The commands that an execution takes, from somebody who may give them all. */
function taken(header: ExecutionRecord): Command[] {
  return COMMANDS.filter((command) => whyNot(header, { command, by: BOB }) === null);
}

describe('every command in every state', () => {
  /** Paused is told below: it takes what it offers. */
  const TAKEN: Readonly<Record<Exclude<ExecutionState, 'paused'>, readonly Command[]>> = {
    requested: ['cancel'],
    preflight: ['cancel'],
    'awaiting-approval': ['approve', 'reject', 'cancel'],
    running: ['pause', 'cancel', 'go-unplanned'],
    compensating: ['pause', 'cancel'],
    refused: [],
    expired: [],
    rejected: [],
    succeeded: [],
    failed: [],
    compensated: [],
    cancelled: [],
  };
  const states = EXECUTION_STATES.filter((state) => state !== 'paused');

  it.each(states.flatMap((state) => COMMANDS.map((command) => [state, command] as const)))(
    '%s, %s',
    (state, command) => {
      const why = whyNot(execution({ state }), { command, by: BOB });
      if (TAKEN[state].includes(command)) expect(why).toBeNull();
      else if (isTerminal(state)) expect(why).toBe(`it has ended (${state})`);
      else expect(why).toBe(`an execution that is ${state} takes ${TAKEN[state].join(', ')} only`);
    },
  );

  it.each<[string, Partial<ExecutionRecord>]>([
    ['is unplanned already', { mode: 'unplanned' }],
    ['is being undone', { direction: 'undo' }],
  ])('one that %s cannot go unplanned', (_what, patch) => {
    expect(taken(execution(patch))).toEqual(['pause', 'cancel']);
  });
});

describe('a paused execution takes what it offers', () => {
  const planned = execution();
  const unplanned = execution({ mode: 'unplanned' });
  const undo = execution({ direction: 'undo' });

  it.each<[string, readonly Choice[], Command[]]>([
    [
      'by an operator',
      [RESUME, ...goUnplanned(planned), ...cancelChoices(planned)],
      ['resume', 'cancel', 'go-unplanned'],
    ],
    [
      'after a failed step',
      afterFailedStep(planned, ['database']),
      ['cancel', 'retry', 'skip', 'go-unplanned'],
    ],
    [
      'after a failed step of an unplanned one',
      afterFailedStep(unplanned, ['database']),
      ['cancel', 'retry', 'skip'],
    ],
    ['after a failed undo', afterFailedStep(undo, ['database']), ['cancel', 'retry', 'skip']],
    [
      'for a question',
      afterQuestion(planned, 'data-loss'),
      ['cancel', 'retry', 'accept', 'go-unplanned'],
    ],
    ['with nothing to offer', [], []],
  ])('%s', (_what, choices, expected) => {
    expect(taken(paused(choices))).toEqual(expected);
  });

  it('says what it offers instead', () => {
    expect(whyNot(paused([RESUME]), { command: 'pause', by: ADA })).toBe(
      'it is paused and offers resume: a reason',
    );
  });

  it.each([
    ['data-loss', 'data-loss', null],
    ['data-loss', 'presumed-fence', 'what it asks for is data-loss'],
    ['presumed-fence', 'data-loss', 'what it asks for is presumed-fence'],
    ['presumed-fence', undefined, 'what it asks for is presumed-fence'],
  ] as const)('asked for %s, the acceptance of %s: %s', (needs, accept, why) => {
    const choices = afterQuestion(planned, needs);
    const header = paused(choices, {
      pause: { since: AT, why: 'a question', needs, choices, from: 'running', reminders: 0 },
    });
    const order = { command: 'accept', by: ADA, ...(accept === undefined ? {} : { accept }) };
    expect(whyNot(header, order as Parameters<typeof whyNot>[1])).toBe(why);
  });
});

describe('an approval', () => {
  const awaiting = execution({
    state: 'awaiting-approval',
    approval: { needed: 2, expiresAt: AT },
    approvals: [{ by: BOB, at: AT, reason: 'yes' }],
  });

  it.each<[string, Principal, string | null]>([
    ['another person', { ...BOB, id: 'cleo', name: 'Cleo' }, null],
    ['the one who asked', ADA, 'Ada asked for it, and somebody else must agree'],
    ['one who agreed already', BOB, 'Bob has agreed already'],
    ['one who agreed already, under another name', { ...BOB, name: 'Robert' }, 'Robert has agreed'],
    ['a function key', { ...BOB, id: 'key', name: 'key one', kind: 'key' }, 'key one is no person'],
    ['an application', { ...BOB, id: 'app', name: 'App', kind: 'application' }, 'App is no person'],
  ])('counts of %s: %#', (_who, by, why) => {
    const told = whyNot(awaiting, { command: 'approve', by });
    if (why === null) expect(told).toBeNull();
    else expect(told).toContain(why);
  });

  it('may be refused by anybody who may approve, the one who asked included', () => {
    expect(whyNot(awaiting, { command: 'reject', by: ADA })).toBeNull();
  });
});

describe('an order that is not possible', () => {
  it('is refused with the state, the command and why', () => {
    const header = execution({ state: 'succeeded' });
    expect(() => assertPossible(header, { command: 'pause', by: ADA })).toThrow(
      expect.objectContaining({
        code: 'TRANSITION_REFUSED',
        message: `pause is not possible for execution ${header.id}: it has ended (succeeded).`,
        details: { state: 'succeeded', command: 'pause' },
      }) as Error,
    );
  });
});
