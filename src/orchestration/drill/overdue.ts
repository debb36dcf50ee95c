import { secondsBetween } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import { formatSeconds } from '../../core/duration.ts';
import type { Finding } from '../../core/finding.ts';
import type { DrillTime } from '../../plan/drills.ts';
import type { Plan } from '../../plan/plan.ts';
import type { DrillStanding } from '../../records/drills.ts';

/** One line of the calendar is told from the others by what it says. */
export function lineOf({ level, cron, timeZone }: DrillTime): string {
  return `${level} ${cron} ${timeZone}`;
}

/** How long there was no drill of that level, when that is too long; null when it is not. Nobody looked: not overdue. */
export function overdueSeconds(
  entry: DrillTime,
  standing: DrillStanding | undefined,
  now: Instant,
): number | null {
  if (standing === undefined) return null;
  const last = standing.held[entry.level]?.at ?? standing.since;
  const seconds = secondsBetween(last, now);
  return seconds > entry.overdueSeconds ? seconds : null;
}

/** For readiness: a plan that was not tried for long is a plan that may not work. */
export function overdueFindings(
  plan: Plan,
  standing: DrillStanding | undefined,
  now: Instant,
): readonly Finding[] {
  return (plan.drills ?? []).flatMap((entry): readonly Finding[] => {
    const seconds = overdueSeconds(entry, standing, now);
    if (seconds === null) return [];
    return [
      {
        severity: 'warning',
        resource: plan.name,
        problem: overdueSentence(entry, seconds, standing),
        remedy: `Hold one: switchover drill ${plan.name} --level ${entry.level}`,
      },
    ];
  });
}

export function overdueSentence(
  { level, overdueSeconds: limit }: DrillTime,
  seconds: number,
  standing: DrillStanding | undefined,
): string {
  const since = standing?.held[level] === undefined ? 'There was never a' : 'There was no';
  return `${since} ${level} drill for ${formatSeconds(seconds)}; it is overdue after ${formatSeconds(limit)}.`;
}
