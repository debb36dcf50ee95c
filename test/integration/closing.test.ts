import { describe, expect, it } from 'vitest';
import { secondsBetween } from '../../src/core/clock.ts';
import { withStack } from '../support/door.ts';
import { detail, prepare, start, untilStill } from '../support/failover.ts';

/** The time to live that the plan and the profile name. */
const TTL_SECONDS = 10;

describe('an application that is closed by name', () => {
  it.each([
    { mode: 'planned', after: 0, why: 'its step has waited until clients forgot the address' },
    { mode: 'unplanned', after: TTL_SECONDS, why: 'clients may still remember the address' },
  ] as const)('$mode: is closed $after s after its step, as $why', async ({ mode, after }) => {
    await withStack({}, async (stack) => {
      await prepare(stack, mode);
      const { id } = await start(stack, { plan: 'websphere-cafe', mode });
      expect(await untilStill(stack, id)).toBe('succeeded');
      const { closedAt, steps } = await detail(stack, id);
      const step = steps.find((one) => one.id === 'close-endpoint');
      const took = secondsBetween(step?.startedAt ?? '', step?.endedAt ?? '');
      if (mode === 'planned') expect(took).toBeGreaterThan(TTL_SECONDS);
      else expect(took).toBeLessThan(TTL_SECONDS);
      expect(secondsBetween(step?.endedAt ?? '', closedAt ?? '')).toBe(after);
    });
  });
});
