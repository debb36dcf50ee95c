import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import { receiverSettings, withReceivers } from '../../../local/stack/receivers.ts';
import type { Receiver } from '../../../local/stack/receivers.ts';
import type { Notice } from '../../../src/core/notice.ts';
import { announce } from '../../../src/orchestration/announce.ts';
import { deliverNotices } from '../../../src/orchestration/notices/deliver.ts';
import { enqueue } from '../../../src/orchestration/notices/enqueue.ts';
import type { Notification } from '../../../src/plan/notifications.ts';
import { createExecutions } from '../../../src/records/executions.ts';
import { createMemoryBlobs } from '../../../src/records/memory-blobs.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { createOutbox, messageId } from '../../../src/records/outbox.ts';
import type { Delivery } from '../../../src/records/outbox.ts';
import { parseSettings } from '../../../src/settings.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const NOTICE: Notice = {
  plan: 'cafe',
  what: 'site-failed',
  severity: 'critical',
  sentence: 'east has failed.',
};
const ON_CALL: Notification = {
  name: 'on-call',
  to: 'ON_CALL',
  format: 'plain',
  on: ['site-failed'],
};

function open(receiver: Receiver, rules: readonly Notification[] = [ON_CALL]) {
  const clock = createVirtualClock({ start: START });
  const tables = createMemoryTables();
  const log: string[] = [];
  const receivers = { ON_CALL: receiver };
  const http = withReceivers({ sendRequest: () => Promise.reject(new Error('astray')) }, receivers);
  const deps = {
    clock,
    log: (entry: object) => log.push(JSON.stringify(entry)),
    random: () => 0.5,
    outbox: createOutbox(tables),
    executions: createExecutions(tables, createMemoryBlobs()),
    notificationsOf: async () => rules,
    http,
    webhooks: parseSettings(receiverSettings(receivers)).webhooks,
  };
  /** As the timer does, on `instances` hosts. */
  const pass = async (seconds: number, instances = 1): Promise<void> => {
    for (let left = seconds; left > 0; left -= 15) {
      await clock.run(async () => {
        await clock.sleep(15_000);
        await Promise.all(Array.from({ length: instances }, () => deliverNotices(deps)));
      });
    }
  };
  const told = (): Promise<void> =>
    clock.run(() =>
      enqueue(deps, { notice: NOTICE, once: 'first', since: '2026-11-21T10:00:00.000Z' }),
    );
  const delivery = (): Promise<Delivery | null> =>
    deps.outbox.delivery(messageId('cafe', 'on-call', 'first'));
  return { clock, tables, log, deps, pass, told, delivery };
}

describe('a notice', () => {
  it('reaches who wants it within a timer, as JSON', async () => {
    const bodies: unknown[] = [];
    const { told, pass, delivery } = open((body) => (bodies.push(JSON.parse(body)), 202));
    await told();
    await pass(15);
    expect(bodies).toEqual([
      {
        schema: 'switchover.notice/1',
        id: messageId('cafe', 'on-call', 'first'),
        notification: 'on-call',
        at: '2026-11-21T10:00:00.000Z',
        ...NOTICE,
      },
    ]);
    await expect(delivery()).resolves.toMatchObject({ outcome: 'delivered', attempts: 1 });
  });

  it('is told once, whoever says it again and however many instances deliver', async () => {
    let posts = 0;
    const { told, pass } = open(() => ((posts += 1), 200));
    await told();
    await told();
    await pass(60, 3);
    await told();
    await pass(60, 3);
    expect(posts).toBe(1);
  });

  it('goes to nobody who did not ask for it', async () => {
    let posts = 0;
    const other: Notification = { ...ON_CALL, on: ['recovered'] };
    const { told, pass } = open(() => ((posts += 1), 200), [other]);
    await told();
    await pass(60);
    expect(posts).toBe(0);
  });

  it.each([
    ['that is down for a while', (_: string, attempt: number) => (attempt < 4 ? 503 : 200), 4],
    ['that asks to slow down', (_: string, attempt: number) => (attempt < 2 ? 429 : 200), 2],
    [
      'that does not answer at first',
      (_: string, attempt: number) => (attempt < 3 ? ('silent' as const) : 200),
      3,
    ],
  ])('reaches a receiver %s', async (_, receiver, attempts) => {
    const { told, pass, delivery } = open(receiver);
    await told();
    await pass(600);
    await expect(delivery()).resolves.toMatchObject({ outcome: 'delivered', attempts });
  });

  it('is given up after ten attempts in about two hours, with each pause longer than the last', async () => {
    const at: number[] = [];
    const { clock, told, pass, delivery } = open(() => (at.push(clock.now()), 500));
    await told();
    await pass(4 * 3600);
    await expect(delivery()).resolves.toMatchObject({
      outcome: 'failed',
      attempts: 10,
      why: 'ON_CALL answered 500',
    });
    expect(at).toHaveLength(10);
    expect((at.at(-1)! - at[0]!) / 3600_000).toBeGreaterThan(1.8);
    const pauses = at.slice(1).map((time, index) => time - at[index]!);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it('is not repeated to a receiver that refuses it', async () => {
    let posts = 0;
    const { told, pass, delivery, log } = open(() => ((posts += 1), 404));
    await told();
    await pass(3600);
    expect(posts).toBe(1);
    await expect(delivery()).resolves.toMatchObject({
      outcome: 'failed',
      why: 'ON_CALL answered 404',
    });
    expect(log.join()).toContain('on-call of cafe was not told of site-failed');
  });

  it('says which setting is missing', async () => {
    const { told, pass, delivery } = open(() => 200, [{ ...ON_CALL, to: 'NOBODY' }]);
    await told();
    await pass(15);
    await expect(delivery()).resolves.toMatchObject({
      outcome: 'failed',
      why: 'the app setting SWITCHOVER_WEBHOOK_NOBODY is missing',
    });
  });

  it('is sent by somebody else when who has claimed it dies', async () => {
    const { told, pass, deps, clock, delivery } = open(() => 200);
    await told();
    const [message] = await deps.outbox.due('2026-11-21T10:00:00.000Z', 1);
    await deps.outbox.claim(message!, new Date(clock.now() + 60_000).toISOString());
    await pass(45);
    await expect(delivery()).resolves.toBeNull();
    await pass(30);
    await expect(delivery()).resolves.toMatchObject({ outcome: 'delivered', attempts: 2 });
  });

  it('leaves no trace of the address in records and logs, whatever becomes of it', async () => {
    for (const receiver of [() => 200, () => 500, () => 404, () => 'silent'] as Receiver[]) {
      const { told, pass, tables, log } = open(receiver);
      await told();
      await pass(4 * 3600);
      const kept = JSON.stringify(tables.snapshot()) + log.join();
      expect(kept).not.toContain('canary');
      expect(kept).not.toContain('receivers.internal');
    }
  });

  it('never fails who tells, not even without a store', async () => {
    const { deps, log, tables } = open(() => 200);
    tables.onWrite({ before: () => Promise.reject(new Error('the store is away')) });
    await expect(announce(deps, NOTICE)).resolves.toBeUndefined();
    expect(log.join()).toContain('east has failed.');
    expect(log.join()).toContain('the store is away');
  });
});
