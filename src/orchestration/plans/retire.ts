import { instant } from '../../core/clock.ts';
import { SwitchoverError } from '../../core/errors.ts';
import { versionWords } from '../../core/plan-version.ts';
import type { PlanVersion } from '../../core/plan-version.ts';
import type { Principal } from '../../core/principal.ts';
import type { PlanDeps } from './deps.ts';

export interface RetireOrder {
  readonly name: string;
  readonly by: Principal;
  readonly reason: string;
}

/** Ends a plan: it is not watched, drilled or started any more. What it was stays on record. */
export async function retirePlan(
  deps: Pick<PlanDeps, 'deployed' | 'locks' | 'drills' | 'clock' | 'log'>,
  { name, by, reason }: RetireOrder,
): Promise<PlanVersion> {
  const { deployed, clock, log } = deps;
  const before = await deployed.of(name);
  if (before === null)
    throw new SwitchoverError(
      'PLAN_UNKNOWN',
      `No plan named ${name} was ever pushed. List them: switchover plans`,
    );
  if (before.value.retired === true) return before.value;
  await assertAtRest(deps, name);
  const { number, hash } = before.value;
  const at = instant(clock.now());
  const version: PlanVersion = { number: number + 1, hash, by, at, reason, retired: true };
  if (!(await deployed.add({ plan: name, ...version }, before))) {
    throw new SwitchoverError(
      'PLAN_CHANGED',
      `Nothing was changed: somebody has pushed ${name} at this moment. See what: switchover plan history ${name}`,
    );
  }
  log({
    level: 'warning',
    message: `${name}: ${versionWords(version)}`,
    data: { plan: name, what: 'plan-retired', version: version.number },
  });
  return version;
}

/** What has begun is brought to its end by the plan's own rules, and a live drill is back home, before a plan ends. */
async function assertAtRest(
  { locks, drills }: Pick<PlanDeps, 'locks' | 'drills'>,
  plan: string,
): Promise<void> {
  const [held, standings] = await Promise.all([locks.held(), drills.standings()]);
  const running =
    held.find((lock) => lock.plan === plan)?.holder ?? standings.get(plan)?.goBack?.execution;
  if (running === undefined) return;
  throw new SwitchoverError(
    'LOCKED',
    `Execution ${running} of ${plan} is under way. See it to its end first: switchover execution watch ${running}`,
    { details: { execution: running, plan } },
  );
}
