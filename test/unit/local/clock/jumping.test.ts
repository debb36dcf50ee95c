import { describe, expect, it } from 'vitest';
import { jumpingClock } from '../../../../local/clock/jumping.ts';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';

describe('a clock that is set anew', () => {
  it('shows another time from then on, and sleeps as long as before', async () => {
    const world = createVirtualClock({ start: 1_000 });
    const clock = jumpingClock(world);
    clock.jump(5_000);
    expect(clock.now()).toBe(6_000);
    await world.run(() => clock.sleep(2_000));
    expect(world.now()).toBe(3_000);
    expect(clock.now()).toBe(8_000);
  });

  it.each([
    { by: 0, shown: 2_500, moments: [2_500] },
    { by: 1_000, shown: 1_500, moments: [1_500] },
    { by: 1_000, shown: 2_500, moments: [] },
    { by: 1_000, shown: 3_500, moments: [2_500] },
    { by: -1_000, shown: 1_500, moments: [1_500, 2_500] },
  ])('set by $by ms at 2000, it showed $shown at $moments', async ({ by, shown, moments }) => {
    const world = createVirtualClock({ start: 1_000 });
    const clock = jumpingClock(world);
    await world.run(() => world.sleep(1_000));
    clock.jump(by);
    expect(clock.moments(shown)).toEqual(moments);
  });
});
