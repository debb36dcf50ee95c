import { formatSeconds } from '../core/duration.ts';
import { warning } from '../core/finding.ts';
import type { Finding } from '../core/finding.ts';
import { nextMoment } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { DrillTime } from './drills.ts';
import { whyNoLiveDrill } from './live.ts';
import type { Plan } from './plan.ts';

/** Whether the plan is tried often enough to be believed. */
export function drillFindings(plan: Plan): Finding[] {
  const { drills } = plan;
  if (drills === undefined) {
    return [
      warning(
        plan.name,
        'No drill calendar: nobody would notice that the plan has stopped working until it is needed.',
        'Add drills, a dry-run each week to begin with.',
      ),
    ];
  }
  return [...drills.flatMap((entry) => rarityFindings(plan, entry)), ...liveFindings(plan, drills)];
}

function rarityFindings(plan: Plan, entry: DrillTime): Finding[] {
  const gap = longestGap(entry);
  if (gap <= entry.overdueSeconds) return [];
  return [
    warning(
      plan.name,
      `The ${entry.level} drill ("${entry.cron}") can be ${formatSeconds(gap)} apart, but is overdue after ${formatSeconds(entry.overdueSeconds)}: it will be called overdue without reason.`,
      'Give it an overdueAfter of its own.',
    ),
  ];
}

function liveFindings(plan: Plan, drills: readonly DrillTime[]): Finding[] {
  const why = whyNoLiveDrill(plan);
  if (why === null || !drills.some(({ level }) => level === 'live')) return [];
  return [
    warning(
      plan.name,
      `Live drills of this plan will be refused: ${why}.`,
      'Use rehearsal, which tries the machines without moving them.',
    ),
  ];
}

/** A calendar's pattern shows within this many moments, from any day on. */
const MOMENTS = 12;
const SOME_DAY = Date.UTC(2026, 0, 1);

function longestGap(calendar: Calendar): number {
  let [gap, at] = [0, nextMoment(calendar, SOME_DAY)];
  for (let moment = 1; moment < MOMENTS && at !== null; moment += 1) {
    const next = nextMoment(calendar, at);
    if (next === null) return Infinity;
    gap = Math.max(gap, (next - at) / 1000);
    at = next;
  }
  return gap;
}
