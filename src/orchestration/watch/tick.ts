import { instant, secondsBetween } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { TICK_SECONDS } from '../../core/watching.ts';
import { ONE_LOOK_SECONDS } from '../../health/standing.ts';
import type { Plan } from '../../plan/plan.ts';
import type { DurableDoor } from '../door.ts';
import type { WatchDeps } from './deps.ts';
import { follow } from './follow.ts';
import { judge } from './judge.ts';
import type { Judged } from './judge.ts';
import { look } from './look.ts';
import { subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

/**
 * A plan that another instance has looked at a moment ago is left to it. No longer than this: a look in between that came
 * too soon to count would else take the place of the one that does.
 */
const MOMENT_SECONDS = TICK_SECONDS - ONE_LOOK_SECONDS;

/** Looks at all plans together, decides about each, and does what follows. Never throws: the next tick comes anyway. */
export async function tick(
  deps: WatchDeps,
  plans: readonly Plan[],
  door: DurableDoor,
): Promise<void> {
  const began = deps.clock.now();
  const looked = await inPeace(deps, 'The watch could not look', () =>
    evaluate(deps, plans, door, isDue),
  );
  deps.onlooker?.ticked(began, looked);
}

/** Looks at these plans at once, because something was heard of them. */
export async function evaluatePlans(
  deps: WatchDeps,
  plans: readonly Plan[],
  door: DurableDoor,
): Promise<void> {
  await inPeace(deps, 'The watch could not look', () => evaluate(deps, plans, door, () => true));
}

async function evaluate(
  deps: WatchDeps,
  plans: readonly Plan[],
  door: DurableDoor,
  due: (subject: Subject, now: Instant) => boolean,
): Promise<void> {
  const watched = plans.filter(({ watch }) => watch !== undefined);
  if (watched.length === 0) return;
  // Without the records nothing is decided: who cannot read what was seen before cannot count.
  const [states, actives] = await Promise.all([deps.watchStates.all(), deps.planStates.actives()]);
  const began = instant(deps.clock.now());
  const subjects = watched.flatMap((plan) => {
    const before = states.get(plan.name) ?? null;
    const subject = subjectOf(deps.facts, plan, actives.get(plan.name), before);
    return subject !== null && due(subject, began) ? [subject] : [];
  });
  const sight = await look(deps, subjects);
  const at = instant(deps.clock.now());
  const judged = subjects.map((subject) => judge(subject, sight, at));
  const ours = await save(deps, judged);
  const locks = await deps.locks.held();
  for (const one of ours) {
    deps.onlooker?.judged(one.after);
    const holder = locks.find(({ plan }) => plan === one.plan.name)?.holder ?? null;
    await inPeace(deps, `What follows from the look at ${one.plan.name} could not be done`, () =>
      follow(deps, one, holder, door),
    );
  }
}

function isDue({ before }: Subject, now: Instant): boolean {
  return before === null || Math.abs(secondsBetween(before.value.at, now)) >= MOMENT_SECONDS;
}

/** Of two instances that looked at the same time, one gets its look written: the other one's never was. */
async function save(deps: WatchDeps, judged: readonly Judged[]): Promise<readonly Judged[]> {
  const saved = await deps.watchStates.save(judged.filter(({ isSettled }) => !isSettled));
  return judged.filter(({ isSettled, plan }) => isSettled || saved.has(plan.name));
}

/** One plan's trouble is not the others', and the store's is not the host's. Tells whether it went well. */
async function inPeace(
  { log }: Pick<WatchDeps, 'log'>,
  what: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log({ level: 'error', message: `${what}: ${messageOf(error)}. The next tick tries again.` });
    return false;
  }
}
