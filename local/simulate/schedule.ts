import { z } from 'zod';
import { facts } from './facts.ts';
import { happening } from './happenings.ts';
import { planShape } from './plan-shape.ts';

const milliseconds = z.number().nonnegative();

const answer = facts({
  afterSeconds: z.number().nonnegative(),
  /** Which of the offered choices, from 0 to 1. */
  pick: z.number().min(0).max(1),
  then: z.enum(['compensate', 'stay']),
});
export type Answer = z.infer<typeof answer>;

/** Everything that goes wrong in one run, and when: the whole of it, so that the same schedule runs the same way. */
export const scheduleSchema = facts({
  /** Draws durations, latencies and names inside the simulated world. */
  seed: z.int(),
  plan: planShape,
  /** How early and how late the platform's timers come. */
  jitter: facts({ earlyMs: milliseconds, lateMs: milliseconds }),
  /** Milliseconds that a request to Azure is under way; as usual when absent. */
  latency: facts({ low: milliseconds, high: milliseconds })
    .refine(({ low, high }) => low <= high, { error: 'expected low to be no more than high' })
    .exactOptional(),
  /** Milliseconds that the host's own steps take; as measured on a host without cloud storage when absent. */
  hops: facts({
    activityMs: milliseconds,
    subOrchestrationMs: milliseconds,
    turnMs: milliseconds,
  }).exactOptional(),
  /** Every timer of the app fires a second time, so many milliseconds later. */
  again: milliseconds.exactOptional(),
  /** So many instances of the app share the work all the time; one when absent. */
  instances: z.literal([1, 2]).exactOptional(),
  happenings: z
    .array(happening)
    .refine((all) => all.every(({ at }, index) => at >= (all[index - 1]?.at ?? at)), {
      error: 'expected the order in which they happen: no `at` is less than the one before',
    })
    .readonly(),
  /** What the person on call does about each pause, in order; after the last one nobody does anything more. */
  answers: z.array(answer).readonly(),
});
export type Schedule = z.infer<typeof scheduleSchema>;

/** The app's own times then say neither how long ago something was nor what came first. */
export function setsClockAnew({ happenings }: Schedule): boolean {
  return happenings.some((one) => one.do === 'clock');
}
