import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStack, prepare, start, untilStill } from '../support/failover.ts';

/** Ten thousand stacks, one after the other, run in one process. */
it('a stack that was stopped leaves nothing in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What is loaded once a process may keep its first user, and the app keeps its last platform.
  await usedStack();
  const gone = await usedStack();
  await usedStack();
  for (let tries = 0; tries < 20 && gone.deref() !== undefined; tries += 1) {
    await pause(5);
    collect();
  }
  expect(gone.deref()).toBe(undefined);
});

async function usedStack(): Promise<WeakRef<object>> {
  const stack = await openStack({ folder: 'test/fixtures/plans' });
  await prepare(stack, 'planned');
  const { id } = await start(stack, { plan: 'database-only', mode: 'planned' });
  expect(await untilStill(stack, id)).toBe('succeeded');
  await stack.clock.run(() => stack.host.stop());
  stack.clock.stop();
  return new WeakRef(stack.clock);
}
