import { instant } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import { SwitchoverError, messageOf } from '../../core/errors.ts';
import { SYSTEM } from '../../core/principal.ts';
import { canonicalId } from '../../core/resource-id.ts';
import type { VerdictIs } from '../../core/watching.ts';
import type { lastMoment } from '../../plan/calendar.ts';
import type { DrillTime } from '../../plan/drills.ts';
import { lockedResources } from '../../plan/locked.ts';
import type { Plan } from '../../plan/plan.ts';
import { nothingYet } from '../../records/drills.ts';
import type { DrillStanding, WindowState } from '../../records/drills.ts';
import type { WatchStates } from '../../records/watch-states.ts';
import { stepKinds } from '../../steps/registry.ts';
import { announce } from '../announce.ts';
import type { DurableDoor } from '../door.ts';
import { startExecution } from '../start/start.ts';
import type { StartDeps } from '../start/order.ts';
import { goBack } from './back.ts';
import { lastWindow } from './drillable.ts';
import type { DrillWindow } from './drillable.ts';
import { lineOf, overdueSeconds, overdueSentence } from './overdue.ts';

export interface DrillDeps extends StartDeps {
  readonly watchStates: Pick<WatchStates, 'all'>;
  readonly lastMoment: typeof lastMoment;
}

/** Looks at every plan's calendar: begins what is due, says what is overdue, brings live drills back. */
export async function holdDrills(
  deps: DrillDeps,
  plans: readonly Plan[],
  door: DurableDoor,
): Promise<void> {
  const [standings, obstacles] = await Promise.all([deps.drills.standings(), obstaclesNow(deps)]);
  for (const plan of plans) {
    try {
      await lookAfter(deps, plan, standings.get(plan.name) ?? null, obstacles(plan.name), door);
    } catch (error) {
      // One plan's trouble must not keep the others from being drilled.
      const message = `The drills of ${plan.name} could not be looked after: ${messageOf(error)}.`;
      deps.log({ level: 'error', message });
    }
  }
}

const TROUBLE: readonly VerdictIs[] = ['suspect', 'failed', 'both-down', 'cut-off'];

/** Why nothing may be tried of a plan now: the one time for it is when all is well. Null when all is. */
async function obstaclesNow(deps: DrillDeps): Promise<(plan: string) => string | null> {
  const [locks, watched, hold] = await Promise.all([
    deps.locks.held(),
    deps.watchStates.all(),
    deps.restraints.hold(),
  ]);
  return (plan) => {
    const open = locks.find((lock) => lock.plan === plan)?.holder;
    if (open != null) return `Execution ${open} is under way.`;
    const verdict = watched.get(plan)?.value.verdict;
    if (verdict !== undefined && TROUBLE.includes(verdict.is)) return verdict.sentence;
    return hold === null
      ? null
      : `${hold.by.name} keeps everything from starting by itself: ${hold.reason}`;
  };
}

async function lookAfter(
  deps: DrillDeps,
  plan: Plan,
  before: DrillStanding | null,
  obstacle: string | null,
  door: DurableDoor,
): Promise<void> {
  if (before?.goBack !== undefined) await goBack(deps, plan, before.goBack, door);
  if (plan.drills === undefined) return;
  const now = instant(deps.clock.now());
  const standing = before ?? nothingYet(plan.name, now);
  const windows: Record<string, WindowState> = {};
  for (const entry of plan.drills) {
    const line = lineOf(entry);
    const known = standing.windows[line] ?? null;
    const next = await nextOf(deps, { plan, entry, known, obstacle, now, door });
    if (next !== null) windows[line] = next;
  }
  const told = await sayOverdue(deps, plan, standing, now);
  const after = { ...standing, windows, told };
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  // Whoever was faster has seen the same; what was begun twice is one execution, by its key.
  await deps.drills.save(before, after);
}

interface Line {
  readonly plan: Plan;
  readonly entry: DrillTime;
  readonly known: WindowState | null;
  readonly obstacle: string | null;
  readonly now: Instant;
  readonly door: DurableDoor;
}

/** What becomes of the last window of a line: begun once, waiting, or given up. */
async function nextOf(deps: DrillDeps, line: Line): Promise<WindowState | null> {
  const { entry, known, now } = line;
  const window = lastWindow(entry, Date.parse(now), deps.lastMoment);
  if (window === null) return known;
  const begins = instant(window.begins);
  const same = known?.begins === begins;
  if (same && known.is !== 'waiting') return known;
  if (Date.parse(now) < window.ends) return begin(deps, line, window);
  // A line that was never looked at before has missed nothing.
  if (known === null) return { begins, is: 'seen' };
  const why = same
    ? (known.why ?? 'It had to wait.')
    : 'Nobody looked at the calendar in time: Switchover was down.';
  await skip(deps, line, why);
  return { begins, is: 'skipped' };
}

async function begin(deps: DrillDeps, line: Line, window: DrillWindow): Promise<WindowState> {
  const { plan, entry, obstacle, door } = line;
  const { level } = entry;
  const begins = instant(window.begins);
  if (obstacle !== null) return { begins, is: 'waiting', why: obstacle };
  try {
    await startExecution(
      deps,
      {
        plan,
        resources: lockedResources(plan, stepKinds).map(canonicalId),
        ...{ kind: 'drill', mode: 'planned', level },
        reason: `the plan's calendar: ${level} of ${begins}`,
        by: SYSTEM,
        idempotencyKey: `drill ${plan.name} ${level} ${begins}`,
      },
      door,
    );
    return { begins, is: 'begun' };
  } catch (error) {
    if (!(error instanceof SwitchoverError && error.isMistake)) throw error;
    if (error.code === 'LOCKED') return { begins, is: 'waiting', why: error.message };
    await skip(deps, line, error.message);
    return { begins, is: 'skipped' };
  }
}

async function skip(deps: DrillDeps, { plan, entry, now }: Line, why: string): Promise<void> {
  const { level } = entry;
  const sentence = `The ${level} drill was skipped. ${why}`;
  await deps.drills.note({
    ...{ plan: plan.name, level, at: now, execution: null },
    is: 'skipped',
    sentence,
  });
  deps.log({ level: 'warning', message: `${plan.name}: ${sentence}` });
}

/** Said again every day, not every minute. */
const DAY_MILLISECONDS = 86_400_000;

async function sayOverdue(
  deps: DrillDeps,
  plan: Plan,
  standing: DrillStanding,
  now: Instant,
): Promise<Record<string, Instant>> {
  const told: Record<string, Instant> = {};
  for (const entry of plan.drills ?? []) {
    const seconds = overdueSeconds(entry, standing, now);
    if (seconds === null) continue;
    const line = lineOf(entry);
    const last = standing.told[line];
    const fresh = last !== undefined && Date.parse(now) - Date.parse(last) < DAY_MILLISECONDS;
    told[line] = fresh ? last : now;
    if (fresh) continue;
    deps.log({
      level: 'warning',
      message: `The ${entry.level} drill of ${plan.name} is overdue.`,
      data: { metric: 'drill.overdue', plan: plan.name, level: entry.level, seconds },
    });
    await announce(deps, {
      ...{ plan: plan.name, what: 'drill-overdue', severity: 'warning' },
      sentence: overdueSentence(entry, seconds, standing),
    });
  }
  return told;
}
