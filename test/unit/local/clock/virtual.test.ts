import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { mortalClock } from '../../../../local/clock/mortal.ts';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import type { VirtualClock, VirtualClockOptions } from '../../../../local/clock/virtual.ts';

const HOUR = 3_600_000;

function clockAt(options: Partial<VirtualClockOptions> = {}): VirtualClock {
  return createVirtualClock({ start: 0, ...options });
}

describe('virtual time', () => {
  test('jumps over a sleep of hours', async () => {
    const clock = clockAt();
    const before = performance.now();
    await clock.run(() => clock.sleep(3 * HOUR));
    expect(clock.now()).toBe(3 * HOUR);
    expect(performance.now() - before).toBeLessThan(500);
  });

  test('passes in the order of wake-ups, and of asking when they are equal', async () => {
    const clock = clockAt();
    const order: string[] = [];
    const nap = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      order.push(`${name} ${clock.now()}`);
    };
    await clock.run(() => Promise.all([nap('c', 30), nap('a', 10), nap('b', 10), nap('d', 20)]));
    expect(order).toEqual(['a 10', 'b 10', 'd 20', 'c 30']);
  });

  test('keeps many wake-ups in order', async () => {
    const clock = clockAt();
    const times = Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009);
    const fired: number[] = [];
    for (const at of times) clock.setTimer(at, () => fired.push(at));
    await clock.runUntilIdle();
    expect(fired).toEqual(times.toSorted((left, right) => left - right));
  });

  test('stands still while a task works, even through real input and output', async () => {
    const clock = clockAt();
    const seen: number[] = [];
    clock.spawn(() => clock.sleep(1000));
    await clock.run(async () => {
      for (let round = 0; round < 5; round++) await readFile(import.meta.filename);
      seen.push(clock.now());
      await clock.sleep(10);
      seen.push(clock.now());
    });
    expect(seen).toEqual([0, 10]);
  });

  test('stands still under a hold', async () => {
    const clock = clockAt();
    const release = clock.hold();
    const slept = clock.run(() => clock.sleep(1000));
    await readFile(import.meta.filename);
    expect(clock.now()).toBe(0);
    release();
    release();
    await slept;
    expect(clock.now()).toBe(1000);
  });

  test('passes for a task that waits for another', async () => {
    const clock = clockAt();
    const door = Promise.withResolvers<string>();
    clock.spawn(async () => {
      await clock.sleep(HOUR);
      door.resolve('open');
    });
    expect(await clock.run(() => clock.wait(door.promise))).toBe('open');
    expect(await clock.run(() => clock.run(async () => clock.sleep(1).then(() => 'nested')))).toBe(
      'nested',
    );
  });

  test('does not pass while nobody runs anything', async () => {
    const clock = clockAt();
    clock.spawn(() => clock.sleep(1000));
    await new Promise((resolve) => setImmediate(resolve));
    await readFile(import.meta.filename);
    expect(clock.now()).toBe(0);
  });

  test('a sleep ends early with the reason of its signal', async () => {
    const clock = clockAt();
    const patience = new AbortController();
    const reason = new Error('enough');
    clock.setTimer(5, () => patience.abort(reason));
    await expect(clock.run(() => clock.sleep(HOUR, patience.signal))).rejects.toBe(reason);
    expect(clock.now()).toBe(5);
    await expect(clock.sleep(1, patience.signal)).rejects.toBe(reason);
  });

  test('a cancelled timer neither fires nor takes time', async () => {
    const clock = clockAt();
    const fired: string[] = [];
    clock.setTimer(HOUR, () => fired.push('late'))();
    clock.setTimer(5, () => fired.push('soon'));
    await clock.runUntilIdle();
    expect([fired, clock.now()]).toEqual([['soon'], 5]);
  });

  test('a task whose life has ended no longer holds time up', async () => {
    const clock = clockAt();
    const life = new AbortController();
    clock.spawn(() => new Promise<never>(() => undefined), life.signal);
    life.abort();
    await clock.run(() => clock.sleep(10));
    expect(clock.now()).toBe(10);
  });

  test('says why it stands still', async () => {
    const clock = clockAt({ stalledAfter: 10 });
    const never = clock.run(() => new Promise<never>(() => undefined));
    await expect(never).rejects.toThrow('Virtual time stands still: 1 task(s) runnable');
    clock.stop();
  });

  test('stops', async () => {
    const clock = clockAt();
    const tick = (): void => {
      if (clock.now() >= 100) clock.stop();
      clock.setTimer(clock.now() + 10, tick);
    };
    tick();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(100);
  });

  test('takes real time at a given pace', async () => {
    const clock = clockAt({ pace: 1000 });
    const before = performance.now();
    await clock.run(() => clock.sleep(60_000));
    const real = performance.now() - before;
    expect(clock.now()).toBe(60_000);
    expect(real).toBeGreaterThan(55);
    expect(real).toBeLessThan(1000);
  });

  test('takes none of it while somebody is in a hurry, and keeps the pace afterwards', async () => {
    const clock = clockAt({ pace: 1000 });
    const started = performance.now();
    await clock.hurry(() => clock.run(() => clock.sleep(3 * HOUR)));
    const hurried = performance.now();
    expect([clock.now(), hurried - started < 1000]).toEqual([3 * HOUR, true]);
    await clock.run(() => clock.sleep(60_000));
    expect(performance.now() - hurried).toBeGreaterThan(55);
  });
});

describe('the clock of an instance that was killed', () => {
  test('never wakes its sleepers, while the world goes on', async () => {
    const clock = clockAt();
    const life = new AbortController();
    const mine = mortalClock(clock, life.signal);
    const woke: string[] = [];
    clock.spawn(async () => {
      await mine.sleep(10);
      woke.push('before');
      await mine.sleep(100);
      woke.push('after');
    }, life.signal);
    clock.setTimer(50, () => life.abort());
    await clock.run(() => clock.sleep(1000));
    expect(woke).toEqual(['before']);
  });
});
