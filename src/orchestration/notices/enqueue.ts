import { instant, later } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { DatedNotice, Notice } from '../../core/notice.ts';
import type { Notification } from '../../plan/notifications.ts';
import { messageId } from '../../records/outbox.ts';
import type { Message, Outbox } from '../../records/outbox.ts';

export interface NoticeDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly outbox: Outbox;
  /** As the plan's file says now; null when there is none that can be read. */
  readonly notificationsOf: (plan: string) => Promise<readonly Notification[] | null>;
}

export interface Enqueued {
  readonly notice: Notice;
  /** What makes it the same notice when it is told again. */
  readonly once: string;
  /** Since when it has been so: an escalation counts from then, and is dropped when it is so no more. */
  readonly since: string;
  /** Whom to tell when there is no such plan any more. */
  readonly otherwise?: () => Promise<readonly Notification[] | undefined>;
}

/** Puts a notice into the outbox for everybody whom the plan wants told. Never fails, sends nothing itself. */
export async function enqueue(deps: NoticeDeps, told: Enqueued): Promise<void> {
  const { notice } = told;
  try {
    const rules = (await deps.notificationsOf(notice.plan)) ?? (await told.otherwise?.()) ?? [];
    const dated = { ...notice, at: instant(deps.clock.now()) };
    for (const rule of rules.filter(({ on }) => on.includes(notice.what)))
      await deps.outbox.put(messageFor(rule, dated, told));
  } catch (error) {
    // Telling must never stand in the way of what is told.
    const message = `Nobody could be told of ${notice.what} of ${notice.plan}: ${messageOf(error)}.`;
    deps.log({ level: 'error', message });
  }
}

function messageFor(rule: Notification, notice: DatedNotice, { once, since }: Enqueued): Message {
  const { name, to, format, afterSeconds } = rule;
  return {
    id: messageId(notice.plan, name, once),
    notification: name,
    to,
    format,
    notice,
    attempts: 0,
    ...(afterSeconds === undefined
      ? { dueAt: notice.at }
      : { dueAt: later(since, afterSeconds), stillSince: since }),
  };
}
