import { instant } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import type { DrillDoors, DrillLine } from '../functions/services.ts';
import type { Deps } from '../orchestration/deps.ts';
import { lineOf, overdueSeconds } from '../orchestration/drill/overdue.ts';
import { nextMoment } from '../plan/calendar.ts';
import type { Plan } from '../plan/plan.ts';
import type { DrillStanding } from '../records/drills.ts';
import type { Catalogue } from './plans.ts';

/** A listing of one plan reads more than it shows. */
const READ_AT_MOST = 500;

/** What the doors ask of drills. */
export function createDrillDoors(
  { drills, clock }: Pick<Deps, 'drills' | 'clock'>,
  catalogue: Pick<Catalogue, 'all' | 'find'>,
): DrillDoors {
  return {
    async report({ plan: wanted, limit }) {
      const found = wanted === undefined ? null : await catalogue.find(wanted);
      if (wanted !== undefined && found === null) return null;
      const plans = found === null ? await catalogue.all() : [found.plan];
      const [standings, notes] = await Promise.all([
        drills.standings(),
        drills.history(wanted === undefined ? limit : READ_AT_MOST),
      ]);
      const now = instant(clock.now());
      return {
        calendar: plans.flatMap((plan) => linesOf(plan, standings.get(plan.name), now)),
        history: notes
          .filter(({ plan }) => wanted === undefined || plan === wanted)
          .slice(0, limit),
      };
    },
  };
}

function linesOf(plan: Plan, standing: DrillStanding | undefined, now: Instant): DrillLine[] {
  return (plan.drills ?? []).map((entry) => {
    const { level, cron, timeZone } = entry;
    const next = nextMoment(entry, Date.parse(now));
    const window = standing?.windows[lineOf(entry)];
    return {
      ...{ plan: plan.name, level, cron, timeZone },
      next: next === null ? null : instant(next),
      last: standing?.held[level] ?? null,
      waits: window?.is === 'waiting' ? (window.why ?? null) : null,
      overdueSeconds: overdueSeconds(entry, standing, now),
    };
  });
}
