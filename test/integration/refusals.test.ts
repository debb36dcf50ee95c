import { describe, expect, it } from 'vitest';
import type { Fault } from '../../local/simulator/service.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { atEvent } from '../support/moments.ts';

type Trouble = Pick<Fault, 'operation' | 'status' | 'code' | 'retryAfterSeconds'>;

const CAFE = { plan: 'websphere-cafe', mode: 'planned' } as const;

function refuse({ simulator }: VirtualStack, trouble: Trouble, times: number): void {
  simulator.control.fault({ resource: '', kind: 'respond', times, ...trouble });
}

/** Azure's own codes; each is answered twice, and the least wait before it is sent again. */
const TRANSIENT: readonly (readonly [step: string, least: number, Trouble])[] = [
  [
    'database',
    40,
    {
      operation: 'sql/failover',
      status: 429,
      code: 'SubscriptionTooManyRequests',
      retryAfterSeconds: 40,
    },
  ],
  [
    'close-endpoint',
    10,
    { operation: 'traffic-manager/put-endpoint', status: 429, code: 'TooManyRequests' },
  ],
  [
    'addresses',
    10,
    { operation: 'network/interface', status: 429, code: 'RetryableErrorDueToAnotherOperation' },
  ],
  ['database', 10, { operation: 'sql/failover', status: 409, code: 'FailoverGroupBusy' }],
  ['database', 10, { operation: 'sql/failover', status: 409, code: 'ConflictingServerOperation' }],
  [
    'machines',
    10,
    { operation: 'site-recovery/failover', status: 503, code: 'ServiceUnavailable' },
  ],
];

it.each(TRANSIENT)(
  '%s waits at least %i s after %o, sends again and succeeds',
  async (...given) => {
    const [step, least, trouble] = given;
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      refuse(stack, trouble, 2);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(stack.simulator.control.state().faults).toEqual([]);

      const events = (await eventsOf(stack, id)).filter(({ stream }) => stream === `step:${step}`);
      const delays = events.flatMap((one) =>
        one.type === 'step-retried' ? [one.data.delaySeconds] : [],
      );
      expect(delays.length).toBeGreaterThan(0);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(least);
      const effects = stack.simulator.journal
        .mutations()
        .filter(({ operation }) => operation === trouble.operation)
        .map(({ path, effect }) => `${path} ${effect ?? ''}`);
      expect(new Set(effects).size).toBe(effects.length);
    });
  },
);

it.each(['sql/get', 'traffic-manager/get-profile', 'network/get', 'site-recovery/get'])(
  'reads that are throttled (%s) are asked again',
  async (operation) => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const trouble = { operation, status: 429, code: 'TooManyRequests', retryAfterSeconds: 20 };
      atEvent(stack, { type: 'preflight-passed' }, () => refuse(stack, trouble, 2));
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(stack.simulator.control.state().faults).toEqual([]);
    });
  },
);

describe('a call that is not allowed', () => {
  const denied = { operation: 'sql/failover', status: 403, code: 'AuthorizationFailed' };

  it('fails its step at once and says what to give to whom; what was done is undone', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      refuse(stack, denied, 1);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('compensated');
      const failed = (await eventsOf(stack, id)).flatMap((one) =>
        one.type === 'step-failed' ? [one.data] : [],
      );
      expect(failed).toMatchObject([{ step: 'database', code: 'AuthorizationFailed' }]);
      expect(failed[0]?.message).toMatch(/failovergroup-cafe.*403.*Give the app's identity/);
      const { steps } = await detail(stack, id);
      expect(steps.find((step) => step.id === 'close-endpoint')?.state).toBe('undone');
    });
  });

  it('keeps what had not begun beside it from beginning', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      refuse(stack, denied, 1);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('compensated');
      const sent = stack.simulator.journal.mutations().map(({ operation }) => operation);
      expect(sent).not.toContain('site-recovery/failover');
      const { steps, requestedAt, endedAt = '' } = await detail(stack, id);
      expect(steps.find((step) => step.id === 'machines')).toMatchObject({
        state: 'pending',
        touched: false,
      });
      // Machines would have waited for a recovery point, failed over and been brought back: a quarter of an hour.
      expect(Date.parse(endedAt) - Date.parse(requestedAt)).toBeLessThan(3 * 60_000);
    });
  });

  it('pauses when somebody must decide first, and goes on when the right was given', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      refuse(stack, { ...denied, operation: 'site-recovery/commit' }, 1);
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.why).toContain('undoing commit is impossible');
      const retry = { command: 'retry', step: 'commit', reason: 'the role was given' };
      expect(await order(stack, id, retry)).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
    });
  });
});

describe('an operation that never ends', () => {
  const stuck: Fault = {
    operation: 'sql/failover',
    resource: '',
    kind: 'stuck-operation',
    times: 1,
  };

  it.each([
    { name: 'the database', operation: 'sql/failover', step: 'database' },
    { name: 'the addresses', operation: 'network/interface', step: 'addresses' },
  ])('of $name is not undone while it may still end: a person decides', async (one) => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      stack.simulator.control.fault({ ...stuck, operation: one.operation });
      const { id } = await start(stack, CAFE);
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause).toMatchObject({ step: one.step, from: 'running' });
      expect(pause?.why).toContain('still runs after');
      expect(pause?.choices.map(({ command }) => command)).toEqual(['resume', 'cancel']);
    });
  });

  it('is not tried again beside itself in an unplanned failover either', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'unplanned');
      stack.simulator.control.fault({ ...stuck, operation: 'sql/force-failover' });
      const { id } = await start(stack, { ...CAFE, mode: 'unplanned' });
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause).toMatchObject({ step: 'database' });
      expect(pause?.why).toContain('force-failover still runs after 15 min');
      expect(pause?.choices.map(({ command }) => command)).toEqual(['resume', 'cancel']);
    });
  });
});
