import { instant } from '../../core/clock.ts';
import { restraints } from '../../health/restraint.ts';
import type { Circumstances, Readiness, Restraint } from '../../health/restraint.ts';
import type { Watch } from '../../plan/watch.ts';
import type { WatchDeps } from './deps.ts';

/** What stands against a start by itself of this plan, now. */
export async function restraintsOf(
  deps: Pick<WatchDeps, 'clock' | 'ended' | 'locks' | 'restraints'>,
  plan: string,
  watch: Watch,
  readiness: Readiness,
): Promise<readonly Restraint[]> {
  const [hold, lift, ended, held] = await Promise.all([
    deps.restraints.hold(),
    deps.restraints.lift(plan),
    deps.ended.of(plan),
    deps.locks.held(),
  ]);
  const circumstances: Circumstances = {
    plan,
    watch,
    hold,
    lift,
    ended,
    open: held.find((lock) => lock.plan === plan)?.holder ?? null,
    readiness,
    now: instant(deps.clock.now()),
  };
  return restraints(circumstances);
}
