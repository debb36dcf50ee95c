import { z } from 'zod';

/** The part of a pinned plan that results are held against. */
const pinned = z.object({
  objectives: z.object({ rtoSeconds: z.number(), rpoSeconds: z.number() }),
});
export type Objectives = z.infer<typeof pinned>['objectives'];

export function objectivesIn(snapshot: string): Objectives {
  return pinned.parse(JSON.parse(snapshot)).objectives;
}
