import { stepEnded } from '../../core/step.ts';
import type { Hold, StepRecord } from '../../core/step.ts';
import type { Deps } from '../deps.ts';
import type { StepRun } from '../next.ts';
import { rowsOf } from '../step/page.ts';
import { enqueue } from './enqueue.ts';
import { whole } from './tell.ts';

/**
 * Tells people at once of a step that needs them while others of its stage go on: the execution itself pauses, and
 * says so, only when those have come to their end, which can take as long as machines take.
 */
export async function tellOfStep(deps: Deps, run: StepRun): Promise<void> {
  const rows = await rowsOf(deps, run);
  if (rows === null) return;
  const { header } = rows;
  const step = rows.page.step.value;
  const needed = neededFor(step);
  if (needed === null) return;
  const steps = (await deps.executions.steps(header.id)).map(({ value }) => value);
  const busy = steps.filter((other) => other.stage === step.stage && goesOn(other));
  if (busy.length === 0) return;
  const others = busy.map(({ id }) => id).join(', ');
  await enqueue(deps, {
    notice: {
      ...{ plan: header.plan, execution: header.id, what: 'step-waits', severity: 'critical' },
      sentence: `The ${whole(header)} pauses when ${others} cannot go on: ${step.id} ${needed}`,
    },
    once: `${header.id}~${step.id}~${step.run}`,
    since: step.runStartedAt ?? header.requestedAt,
    otherwise: async () => (await deps.pinned.of(header)).plan.notifications,
  });
}

/** What a person is needed for; null when nobody is. */
function neededFor({ held, sentence }: StepRecord): string | null {
  if (held === undefined) return null;
  switch (held.why) {
    case 'command':
    case 'doomed':
      return null;
    case 'ask':
      return `needs a person's word: ${held.sentence}`;
    case 'approval':
      return `waits for people to agree, who can at once: ${held.sentence}`;
    default:
      return `stands still (${WORDS[held.why]}): ${sentence}`;
  }
}

const WORDS = {
  silence: 'nobody looked after it for too long',
  overdue: 'its time is over',
  fault: 'Switchover broke on it',
  'lock-lost': 'the lock is no longer ours',
} as const satisfies Partial<Record<Hold['why'], string>>;

function goesOn({ run, state, held }: StepRecord): boolean {
  return run > 0 && held === undefined && !stepEnded(state);
}
