import { describe, expect, it } from 'vitest';
import type { Receiver } from '../../local/stack/receivers.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { eventsOf, evidenceOf, pass, withStack } from '../support/door.ts';
import { order, prepare, records, start, untilStill } from '../support/failover.ts';
import { atEvent, untilEvent } from '../support/moments.ts';

const PLAN = 'websphere-cafe';

const NOTIFICATIONS = `
notifications:
  - name: on-call
    to: ON_CALL
    on: [site-failed, awaiting-approval, started, step-waits, paused, reminded, ended]
  - name: manager
    to: MANAGER
    on: [paused]
    after: 20m
`;

const plans: PlanSource = {
  async list() {
    const files = await folderSource('plans').list();
    return files
      .filter(({ file }) => file === `${PLAN}.yaml`)
      .map(({ file, text }) => ({ file, text: text + NOTIFICATIONS }));
  },
};

interface Told {
  readonly by: string;
  readonly what: string;
  readonly at: string;
}

/** Two receivers and what they were told. */
function receivers(answer: Receiver = () => 200) {
  const told: Told[] = [];
  const hear =
    (by: string): Receiver =>
    (body, attempt) => {
      const { what, at } = JSON.parse(body) as Omit<Told, 'by'>;
      const status = answer(body, attempt);
      if (status === 200) told.push({ by, what, at });
      return status;
    };
  return { told, receivers: { ON_CALL: hear('on-call'), MANAGER: hear('manager') } };
}

async function begin(stack: VirtualStack): Promise<string> {
  await prepare(stack, 'planned');
  const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
  await untilEvent(stack, { type: 'step-done', step: 'database' });
  return id;
}

/** Two steps of one stage whose operations never end: the database's time is over long before the machines'. */
async function beginStuck(stack: VirtualStack): Promise<string> {
  await prepare(stack, 'planned');
  const stuck = { resource: '', times: 1, kind: 'stuck-operation' } as const;
  stack.simulator.control.fault({ ...stuck, operation: 'sql/failover' });
  stack.simulator.control.fault({ ...stuck, operation: 'site-recovery/failover' });
  const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
  return id;
}

const pause = { command: 'pause', reason: 'a look' };
const words = (told: readonly Told[]): string[] => told.map(({ by, what }) => `${by} ${what}`);

describe('notifications', () => {
  it('tell of a pause, remind, go up the line, and tell of the end', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      const id = await begin(stack);
      await order(stack, id, pause);
      await pass(stack, 35 * 60);
      expect(words(told)).toEqual([
        'on-call started',
        'on-call paused',
        'on-call reminded',
        'manager paused',
        'on-call reminded',
      ]);
      await order(stack, id, { command: 'resume', reason: 'go' });
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
      await pass(stack, 30);
      expect(words(told).slice(5)).toEqual(['on-call ended']);

      const events = await eventsOf(stack, id);
      const notified = events.filter((event) => event.type === 'notified');
      expect(notified.map(({ data }) => data)).toEqual(
        told.map(({ by, what }) => ({
          ...{ notification: by, what },
          ...{ outcome: 'delivered', attempts: 1 },
        })),
      );
      expect(verifyEvidence(await evidenceOf(stack, id))).toEqual([]);
    });
  });

  it('tell at once of a step that needs a person while others beside it go on', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      const id = await beginStuck(stack);
      await untilEvent(stack, { type: 'step-overdue', step: 'database' });
      await pass(stack, 30);
      expect(words(told)).toEqual(['on-call started', 'on-call step-waits']);
      expect(await untilStill(stack, id)).toBe('paused');
      await pass(stack, 30);
      expect(words(told).slice(2)).toEqual(['on-call paused']);
    });
  });

  it('tell at once of a step that has failed for good while others beside it go on', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      await prepare(stack, 'unplanned');
      stack.simulator.control.fault({
        ...{ operation: 'traffic-manager/put-endpoint', resource: '', times: 1 },
        ...{ kind: 'respond', status: 403, code: 'AuthorizationFailed' },
      });
      const { id } = await start(stack, { plan: PLAN, mode: 'unplanned' });
      await untilEvent(stack, { type: 'step-failed', step: 'close-endpoint' });
      await pass(stack, 30);
      expect(words(told)).toEqual(['on-call started', 'on-call step-waits']);
      expect(await untilStill(stack, id)).toBe('paused');
    });
  });

  it('leave it at the pause when all steps stand still together', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilEvent(stack, { type: 'call-answered', step: 'machines' }, () => stack.crash());
      await pass(stack, 40 * 60);
      await stack.clock.run(() => stack.host.start());
      expect(await untilStill(stack, id)).toBe('paused');
      await pass(stack, 60);
      expect(words(told)).not.toContain('on-call step-waits');
    });
  });

  it('say so also when the host dies in the very moment at which a step needs a person', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      await beginStuck(stack);
      await untilEvent(stack, { type: 'step-overdue', step: 'database' }, () => stack.crash());
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 180);
      expect(words(told)).toEqual(['on-call started', 'on-call step-waits']);
    });
  });

  it('leave the next one up the line alone when somebody has come', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      const id = await begin(stack);
      await order(stack, id, pause);
      await pass(stack, 18 * 60);
      await order(stack, id, { command: 'resume', reason: 'go' });
      await pass(stack, 3600);
      expect(words(told)).not.toContain('manager paused');
    });
  });

  it('never hold up an execution, whatever becomes of the receiver, and keep its address secret', async () => {
    const took = async (answer: Receiver): Promise<number> => {
      const log: string[] = [];
      let seconds = 0;
      const { receivers: dead } = receivers(answer);
      const stacked = { receivers: dead, log: (entry: object) => log.push(JSON.stringify(entry)) };
      await withStack({ plans, ...stacked }, async (stack) => {
        await prepare(stack, 'planned');
        const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
        expect(await untilStill(stack, id)).toBe('succeeded');
        await pass(stack, 3 * 3600);
        const header = await records(stack).header(id);
        const { requestedAt, endedAt = '' } = header!.value;
        seconds = (Date.parse(endedAt) - Date.parse(requestedAt)) / 1000;
        const kept = JSON.stringify([
          stack.tables.snapshot(),
          await evidenceOf(stack, id),
          stack.simulator.journal.mutations(),
          log,
        ]);
        expect(kept).toContain('notified');
        expect(kept).not.toContain('canary');
        expect(kept).not.toContain('receivers.internal');
      });
      return seconds;
    };
    const [heard, dead] = [await took(() => 200), await took(() => 'silent')];
    // Which tick a poll falls into differs with the seed's jitter, not with the receiver.
    expect(Math.abs(dead - heard)).toBeLessThan(1);
  });

  it('tell what the watch has found, and that somebody has to agree', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, watched: true, ...stacked }, async (stack) => {
      await prepare(stack, 'unplanned');
      await pass(stack, 120);
      expect(words(told).toSorted()).toEqual(['on-call awaiting-approval', 'on-call site-failed']);
    });
  });

  it('tell also when the host dies in the very moment', async () => {
    const { told, ...stacked } = receivers();
    await withStack({ plans, ...stacked }, async (stack) => {
      const id = await begin(stack);
      atEvent(stack, { type: 'paused' }, () => stack.crash());
      await order(stack, id, pause).catch(() => 0);
      await pass(stack, 30);
      expect(words(told)).not.toContain('on-call paused');
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 180);
      expect(words(told).filter((one) => one === 'on-call paused')).toHaveLength(1);
    });
  });
});
