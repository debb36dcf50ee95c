import { SwitchoverError } from '../../core/errors.ts';
import { lastMoment, nextMoment } from '../../plan/calendar.ts';
import type { DrillTime } from '../../plan/drills.ts';
import { whyNoLiveDrill } from '../../plan/live.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Instant } from '../../core/clock.ts';
import type { StartOrder } from '../start/order.ts';

type Asked = Pick<StartOrder, 'plan' | 'kind' | 'mode' | 'level'>;

/** Refuses a drill that the plan does not allow, or not now. */
export function assertDrillable({ plan, kind, mode, level }: Asked, at: Instant): void {
  if (kind !== 'drill') return;
  if (level === undefined) throw refused('A drill needs a level.');
  if (mode === 'unplanned' && (level === 'rehearsal' || level === 'live'))
    throw refused(`A ${level} drill is always planned: nothing is given up for it.`);
  if (level === 'rehearsal' && plan.rehearsalStages === undefined) {
    throw refused(
      `Plan ${plan.name} does not say what a rehearsal is. Give it a section "rehearsal".`,
    );
  }
  if (level === 'live') assertLive(plan, at);
}

function assertLive(plan: Plan, at: Instant): void {
  const why = whyNoLiveDrill(plan);
  if (why !== null) throw refused(`Plan ${plan.name} cannot be drilled live: ${why}.`);
  if (openWindow(plan, 'live', Date.parse(at)) !== null) return;
  const next = (plan.drills ?? [])
    .filter(({ level }) => level === 'live')
    .flatMap((entry) => nextMoment(entry, Date.parse(at)) ?? [])
    .sort((a, b) => a - b)[0];
  throw refused(
    next === undefined
      ? `Plan ${plan.name} has no window for live drills. Give its calendar one.`
      : `No window for live drills of ${plan.name} is open; the next one begins at ${new Date(next).toISOString()}.`,
  );
}

export interface DrillWindow {
  readonly entry: DrillTime;
  readonly begins: number;
  readonly ends: number;
}

/** The window of a calendar line that began last, open or over. */
export function lastWindow(
  entry: DrillTime,
  now: number,
  momentOf = lastMoment,
): DrillWindow | null {
  const last = momentOf(entry, now);
  return last === null ? null : { entry, begins: last, ends: last + entry.windowSeconds * 1000 };
}

/** The window of that level that is open now, the one that stays open longest. */
export function openWindow(plan: Plan, level: DrillTime['level'], now: number): DrillWindow | null {
  const open = (plan.drills ?? [])
    .filter((entry) => entry.level === level)
    .flatMap((entry) => lastWindow(entry, now) ?? [])
    .filter(({ ends }) => now < ends);
  return open.sort((a, b) => b.ends - a.ends)[0] ?? null;
}

function refused(why: string): SwitchoverError {
  return new SwitchoverError('REQUEST_INVALID', why);
}
