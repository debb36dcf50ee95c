import { describe, expect, it } from 'vitest';
import { createFaults } from '../../../../local/simulator/faults.ts';
import { createOutages } from '../../../../local/simulator/outages.ts';
import type { World } from '../../../../local/simulator/service.ts';
import { createWorld } from '../../../../local/simulator/world.ts';
import { onBench, SQL } from './bench.ts';

function createTestWorld(seed = 1, speed = 1): { world: World; pass: (seconds: number) => void } {
  let now = 0;
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('Nobody sleeps here.')) };
  const world = createWorld({
    clock,
    seed,
    speed,
    outages: createOutages(),
    faults: createFaults(),
  });
  return { world, pass: (seconds) => void (now += seconds * 1000) };
}

describe('what is to happen', () => {
  it('happens in order of time and then of planning, each at its own time, when somebody looks', () => {
    const { world, pass } = createTestWorld();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name}@${world.clock.now()}`);
    world.after(2, note('second'));
    world.after(1, () => {
      note('first')();
      world.after(0.5, note('planned inside'));
    });
    world.after(2, note('third'));
    world.after(9, note('later'));
    pass(5);
    expect(seen).toEqual([]);
    world.catchUp();
    expect(seen).toEqual(['first@1000', 'planned inside@1500', 'second@2000', 'third@2000']);
    expect(world.clock.now()).toBe(5000);
  });

  it('happens sooner in a faster world', () => {
    const { world, pass } = createTestWorld(1, 10);
    let happened = false;
    world.after(60, () => void (happened = true));
    pass(5.9);
    world.catchUp();
    expect(happened).toBe(false);
    pass(0.1);
    world.catchUp();
    expect(happened).toBe(true);
  });
});

describe('chance', () => {
  it('is the same for one seed and different for another', () => {
    const draw = (seed: number): readonly unknown[] => {
      const { world } = createTestWorld(seed);
      return [world.random(), world.newId(), world.between(20, 50)];
    };
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  it('two simulations with one seed have the same journal', async () => {
    const record = async (): Promise<unknown> => {
      let journal: unknown;
      await onBench({ seed: 11 }, async ({ send, simulator, wait }) => {
        const { headers } = await send(
          'POST',
          `${SQL}/sql-cafe-west/failoverGroups/failovergroup-cafe/failover`,
        );
        await wait(30);
        await send('GET', headers.get('azure-asyncoperation') ?? '');
        journal = simulator.journal.entries();
      })();
      return journal;
    };
    expect(await record()).toEqual(await record());
  });
});
