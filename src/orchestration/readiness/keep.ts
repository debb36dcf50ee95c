import { instant, secondsBetween } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { otherSiteReady } from '../../health/readiness.ts';
import type { Readiness } from '../../records/readiness.ts';
import { announce } from '../announce.ts';
import { assessReadiness } from './assess.ts';
import type { ReadinessDeps } from './deps.ts';

const EVERY_SECONDS = 30 * 60;
/** What is in the way may be gone soon: somebody mends it, or it was a moment's trouble. */
const AGAIN_SECONDS = 5 * 60;
/** Turns come every minute, and a check takes a while: half a turn early is no earlier than meant. */
const EARLY_SECONDS = 30;

/** A fleet's checks read Azure a lot: so many plans at a time, for so long, and the rest at the next turn. */
const TOGETHER = 4;
const TURN_SECONDS = 45;

/** Checks the plans that are due: the longest ago first, and at once where the plan or the site that serves changed. */
export async function keepReadiness(deps: ReadinessDeps, plans: readonly Plan[]): Promise<void> {
  const [known, held, actives] = await Promise.all([
    deps.readiness.all(),
    deps.locks.held(),
    deps.planStates.actives(),
  ]);
  const moving = new Set(held.flatMap(({ plan, holder }) => (holder === null ? [] : [plan])));
  const now = instant(deps.clock.now());
  const due: { plan: Plan; active: string; last: Readiness | null }[] = [];
  for (const plan of plans) {
    // Half moved, its resources are not as they will be.
    if (moving.has(plan.name)) continue;
    const active = actives.get(plan.name) ?? plan.home;
    const last = known.get(plan.name) ?? null;
    if (isDue({ active, hash: deps.facts.hash(plan) }, last, now)) due.push({ plan, active, last });
  }
  const ageOf = ({ last }: { readonly last: Readiness | null }): string => last?.at ?? '';
  const queue = due.toSorted((one, other) => ageOf(one).localeCompare(ageOf(other))).values();
  const until = deps.clock.now() + TURN_SECONDS * 1000;
  const work = async (): Promise<void> => {
    for (const { plan, active, last } of queue) {
      if (deps.clock.now() >= until) return;
      await check(deps, plan, active, last);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
}

function isDue(
  { active, hash }: { readonly active: string; readonly hash: string },
  last: Readiness | null,
  now: string,
): boolean {
  if (last === null || last.from !== active || last.planHash !== hash) return true;
  const inTheWay = last.findings.some(({ severity }) => severity === 'critical');
  return EARLY_SECONDS + secondsBetween(last.at, now) >= (inTheWay ? AGAIN_SECONDS : EVERY_SECONDS);
}

/** One plan's trouble must not keep the others from being checked. */
async function check(
  deps: ReadinessDeps,
  plan: Plan,
  active: string,
  last: Readiness | null,
): Promise<void> {
  try {
    await tellOfChange(deps, last, await assessReadiness(deps, plan, active));
  } catch (error) {
    const message = `Whether ${plan.name} could be run was not checked: ${messageOf(error)}.`;
    deps.log({ level: 'error', message });
  }
}

/** Told when it has become so, not at every check that finds it so still. */
async function tellOfChange(
  deps: ReadinessDeps,
  last: Readiness | null,
  next: Readiness,
): Promise<void> {
  const { from: active, at: now } = next;
  const { ready, why } = otherSiteReady(next, { active, now });
  if (ready !== 'no' || (last !== null && wasSo(last))) return;
  const { plan } = next;
  await announce(deps, { plan, what: 'readiness-critical', severity: 'critical', sentence: why });
}

function wasSo(last: Readiness): boolean {
  return otherSiteReady(last, { active: last.from, now: last.at }).ready === 'no';
}
