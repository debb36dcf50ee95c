import { isTerminal } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { AttemptRecord, StepRecord } from '../core/step.ts';

export function undone(steps: readonly StepRecord[]): string[] {
  return steps
    .filter((step) => step.state === 'undone')
    .map((step) => `${step.id}: ${step.sentence}`);
}

/** What nobody has undone or finished, said so that somebody can. */
export function leftAsItIs(
  header: ExecutionRecord,
  steps: readonly StepRecord[],
  attempts: readonly AttemptRecord[],
): string[] {
  return [
    ...steps.flatMap((step) => remains(header, step)),
    ...attempts
      .filter((attempt) => attempt.outcome === 'unanswered')
      .map(
        (attempt) =>
          `${attempt.step}: whether ${attempt.call} (sent ${attempt.sentAt}) had its effect is not known; look at the resource`,
      ),
  ];
}

function remains(header: ExecutionRecord, step: StepRecord): readonly string[] {
  const say = (what: string): readonly string[] => [
    `${step.id} ${what}: ${step.error?.message ?? step.sentence}`,
  ];
  const reached = header.state === 'succeeded';
  switch (step.state) {
    case 'failed':
      return say(step.touched ? 'failed and may have had part of its effect' : 'failed');
    case 'undo-failed':
      return say('could not be undone');
    case 'done':
    case 'presumed':
      return reached || !step.touched ? [] : say('was done and is not undone');
    case 'satisfied':
      return reached || !step.adopted ? [] : say('was found done by somebody else and is left');
    case 'running':
    case 'waiting':
    case 'undoing':
      return say(isTerminal(header.state) ? `was left ${step.state}` : `is ${step.state}`);
    case 'pending':
    case 'skipped':
    case 'undone':
      return [];
  }
}
