import { SwitchoverError } from './errors.ts';
import { isTerminal } from './execution.ts';
import type { ExecutionState, TerminalState } from './execution.ts';

type Cause = 'orchestration' | 'operator' | 'approver' | 'reaper';

/** Every legal transition of an execution and who may cause it. Whatever is not here is refused. */
const LEGAL: Readonly<Record<ExecutionState, Partial<Record<ExecutionState, readonly Cause[]>>>> = {
  requested: {
    preflight: ['orchestration'],
    refused: ['orchestration', 'reaper'],
    cancelled: ['operator', 'orchestration'],
  },
  preflight: {
    refused: ['orchestration'],
    'awaiting-approval': ['orchestration'],
    running: ['orchestration'],
    paused: ['operator', 'reaper', 'orchestration'],
    cancelled: ['operator', 'orchestration'],
  },
  'awaiting-approval': {
    running: ['approver', 'orchestration'],
    rejected: ['approver', 'orchestration'],
    expired: ['orchestration'],
    cancelled: ['operator', 'orchestration'],
  },
  running: {
    paused: ['orchestration', 'operator', 'reaper'],
    compensating: ['orchestration', 'operator'],
    succeeded: ['orchestration'],
    failed: ['orchestration'],
    cancelled: ['orchestration', 'operator'],
  },
  paused: {
    running: ['operator', 'approver', 'orchestration'],
    compensating: ['operator', 'orchestration'],
    cancelled: ['operator', 'orchestration'],
    failed: ['operator', 'orchestration'],
  },
  compensating: {
    paused: ['orchestration', 'operator', 'reaper'],
    compensated: ['orchestration'],
    // A rehearsal always ends by undoing what it did, also when all of it was good.
    succeeded: ['orchestration'],
    failed: ['orchestration'],
    cancelled: ['orchestration', 'operator'],
  },
  refused: {},
  expired: {},
  rejected: {},
  succeeded: {},
  failed: {},
  compensated: {},
  cancelled: {},
};

export function mayMove(from: ExecutionState, to: ExecutionState, cause: Cause): boolean {
  return LEGAL[from][to]?.includes(cause) ?? false;
}

/** Refuses an illegal transition with from, to and the operation that wanted it. */
export function assertMove(
  from: ExecutionState,
  to: ExecutionState,
  cause: Cause,
  operation: string,
): void {
  if (mayMove(from, to, cause)) return;
  const legal = Object.keys(LEGAL[from]);
  throw new SwitchoverError(
    'TRANSITION_REFUSED',
    `${operation}: an execution that is ${from} cannot become ${to} by ${cause}. ` +
      (isTerminal(from) ? 'It has ended.' : `From ${from} it can become ${legal.join(', ')}.`),
    { details: { from, to, operation, cause } },
  );
}

const EXIT_CODES: Readonly<Record<TerminalState | 'paused', number>> = {
  succeeded: 0,
  failed: 1,
  cancelled: 1,
  refused: 3,
  rejected: 3,
  expired: 3,
  compensated: 4,
  paused: 5,
};

/** The CLI's exit code for an execution that has ended or waits for an operator; `null` while it moves. 2 is usage. */
export function exitCode(state: ExecutionState): number | null {
  return state === 'paused' || isTerminal(state) ? EXIT_CODES[state] : null;
}
