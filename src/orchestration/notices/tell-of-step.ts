import { isReadOnly } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import { stepEnded } from '../../core/step.ts';
import type { Hold, StepRecord } from '../../core/step.ts';
import type { Deps } from '../deps.ts';
import { failureRule } from '../failure-rule.ts';
import type { StepRun } from '../next.ts';
import { enqueue } from './enqueue.ts';
import { whole } from './tell.ts';

/**
 * Tells people at once of a step that needs them while others of its stage go on: the execution itself pauses, and
 * says so, only when those have come to their end, which can take as long as machines take.
 */
export async function tellOfStep(deps: Deps, run: StepRun): Promise<void> {
  const [header, page] = await Promise.all([
    deps.executions.header(run.executionId),
    deps.executions.step(run.executionId, run.stepId),
  ]);
  const step = page?.step.value;
  if (header === null || step?.run !== run.run || isReadOnly(header.value)) return;
  const needed = await neededFor(deps, header.value, step);
  if (needed === null) return;
  const steps = (await deps.executions.steps(run.executionId)).map(({ value }) => value);
  const busy = steps.filter((other) => other.stage === step.stage && goesOn(other));
  if (busy.length > 0) await tell(deps, header.value, step, { needed, busy });
}

async function tell(
  deps: Deps,
  header: ExecutionRecord,
  { id, run, runStartedAt }: StepRecord,
  { needed, busy }: { readonly needed: string; readonly busy: readonly StepRecord[] },
): Promise<void> {
  const { plan, id: execution } = header;
  const others = busy.map((other) => other.id).join(', ');
  const sentence = `The ${whole(header)} pauses when ${others} cannot go on: ${id} ${needed}`;
  const data = { plan, what: 'step-waits', execution };
  deps.log({ level: 'error', message: `${plan}: ${sentence}`, data });
  await enqueue(deps, {
    notice: { plan, execution, what: 'step-waits', severity: 'critical', sentence },
    once: `${execution}~${id}~${run}`,
    since: runStartedAt ?? header.requestedAt,
    otherwise: async () => (await deps.pinned.of(header)).plan.notifications,
  });
}

/** What a person is needed for; null when nobody is. */
async function neededFor(
  deps: Deps,
  header: ExecutionRecord,
  step: StepRecord,
): Promise<string | null> {
  const { held, state, error, sentence } = step;
  if (state === 'undo-failed') return `could not be undone: ${error?.message ?? sentence}`;
  if (state === 'failed') {
    const rule = failureRule((await deps.pinned.of(header)).step(step.id), header.mode);
    return rule === 'pause' ? `failed: ${error?.message ?? sentence}` : null;
  }
  switch (held?.why) {
    case 'ask':
      return `needs a person's word: ${held.sentence}`;
    case 'approval':
      return `waits for people to agree, who can at once: ${held.sentence}`;
    case 'overdue':
    case 'fault':
      return `stands still (${WORDS[held.why]}): ${sentence}`;
    default:
      // What befalls one step befalls those beside it at the same moment: the pause itself is near.
      return null;
  }
}

const WORDS = {
  overdue: 'its time is over',
  fault: 'Switchover broke on it',
} as const satisfies Partial<Record<Hold['why'], string>>;

function goesOn({ run, state, held }: StepRecord): boolean {
  return run > 0 && held === undefined && !stepEnded(state);
}
