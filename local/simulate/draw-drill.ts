import type { Dice } from './dice.ts';
import type { CalendarLine, PlanShape } from './plan-shape.ts';
import type { HappeningOf } from './happenings.ts';

/** Asked for before the failover, so that it is in the way, or whenever. */
export function drawDrill(chance: Dice, startAt: number): HappeningOf<'start'> {
  const at = Math.max(1, startAt + chance.between(-120, chance.one([10, 1_500])));
  return {
    do: 'start',
    at,
    kind: 'drill',
    level: chance.one(['validate', 'dry-run', 'rehearsal', 'rehearsal']),
    mode: 'planned',
    as: chance.one(['operator', 'automation']),
    key: null,
  };
}

/** Machines that have failed over cannot come back at once: only the data is drilled live. */
export function drawCalendarLine(chance: Dice, { base }: PlanShape): CalendarLine {
  return {
    level: chance.one(['validate', 'dry-run', 'rehearsal', base === 'data' ? 'live' : 'rehearsal']),
    atMinutes: chance.whole(1, 12),
    windowMinutes: chance.one([1, 5, 30]),
  };
}
