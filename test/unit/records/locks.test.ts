import { describe, expect, it } from 'vitest';
import { createLocks } from '../../../src/records/locks.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';

const AT = '2026-11-21T10:00:00.000Z';

describe('locks', () => {
  it('gives a plan to one execution and names the holder to the next', async () => {
    const locks = createLocks(createMemoryTables());
    await expect(
      locks.acquire({ plan: 'a', resources: ['/r/1'], holder: 'x', at: AT }),
    ).resolves.toEqual({ token: 1 });
    await expect(
      locks.acquire({ plan: 'a', resources: ['/r/1'], holder: 'y', at: AT }),
    ).resolves.toEqual({
      heldBy: 'x',
      plan: 'a',
    });
  });

  it('excludes another plan that shares a resource, whatever the case of its id', async () => {
    const locks = createLocks(createMemoryTables());
    await locks.acquire({ plan: 'a', resources: ['/Subscriptions/S/x'], holder: 'x', at: AT });
    await expect(
      locks.acquire({ plan: 'b', resources: ['/subscriptions/s/X'], holder: 'y', at: AT }),
    ).resolves.toEqual({ heldBy: 'x', plan: 'a' });
    await expect(
      locks.acquire({ plan: 'c', resources: ['/other'], holder: 'z', at: AT }),
    ).resolves.toEqual({ token: 2 });
  });

  it('lets exactly one of many simultaneous starts win', async () => {
    const locks = createLocks(createMemoryTables());
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        locks.acquire({
          plan: `plan-${index}`,
          resources: ['/shared'],
          holder: `execution-${index}`,
          at: AT,
        }),
      ),
    );
    expect(outcomes.filter((outcome) => 'token' in outcome)).toHaveLength(1);
  });

  it('grows the token at every acquisition, and only the newest one holds', async () => {
    const locks = createLocks(createMemoryTables());
    await locks.acquire({ plan: 'a', resources: [], holder: 'x', at: AT });
    await locks.release('a', 'x');
    await expect(locks.acquire({ plan: 'a', resources: [], holder: 'y', at: AT })).resolves.toEqual(
      { token: 2 },
    );
    await expect(locks.holds('a', 'y', 2)).resolves.toBe(true);
    await expect(locks.holds('a', 'y', 1)).resolves.toBe(false);
    await expect(locks.holds('a', 'x', 1)).resolves.toBe(false);
  });

  it('gives the holder its own lock again, and ignores a release by somebody else', async () => {
    const locks = createLocks(createMemoryTables());
    await locks.acquire({ plan: 'a', resources: [], holder: 'x', at: AT });
    await locks.release('a', 'y');
    await expect(locks.acquire({ plan: 'a', resources: [], holder: 'x', at: AT })).resolves.toEqual(
      { token: 1 },
    );
    await expect(locks.held()).resolves.toHaveLength(1);
  });
});
