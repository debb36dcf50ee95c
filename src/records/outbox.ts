import { createHash } from 'node:crypto';
import type { Instant } from '../core/clock.ts';
import type { DatedNotice, NoticeFormat } from '../core/notice.ts';
import { asRow, loaded, replaced } from './partition.ts';
import type { Loaded } from './partition.ts';
import { isRowConflict, withPrefix } from './tables.ts';
import type { Change, Tables } from './tables.ts';

/** A notice on its way to one receiver. The address is not in it: it is a secret, and may change meanwhile. */
export interface Message {
  readonly id: string;
  /** The plan's notification that asks for it. */
  readonly notification: string;
  readonly to: string;
  readonly format: NoticeFormat;
  readonly notice: DatedNotice;
  /** Sent only when its execution still waits since then. */
  readonly stillSince?: Instant;
  readonly dueAt: Instant;
  readonly attempts: number;
}

export interface Delivery {
  readonly outcome: 'delivered' | 'failed' | 'not-needed';
  readonly attempts: number;
  readonly at: Instant;
  readonly why?: string;
}

export interface Outbox {
  /** Each message once, ever: who says the same again sends nothing. */
  put(message: Message): Promise<'new' | 'known'>;
  due(now: Instant, limit: number): Promise<readonly Loaded<Message>[]>;
  /**
   * Takes a message for one attempt, until `until`: whoever dies with it leaves it to the others. Null when somebody
   * else has it.
   */
  claim(message: Loaded<Message>, until: Instant): Promise<Message | null>;
  postpone(message: Message, dueAt: Instant): Promise<void>;
  close(message: Message, delivery: Delivery): Promise<void>;
  /** Null while it is on its way, or when there is none. */
  delivery(id: string): Promise<Delivery | null>;
}

const PARTITION = 'outbox';
const OPEN = 'open~';
const openRow = (id: string): string => `${OPEN}${id}`;
/** Stays for ever: a few hundred bytes for each time that somebody was told something. */
const knownRow = (id: string): string => `known~${id}`;

/** The same for the same notice, told by the same notification. */
export function messageId(plan: string, notification: string, once: string): string {
  return createHash('sha256')
    .update(`${plan}\n${notification}\n${once}`)
    .digest('hex')
    .slice(0, 32);
}

export function createOutbox(tables: Tables): Outbox {
  const write = (...changes: Change[]): Promise<void> => tables.write('outbox', PARTITION, changes);

  return {
    async put(message) {
      try {
        await write(
          { do: 'insert', row: knownRow(message.id), value: { at: message.notice.at } },
          { do: 'insert', row: openRow(message.id), value: asRow(message) },
        );
        return 'new';
      } catch (error) {
        if (isRowConflict(error)) return 'known';
        throw error;
      }
    },

    async due(now, limit) {
      const rows = await tables.query('outbox', PARTITION, withPrefix(OPEN));
      return rows
        .map((row) => loaded<Message>(row))
        .filter(({ value }) => value.dueAt <= now)
        .toSorted((a, b) => a.value.dueAt.localeCompare(b.value.dueAt))
        .slice(0, limit);
    },

    async claim(message, until) {
      const { id, attempts } = message.value;
      const claimed = { ...message.value, attempts: attempts + 1, dueAt: until };
      try {
        await write(replaced(openRow(id), message, claimed));
        return claimed;
      } catch (error) {
        if (isRowConflict(error)) return null;
        throw error;
      }
    },

    async postpone(message, dueAt) {
      const row = await tables.get('outbox', PARTITION, openRow(message.id));
      if (row === null) return;
      const now = loaded<Message>(row);
      // Who took so long that somebody else has it has nothing to say about it any more.
      if (now.value.attempts !== message.attempts) return;
      try {
        await write(replaced(openRow(message.id), now, { ...message, dueAt }));
      } catch (error) {
        if (!isRowConflict(error)) throw error;
      }
    },

    close: ({ id }, delivery) =>
      write(
        { do: 'delete', row: openRow(id) },
        { do: 'put', row: knownRow(id), value: asRow(delivery) },
      ),

    async delivery(id) {
      const row = await tables.get('outbox', PARTITION, knownRow(id));
      if (row === null) return null;
      const { value } = loaded<Delivery | { readonly at: Instant }>(row);
      return 'outcome' in value ? value : null;
    },
  };
}
