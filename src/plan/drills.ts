import { z } from 'zod';
import { DRILL_LEVELS } from '../core/execution.ts';
import { time } from './atoms.ts';
import { cron, timeZone } from './calendar.ts';

/** When a plan is rehearsed by itself, and how deeply. */

const drillTime = z
  .strictObject({
    level: z.enum(DRILL_LEVELS).meta({
      description:
        'validate: read only. dry-run: read only, and says what would change. rehearsal: the stages under rehearsal, cleaned up afterwards. live: there and back.',
    }),
    cron,
    timeZone,
    window: time.prefault('2h').meta({
      description: 'How long after each of these moments the drill may still begin.',
    }),
    overdueAfter: time.exactOptional().meta({
      description: 'Overrides that of the whole calendar, for drills that come more seldom.',
    }),
  })
  .refine(({ window }) => window <= LONGEST_WINDOW, {
    path: ['window'],
    error: 'expected at most 12h',
  });

/** A window is told from the next one, and a drill that was begun is remembered for longer than this. */
const LONGEST_WINDOW = 12 * 3600;

export const writtenDrills = z
  .strictObject({
    calendar: z.array(drillTime).min(1).meta({ description: 'Which drill is held when.' }),
    overdueAfter: time.prefault('8d').meta({
      description: 'Without a drill for so long the plan is called overdue.',
    }),
  })
  .transform(({ calendar, overdueAfter: ofAll }) =>
    calendar.map(({ window, overdueAfter, ...entry }) => ({
      ...entry,
      windowSeconds: window,
      overdueSeconds: overdueAfter ?? ofAll,
    })),
  );

/** One line of the calendar. */
export type DrillTime = z.infer<typeof writtenDrills>[number];
