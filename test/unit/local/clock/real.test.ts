import { expect, test } from 'vitest';
import { createRealClock } from '../../../../local/clock/real.ts';

const clock = createRealClock();

test('a sleep takes its time', async () => {
  const before = clock.now();
  await clock.run(() => clock.sleep(20));
  expect(clock.now() - before).toBeGreaterThanOrEqual(19);
});

test('a sleep ends with the reason of its signal', async () => {
  const reason = new Error('enough');
  await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('a timer fires once, and not beyond the longest time-out of Node at once', async () => {
  const fired = Promise.withResolvers<string>();
  const cancel = clock.setTimer(clock.now() + 60 * 86_400_000, () => fired.resolve('too early'));
  clock.setTimer(clock.now() + 10, () => fired.resolve('on time'));
  expect(await fired.promise).toBe('on time');
  cancel();
});
