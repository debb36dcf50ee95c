import { instant } from '../../core/clock.ts';
import type { Readiness, ReadinessFinding } from '../../records/readiness.ts';
import { announce } from '../announce.ts';
import type { ReadinessAnswer } from './ask.ts';
import type { ReadinessDeps } from './deps.ts';

/** A plan of which only the name and what is wrong with it are known. */
export interface BrokenPlan {
  readonly name: string;
  readonly problems: readonly string[];
}

/** No plan has it: the first time that a broken one can be read again, it is checked anew. */
const NO_HASH = '';
const NOBODY_KNOWS = 'unknown';

/** That a plan cannot be read is the worst that can be said of its readiness: nobody watches it, nothing can run it. */
export async function readinessOfBroken(
  { planStates, clock }: Pick<ReadinessDeps, 'planStates' | 'clock'>,
  { name, problems }: BrokenPlan,
): Promise<ReadinessAnswer> {
  const actives = await planStates.actives();
  const findings = problems.map((problem): ReadinessFinding => ({
    ...{ severity: 'critical', impossible: true, resource: name, problem },
    remedy: 'Until it is mended it is not watched, and cannot be started.',
  }));
  return {
    ...{ plan: name, planHash: NO_HASH, at: instant(clock.now()), findings },
    ...{ from: actives.get(name) ?? NOBODY_KNOWS, to: NOBODY_KNOWS },
    otherSite: { ready: 'no', why: `Nothing can be done with ${name}: ${problems.join(' ')}` },
  };
}

/** Told when a plan has become so, not at every look that finds it so still. */
export async function tellOfBroken(
  deps: ReadinessDeps,
  broken: readonly BrokenPlan[],
): Promise<void> {
  if (broken.length === 0) return;
  const known = await deps.readiness.all();
  for (const plan of broken) {
    const { otherSite, ...now } = await readinessOfBroken(deps, plan);
    if (isTold(known.get(plan.name), now)) continue;
    await deps.readiness.put(now);
    await announce(deps, {
      ...{ plan: plan.name, what: 'readiness-critical', severity: 'critical' },
      sentence: otherSite.why,
    });
  }
}

function isTold(before: Readiness | undefined, { findings }: Readiness): boolean {
  return (
    before?.planHash === NO_HASH && JSON.stringify(before.findings) === JSON.stringify(findings)
  );
}
