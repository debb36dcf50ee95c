import { parse } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../../src/core/duration.ts';
import { OUTAGE_SIZES } from '../../local/simulator/service.ts';
import { isEventType } from '../../src/core/events.ts';

const seconds = z.string().transform((text, context) => {
  const found = parseDuration(text);
  if (found === null) context.addIssue(`${text} is no duration`);
  return found ?? 0;
});

const moment = z.strictObject({
  event: z.string().refine(isEventType, 'there is no such event'),
  step: z.string().exactOptional(),
});

const outage = z.strictObject({
  region: z.enum(['eastus', 'westus']),
  size: z.enum(OUTAGE_SIZES),
});

const fault = z.strictObject({
  operation: z.string(),
  resource: z.string().default(''),
  kind: z.enum([
    'fail-operation',
    'stuck-operation',
    'lose-reply',
    'slow-reply',
    'fail-before',
    'respond',
  ]),
  times: z.int().default(1),
  status: z.int().exactOptional(),
  code: z.string().exactOptional(),
  retryAfterSeconds: z.int().exactOptional(),
  delaySeconds: z.number().exactOptional(),
});

/** `chief` may operate and approve. */
const person = z.enum(['operator', 'approver', 'viewer', 'automation', 'chief']);

/** A message of an action group about one of the café's database servers. */
const alert = z.strictObject({
  about: z.enum(['east', 'west']),
  is: z.enum(['Fired', 'Resolved']),
});

const order = z.strictObject({
  by: person.default('operator'),
  command: z.string(),
  step: z.string().exactOptional(),
  accept: z.string().exactOptional(),
  then: z.string().exactOptional(),
  reason: z.string(),
});

/** `paused` and the ends: time passes until the execution is there, and it must be there and nowhere else. */
const state = z.enum([
  'paused',
  'succeeded',
  'failed',
  'compensated',
  'cancelled',
  'refused',
  'expired',
  'rejected',
  'awaiting-approval',
]);

/** One line of a script. What has `on` happens once that event is recorded, between two writes of the app. */
const line = z.union([
  z.strictObject({ wait: seconds }),
  z.strictObject({
    start: z.enum(['the failover', 'a rehearsal', 'a dry-run']),
    by: person.default('operator'),
  }),
  z.strictObject({ until: z.union([state, moment]) }),
  z.strictObject({ outage, on: moment.exactOptional() }),
  z.strictObject({ fault, on: moment.exactOptional() }),
  z.strictObject({ somebody: z.literal('fails the database over') }),
  /** The host dies, and comes up again after so long. */
  z.strictObject({ down: seconds }),
  /** The watch begins an execution by itself, and the story goes on with that one. */
  z.strictObject({ begins: z.literal('the watch') }),
  /** Time passes in which nothing begins. */
  z.strictObject({ nothing: seconds }),
  /** A region goes down and comes back, again and again, for so long. */
  z.strictObject({ flaps: outage, every: seconds, for: seconds }),
  /** The app's own network is cut for so long. */
  z.strictObject({ cut: seconds }),
  /** The state store takes nothing for so long. */
  z.strictObject({ storeless: seconds }),
  /** Somebody holds everything, or lifts that. */
  z.strictObject({ hold: z.string() }),
  z.strictObject({ lift: z.string() }),
  /** So many alerts come in at the same moment; resolved are the latest that were fired. */
  z.strictObject({ alert, times: z.int().default(1) }),
  z.strictObject({ order, answer: z.int().default(202) }),
]);
export type Line = z.infer<typeof line>;

const story = z.strictObject({
  /** What the story shows, in a sentence. */
  shows: z.string(),
  plan: z.string().default('websphere-cafe'),
  mode: z.enum(['planned', 'unplanned']).default('unplanned'),
  /** What the watch does when a site fails; nobody watches when absent. */
  watch: z.enum(['notify', 'ask', 'act']).exactOptional(),
  /** Whether what each step did is told, too: it is another story where the watch has the part. */
  steps: z.boolean().default(true),
  /** Every timer of the app fires a second time, so much later. */
  again: seconds.exactOptional(),
  /** When it begins, by the world's clock. */
  at: z.iso.datetime().exactOptional(),
  control: z.enum(['switchover', 'automatic']).default('switchover'),
  /** Places where the plan's text differs from the file. */
  edit: z.array(z.strictObject({ find: z.string(), put: z.string() })).default([]),
  script: z.array(line),
});
export type Story = z.infer<typeof story>;

export function readStory(text: string): Story {
  return story.parse(parse(text));
}
