import type { Instant } from '../core/clock.ts';
import { executionWords } from '../core/execution.ts';
import type { ExecutionRecord, ExecutionState } from '../core/execution.ts';
import { stepEnded } from '../core/step.ts';
import type { StepRecord, StepState } from '../core/step.ts';
import type { LogRecord } from './log-record.ts';
import { spanOfExecution, spanOfStep } from './spans.ts';

const WORRYING: readonly (ExecutionState | StepState)[] = [
  'paused',
  'refused',
  'failed',
  'compensating',
  'compensated',
  'undo-failed',
];
const severityOf = (state: ExecutionState | StepState): LogRecord['severity'] =>
  WORRYING.includes(state) ? 'warning' : 'info';

/** Where an execution stands now: its trace is sent when it has ended, which may take hours. */
export function executionRecord(
  execution: ExecutionRecord,
  before: ExecutionState | null,
  at: Instant,
): LogRecord {
  const { id, plan, kind, mode, level, from, to, state } = execution;
  return {
    event: 'switchover.execution.state',
    at,
    severity: severityOf(state),
    sentence: `The ${executionWords(execution)} of ${plan} from ${from} to ${to} is ${state}.`,
    attributes: {
      'switchover.execution': id,
      'switchover.plan': plan,
      'switchover.kind': kind,
      'switchover.mode': mode,
      'switchover.level': level,
      'switchover.from': from,
      'switchover.to': to,
      'switchover.state': state,
      'switchover.state_before': before,
    },
    span: spanOfExecution(id),
  };
}

const BEGUN: readonly StepState[] = ['running', 'undoing'];

/** That a step has begun or ended; null of what lies in between, and of what never began. */
export function stepRecord(
  execution: string,
  { id, uses, state, direction, startedAt }: StepRecord,
  before: StepState,
  at: Instant,
): LogRecord | null {
  if (startedAt === undefined || (!stepEnded(state) && !BEGUN.includes(state))) return null;
  return {
    event: 'switchover.step.state',
    at,
    severity: severityOf(state),
    sentence: `Step ${id} (${uses}) is ${state}.`,
    attributes: {
      'switchover.execution': execution,
      'switchover.step': id,
      'switchover.step_kind': uses,
      'switchover.direction': direction,
      'switchover.state': state,
      'switchover.state_before': before,
    },
    span: spanOfStep(execution, id),
  };
}
