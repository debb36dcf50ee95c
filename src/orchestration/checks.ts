import { AzureError } from '../azure/errors.ts';
import { IN_TIME } from '../core/clock.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import type { StepRecord } from '../core/step.ts';
import type { Deps } from './deps.ts';
import type { PinnedPlan, PinnedStep } from './pinned.ts';
import { stepContext } from './step/context.ts';

/**
 * Checks are reads of a side that may be dead: none may keep the others waiting, nor a person at the command line, whose
 * patience ends at half a minute.
 */
const LOOK_SECONDS = 20;

/** An execution as far as looking at its steps is concerned. */
export interface Subject {
  readonly deps: Deps;
  readonly header: ExecutionRecord;
  readonly plan: PinnedPlan;
  readonly step: (id: string) => StepRecord;
}

/** The steps that the execution would run in its mode. */
export function membersOf({ plan, header }: Subject): readonly PinnedStep[] {
  return plan.stages
    .flatMap((stage) => stage.steps)
    .filter((member) => member.when === 'always' || member.when === header.mode);
}

export function contextOf(
  { deps, header, plan, step }: Subject,
  { id }: PinnedStep,
): ReturnType<typeof stepContext> {
  return stepContext({ deps, header, plan, step: step(id), attempts: [], direction: 'forward' });
}

/** What the steps' kinds find when they are asked whether they could do their work. */
export async function checkSteps(subject: Subject): Promise<readonly Finding[]> {
  const found = await Promise.all(
    membersOf(subject).map(async (member) => {
      const looked = await inTime(subject.deps, () =>
        member.bound.check(contextOf(subject, member)),
      );
      const findings = 'read' in looked ? looked.read : [unreadable(member.id, looked.trouble)];
      return findings.map((finding) => ({ ...finding, step: member.id }));
    }),
  );
  return found.flat();
}

/** One look, or why it told nothing. */
export async function inTime<T>(
  { clock }: Pick<Deps, 'clock'>,
  look: () => Promise<T>,
): Promise<{ readonly read: T } | { readonly trouble: string }> {
  const done = new AbortController();
  const late = clock.sleep(LOOK_SECONDS * 1000, done.signal).then(
    () => ({ trouble: `it did not answer within ${LOOK_SECONDS} s` }),
    () => ({ trouble: 'it was not waited for' }),
  );
  try {
    return await Promise.race([look().then((read) => ({ read })), late]);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return { trouble: error.message };
  } finally {
    done.abort(IN_TIME);
  }
}

function unreadable(step: string, why: string): Finding {
  return {
    severity: 'critical',
    resource: step,
    problem: `What ${step} depends on could not be read: ${why.replace(/\.$/, '')}.`,
    remedy: 'If the side that is left is down, start an unplanned execution.',
  };
}
