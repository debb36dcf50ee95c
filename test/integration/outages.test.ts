import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { OutageSize } from '../../local/simulator/service.ts';
import { instant } from '../../src/core/clock.ts';
import { ask, eventsOf, evidenceOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';
import { editedPlans } from '../support/plans.ts';

const CAFE = { plan: 'websphere-cafe', mode: 'unplanned' } as const;
const PROFILE =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-traffic/providers/Microsoft.Network/trafficManagerProfiles/websphere-cafe';

function servedBy({ simulator }: VirtualStack): string | null {
  return simulator.control.state().traffic[PROFILE] ?? null;
}

/** From the first coffee that was promised and is gone until nobody could be promised any: seconds of lost data. */
function trueLossSeconds({ simulator }: VirtualStack): number {
  const { firstLostAt, lastLostAt } = simulator.control.cafe();
  if (firstLostAt === null || lastLostAt === null) return 0;
  return (Date.parse(lastLostAt) - Date.parse(firstLostAt)) / 1000;
}

async function strike(stack: VirtualStack, size: OutageSize): Promise<void> {
  await prepare(stack, 'planned');
  stack.simulator.control.outage('eastus', size);
  await pass(stack, 60);
}

describe('an outage', () => {
  it.each(['application', 'database', 'data', 'control'] as const)(
    'of size %s is survived, and the reported loss is no less than the true one',
    async (size) => {
      await withStack({}, async (stack) => {
        await strike(stack, size);
        const { id } = await start(stack, CAFE);
        expect(await untilStill(stack, id)).toBe('succeeded');
        await pass(stack, 60);
        expect(servedBy(stack)).toBe('myFailoverEndpoint');
        const { served, lost } = stack.simulator.control.cafe();
        expect(served['west']).toBeGreaterThan(10);
        const { dataLossSeconds } = await detail(stack, id);
        expect(dataLossSeconds).toBeGreaterThanOrEqual(trueLossSeconds(stack));
        // The database is alive when only the application is down: nothing of it may be lost.
        if (size === 'application') expect(lost).toBe(0);
        else expect(lost).toBeGreaterThan(0);
      });
    },
  );

  it.each([
    ['application', 'fenced', 'done'],
    ['database', 'fenced', 'done'],
    ['data', 'presumed', 'failed'],
    ['control', 'presumed', 'presumed'],
  ] as const)('of size %s leaves the old side %s', async (size, fencing, stopping) => {
    await withStack({}, async (stack) => {
      await strike(stack, size);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const { steps } = await detail(stack, id);
      const stateOf = (step: string): string | undefined =>
        steps.find((one) => one.id === step)?.state;
      expect(stateOf('stop-machines')).toBe(stopping);
      expect(steps.find((one) => one.id === 'database')?.fencing?.state).toBe(fencing);
    });
  });

  it('of size control refuses a planned failover and says what could not be read', async () => {
    await withStack({}, async (stack) => {
      await strike(stack, 'control');
      const { id } = await start(stack, { ...CAFE, mode: 'planned' });
      expect(await untilStill(stack, id)).toBe('refused');
      expect((await detail(stack, id)).outcome).toMatch(/sql-cafe-east.* 503 ServiceUnavailable/);
      expect(stack.simulator.journal.mutations()).toEqual([]);
    });
  });
});

describe('a region that comes back in the middle of a failover', () => {
  it.each([240, 400])('after %i s gets neither traffic nor writes', async (seconds) => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'unplanned');
      const { id } = await start(stack, CAFE);
      stack.simulator.control.outageAfter(seconds, 'eastus', 'none');
      expect(await untilStill(stack, id)).toBe('succeeded');
      const before = stack.simulator.control.cafe().served;
      await pass(stack, 900);

      expect(servedBy(stack)).toBe('myFailoverEndpoint');
      const { served } = stack.simulator.control.cafe();
      expect(served['east']).toBe(before['east']);
      expect(served['west']).toBeGreaterThan((before['west'] ?? 0) + 100);
      const { dataLossSeconds, endedAt = '' } = await detail(stack, id);
      expect(dataLossSeconds).toBeGreaterThanOrEqual(trueLossSeconds(stack));
      const late = stack.simulator.journal.mutations().filter(({ at }) => at > endedAt);
      expect(late).toEqual([]);
    });
  });

  it('and answers before its database was moved is asked about, and is moved without loss once it is stopped', async () => {
    await withStack({}, async (stack) => {
      const id = await askedAboutAfter(stack, 120);
      // Site Recovery has shut the old machines down meanwhile, so a second look is enough.
      expect(await order(stack, id, { command: 'retry', reason: 'look again' })).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const { steps } = await detail(stack, id);
      expect(steps.find((step) => step.id === 'database')?.fencing?.state).toBe('fenced');
      expect(stack.simulator.control.cafe().lost).toBe(0);
    });
  });

  it('and answers before anything was moved can be left where it is: what was stopped is started again', async () => {
    await withStack({}, async (stack) => {
      const id = await askedAboutAfter(stack, 60);
      const cancel = { command: 'cancel', then: 'compensate', reason: 'it is back' } as const;
      expect(await order(stack, id, cancel)).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('compensated');
      await pass(stack, 120);
      expect(servedBy(stack)).toBe('myPrimaryEndpoint');
      expect(stack.simulator.control.cafe().lost).toBe(0);
    });
  });
});

/** The old side lives again before anything was made writable on the other: whether it is dead is asked. */
async function askedAboutAfter(stack: VirtualStack, seconds: number): Promise<string> {
  await prepare(stack, 'unplanned');
  const { id } = await start(stack, CAFE);
  stack.simulator.control.outageAfter(seconds, 'eastus', 'none');
  expect(await untilStill(stack, id)).toBe('paused');
  const { pause } = await detail(stack, id);
  expect(pause).toMatchObject({ needs: 'presumed-fence', step: 'database' });
  expect(pause?.why).toContain('sees status 200');
  return id;
}

describe('stopping the old machines', () => {
  it.each(['stuck-operation', 'lose-reply', 'fail-before'] as const)(
    'is tried for a bounded time (%s), and the failover goes on without it',
    async (kind) => {
      await withStack({}, async (stack) => {
        await prepare(stack, 'unplanned');
        stack.simulator.control.fault({
          ...{ operation: 'compute/deallocate', resource: '', kind, times: 50 },
        });
        const { id } = await start(stack, CAFE);
        expect(await untilStill(stack, id)).toBe('succeeded');
        const { steps } = await detail(stack, id);
        expect(steps.find((step) => step.id === 'stop-machines')?.state).toBe('failed');
        expect(servedBy(stack)).toBe('myFailoverEndpoint');
      });
    },
  );
});

describe('a question', () => {
  it('about data loss is asked when there is no lag sample, and only an approver answers', async () => {
    await withStack({}, async (stack) => {
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 60);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause).toMatchObject({ needs: 'data-loss', step: 'database' });
      expect(pause?.why).toContain('there is no sample of the replication lag');
      const forced = (): boolean =>
        stack.simulator.journal.mutations().some((one) => one.operation === 'sql/force-failover');
      expect(forced()).toBe(false);

      const accept = { command: 'accept', accept: 'data-loss', reason: 'the shop must open' };
      expect(await order(stack, id, accept, 'operator')).toBe(403);
      expect(await order(stack, id, { ...accept, accept: 'presumed-fence' }, 'approver')).toBe(409);
      expect(await order(stack, id, accept, 'approver')).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(forced()).toBe(true);
      expect((await evidenceOf(stack, id)).recoveryPoint.lossSeconds).toBeNull();
    });
  });

  it('about data loss is asked again when the loss grew beyond what the question said', async () => {
    const plans = editedPlans([{ find: 'limit: 10m', put: 'limit: 1s' }]);
    await withStack({ plans }, async (stack) => {
      await prepare(stack, 'unplanned');
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.why).toContain('An answer counts up to 13 min');

      const accept = { command: 'accept', accept: 'data-loss', reason: 'the shop must open' };
      await pass(stack, 15 * 60);
      expect(await order(stack, id, accept, 'approver')).toBe(202);
      await pass(stack, 60);
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.needs).toBe('data-loss');
      const forced = (): boolean =>
        stack.simulator.journal.mutations().some((one) => one.operation === 'sql/force-failover');
      expect(forced()).toBe(false);

      expect(await order(stack, id, accept, 'approver')).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(forced()).toBe(true);
      const { accepted, dataLossSeconds } = await detail(stack, id);
      expect(dataLossSeconds).toBeLessThanOrEqual(accepted[1]?.upToSeconds ?? 0);
    });
  });

  it('about the old side is asked again when the old side answers by then', async () => {
    const plans = editedPlans([
      { find: 'presumed: accept', put: 'presumed: ask' },
      {
        find: '      - id: machines\n        uses: site-recovery/failover',
        put: '  - name: move machines\n    steps:\n      - id: machines\n        uses: site-recovery/failover',
      },
    ]);
    await withStack({ plans }, async (stack) => {
      await prepare(stack, 'unplanned');
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      const accept = { command: 'accept', accept: 'presumed-fence', reason: 'east is dark' };
      expect(await order(stack, id, accept, 'approver')).toBe(202);
      await untilEvent(stack, { type: 'call-sent', step: 'database' });
      stack.simulator.control.outage('eastus', 'none');
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.needs).toBe('presumed-fence');
      const sent = stack.simulator.journal.mutations().map(({ operation }) => operation);
      expect(sent).not.toContain('site-recovery/failover');
      expect(sent).not.toContain('sql/force-failover');
    });
  });

  it('about the old side is asked when the plan wants a person to decide', async () => {
    const plans = editedPlans([{ find: 'presumed: accept', put: 'presumed: ask' }]);
    await withStack({ plans }, async (stack) => {
      await prepare(stack, 'unplanned');
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause?.needs).toBe('presumed-fence');
      const writable = ['sql/failover', 'sql/force-failover', 'site-recovery/failover'];
      const sent = stack.simulator.journal.mutations().map(({ operation }) => operation ?? '');
      expect(sent.filter((operation) => writable.includes(operation))).toEqual([]);

      const accept = { command: 'accept', accept: 'presumed-fence', reason: 'east is dark' };
      expect(await order(stack, id, accept, 'operator')).toBe(403);
      expect(await order(stack, id, accept, 'approver')).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const words = await eventsOf(stack, id);
      expect(words.find(({ type }) => type === 'accepted')?.data).toMatchObject({
        acceptance: 'presumed-fence',
        by: { name: 'approver@example.com' },
        reason: 'east is dark',
      });
    });
  });

  it('is asked again from time to time until somebody answers', async () => {
    const plans = editedPlans([{ find: 'presumed: accept', put: 'presumed: ask' }]);
    await withStack({ plans }, async (stack) => {
      await prepare(stack, 'unplanned');
      const { id } = await start(stack, CAFE);
      await untilStill(stack, id);
      const since = stack.clock.now();
      await pass(stack, 2 * 3600);
      const reminders = (await eventsOf(stack, id)).filter(({ type }) => type === 'reminded');
      expect(reminders.length).toBeGreaterThanOrEqual(2);
      expect(reminders.every(({ at }) => at > instant(since))).toBe(true);
      const { body } = await ask(stack, { path: `/api/executions/${id}` });
      expect(body['state']).toBe('paused');
    });
  });
});
