import type { Schedule } from './schedule.ts';

/** A run may fail for long; what is smaller by then is good enough. */
const RUNS_AT_MOST = 120;

/**
 * Leaves out one thing after the other for as long as all these promises are still broken: what is left is to blame. What
 * breaks only some of them shows only some of what went wrong.
 */
export async function shrink(
  schedule: Schedule,
  promises: readonly string[],
  brokenBy: (smaller: Schedule) => Promise<readonly string[]>,
): Promise<Schedule> {
  let smallest = schedule;
  let runs = 0;
  for (;;) {
    let shrunk = false;
    for (const smaller of smallerThan(smallest)) {
      runs += 1;
      if (runs > RUNS_AT_MOST) return smallest;
      const broken = await brokenBy(smaller);
      if (!promises.every((promise) => broken.includes(promise))) continue;
      smallest = smaller;
      shrunk = true;
      break;
    }
    if (!shrunk) return smallest;
  }
}

/** Larger pieces first. */
function* smallerThan(schedule: Schedule): Generator<Schedule> {
  const { happenings, answers, jitter, plan, instances } = schedule;
  for (const size of [8, 4, 2, 1]) {
    if (size > happenings.length) continue;
    for (let from = 0; from < happenings.length; from += size) {
      yield { ...schedule, happenings: happenings.toSpliced(from, size) };
    }
  }
  for (let count = 0; count < answers.length; count += 1) {
    yield { ...schedule, answers: answers.slice(0, count) };
  }
  if (instances === 2) yield { ...schedule, instances: 1 };
  if (jitter.earlyMs + jitter.lateMs > 0) {
    yield { ...schedule, jitter: { earlyMs: 0, lateMs: 0 } };
  }
  if (Object.keys(plan.onFailure).length > 0) {
    yield { ...schedule, plan: { ...plan, onFailure: {} } };
  }
  if (plan.approvals > 0) yield { ...schedule, plan: { ...plan, approvals: 0 } };
}
