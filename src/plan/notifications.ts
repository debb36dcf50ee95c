import { z } from 'zod';
import { NOTICES, NOTICE_FORMATS, NOTICE_KINDS, WAITING_NOTICES } from '../core/notice.ts';
import type { NoticeKind } from '../core/notice.ts';
import { name, time } from './atoms.ts';
import { expected } from './complaints.ts';

const RECEIVER =
  'the name of a receiver such as ON_CALL, whose address is the app setting SWITCHOVER_WEBHOOK_ON_CALL';

const meanings = NOTICE_KINDS.map((kind) => `${kind}: ${NOTICES[kind]}`).join('\n');

/** Who is told of what. Addresses are secrets: they are settings of the app, never a part of the plan. */
export const writtenNotification = z
  .strictObject({
    name: name.meta({ description: 'What people call it; unique in the plan.' }),
    to: z
      .string({ error: expected(RECEIVER) })
      // An address that somebody writes here is not repeated in the complaint.
      .regex(/^[A-Z][A-Z0-9_]{0,60}$/, { error: `expected ${RECEIVER}, found something else` })
      .meta({ description: `Expected is ${RECEIVER}.` }),
    format: z
      .enum(NOTICE_FORMATS)
      .default('plain')
      .meta({ description: 'plain: JSON of our own. teams: an Adaptive Card. slack: blocks.' }),
    on: z.array(z.enum(NOTICE_KINDS)).min(1).meta({ description: meanings }),
    after: time.exactOptional().meta({
      description: 'Told only when it still waits so long after: the next one up the line.',
    }),
  })
  .refine(({ after, on }) => after === undefined || on.every(isWaiting), {
    path: ['after'],
    error: `expected only ${WAITING_NOTICES.join(' or ')} in \`on\`: nothing else waits, found more`,
  })
  .transform(({ after, ...rest }) => ({
    ...rest,
    ...(after === undefined ? {} : { afterSeconds: after }),
  }));

export const writtenNotifications = z
  .array(writtenNotification)
  .superRefine((all, context) => {
    all.forEach((one, index) => {
      if (all.findIndex((other) => other.name === one.name) < index) {
        const message = `expected another name than that of an earlier notification, found "${one.name}"`;
        context.addIssue({ code: 'custom', path: [index, 'name'], message });
      }
    });
  })
  .meta({ description: 'Who is told of what at once.' });

export type Notification = z.infer<typeof writtenNotification>;

function isWaiting(kind: NoticeKind): boolean {
  return WAITING_NOTICES.some((waiting) => waiting === kind);
}
