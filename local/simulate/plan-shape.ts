import { z } from 'zod';
import { DRILL_LEVELS } from '../../src/core/execution.ts';
import { parseDuration } from '../../src/core/duration.ts';
import { facts } from './facts.ts';

const duration = z.string().refine((text) => parseDuration(text) !== null, {
  error: 'expected a duration such as 90s, 30m or 1h30m',
});

/** The plan's own, and `console`: a second probe of ours. */
const SIGNALS = [
  'front',
  'traffic',
  'database',
  'machines',
  'console',
  'endpoint-alert',
  'public-alert',
  'sql-alert',
] as const;

/** What the plan does by itself. */
const watchShape = facts({
  action: z.enum(['notify', 'ask', 'act']),
  /** Those that are left. */
  signals: z.array(z.enum(SIGNALS)).readonly(),
  quorum: z.int().positive(),
  failures: z.int().positive(),
  /** Whether an alert is believed without the other signals. */
  confirmed: z.boolean(),
  cooldown: duration,
  blackout: facts({
    atMinutes: z.int().nonnegative(),
    minutes: z.int().positive(),
  }).exactOptional(),
});
export type WatchShape = z.infer<typeof watchShape>;

/** Minutes after the run's beginning, and for how long the drill may begin. */
const calendarLine = facts({
  level: z.enum(DRILL_LEVELS),
  atMinutes: z.int().nonnegative(),
  windowMinutes: z.int().positive(),
});
export type CalendarLine = z.infer<typeof calendarLine>;

/** A plan as a seed draws it: one of the shapes, with its rules varied. */
export const planShape = facts({
  /**
   * cafe: all of plans/websphere-cafe.yaml. published: Traffic Manager moves by itself. data: the database alone.
   * data-and-traffic: machines run on both sides, the database and the traffic are moved.
   */
  base: z.enum(['cafe', 'published', 'data', 'data-and-traffic']),
  presumed: z.enum(['accept', 'ask']),
  lossLimit: duration,
  approvals: z.literal([0, 1]),
  /** Until when they count; an hour when absent. */
  expires: duration.exactOptional(),
  /** Overrides of what follows a step's failure, by step. */
  onFailure: z.record(z.string(), z.enum(['compensate', 'pause', 'continue'])).readonly(),
  /** What comes before all else of the plan. */
  further: z
    .array(z.enum(['approval', 'webhook', 'rest']))
    .readonly()
    .exactOptional(),
  /** Nobody watches when absent: what runs, people have started. */
  watch: watchShape.exactOptional(),
  /** A line of its drill calendar; as in the file, where nothing falls due in time, when absent. */
  drill: calendarLine.exactOptional(),
});
export type PlanShape = z.infer<typeof planShape>;
