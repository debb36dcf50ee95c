import { afterAll, describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import { createMemoryStore } from '../../../../local/host/durable/memory-store.ts';
import { createHost } from '../../../../local/host/create-host.ts';
import type { Host, HostOptions } from '../../../../local/host/create-host.ts';
import type { CrashPoint } from '../../../../local/host/durable/hub.ts';
import { makeBench, output, pass, seeded, START, STORES, useFixture } from './kit.ts';

const fixture = useFixture();

describe.each(STORES)('a killed host on the %s store', (_name, createStore) => {
  test('writes nothing any more', async () => {
    const made = await fixture.bench({ store: createStore() });
    await made.start('slowParent', 'it');
    await pass(made, 10);
    made.host.kill();
    const before = JSON.stringify([
      made.store.activities(),
      made.store.addressees(),
      made.store.instances(),
    ]);
    await pass(made, 300);
    expect(made.journal).toContain('slow child ends');
    const after = JSON.stringify([
      made.store.activities(),
      made.store.addressees(),
      made.store.instances(),
    ]);
    expect(after).toBe(before);
  });

  test.each(['client', 'turn', 'activity', 'timer', 'schedule'])(
    'does not do the %s write before which it is killed',
    async (by) => {
      const seen = (): string =>
        JSON.stringify([
          store.instances(),
          store.addressees(),
          store.activities(),
          store.timers(),
          store.schedule('tick'),
          store.history('it'),
        ]);
      let before: string | undefined;
      const store = createStore();
      const made = await fixture.bench({
        store,
        crashPoint: (point) => {
          if (point.by !== by) return;
          before = seen();
          made.host.kill();
        },
      });
      await made.host
        .fetch({ url: '/api/start/retry/it', body: '{"failures":1,"attempts":2}' })
        .catch(() => undefined);
      await pass(made, 301);
      expect(before).toBeDefined();
      expect(seen()).toBe(before);
    },
  );

  test('finishes its work after a kill at any single write', async () => {
    let kills = 0;
    for (let writes = 1, nth = 1; nth <= writes; nth++) {
      const points: CrashPoint[] = [];
      const made = await fixture.bench({
        store: createStore(),
        crashPoint: (point) => {
          if (points.push(point) === nth) made.host.kill();
        },
      });
      await made.clock.run(async () => {
        while (made.host.instance('it')?.status !== 'Completed') {
          if (made.host.life().aborted) await made.host.start();
          await startSurely(made.host);
          await made.clock.sleep(1000);
        }
      });
      expect(output(made.host.instance('it'))).toMatchObject([
        { parent: 'it' },
        { id: 'it-child', parent: 'it' },
      ]);
      if (points.length > nth) kills++;
      // One write more than there were, so that the last round goes undisturbed.
      writes = Math.max(writes, points.length);
    }
    expect(kills).toBeGreaterThan(8);
  });

  test('makes up once for a timer trigger missed while it was down', async () => {
    const made = await fixture.bench({ store: createStore() });
    await pass(made, 301);
    expect(made.journal).toEqual(['tick pastDue=false']);
    made.host.kill();
    await pass(made, 900);
    await made.host.start();
    await pass(made, 1);
    expect(made.journal).toEqual(['tick pastDue=false', 'tick pastDue=true']);
    await pass(made, 300);
    expect(made.journal.at(-1)).toBe('tick pastDue=false');
    expect(made.journal.length).toBe(3);
  });

  test('fires a timer trigger once more when it is told to, and keeps to its schedule', async () => {
    const made = await fixture.bench({ store: createStore(), timersAgainMs: 5_000 });
    await pass(made, 301);
    expect(made.journal).toHaveLength(1);
    await pass(made, 5);
    expect(made.journal).toEqual(['tick pastDue=false', 'tick pastDue=true']);
    await pass(made, 300);
    expect(made.journal).toHaveLength(4);
  });

  test('fails an instance whose orchestrator was changed under it', async () => {
    const clock = createVirtualClock({ start: START });
    const made = makeBench(clock, [], { store: createStore() });
    let edition = 1;
    made.host.load(fixture.app(() => ({ journal: [], sleep: (ms) => clock.sleep(ms), edition })));
    await made.host.start();
    await made.start('edited', 'it');
    await pass(made, 10);
    made.host.kill();
    edition = 2;
    await made.host.start();
    const row = await clock.run(() => made.host.ended('it'));
    expect(output(row)).toBe(
      'Non-Deterministic workflow detected: A previous execution of this orchestration scheduled an activity task ' +
        "with sequence number 0 named 'note', but the current orchestration replay instead scheduled an activity task " +
        "named 'kind' with this sequence number.  Was a change made to the orchestrator code after this instance had " +
        'already started running?',
    );
  });

  async function startSurely(host: Host): Promise<void> {
    await host.fetch({ method: 'POST', url: '/api/start/parent/it' }).catch(() => undefined);
  }
});

describe('two instances in one process', () => {
  test('keep their functions, their state and their deaths apart', async () => {
    const clock = createVirtualClock({ start: START });
    const journals: string[][] = [[], []];
    const [one, other] = journals.map((journal) => {
      const made = makeBench(clock, journal, {});
      made.host.load(fixture.app(() => ({ journal, sleep: (ms) => clock.sleep(ms) })));
      return made;
    });
    if (one === undefined || other === undefined) throw new Error('two benches were made');
    await Promise.all([one.host.start(), other.host.start()]);
    await one.start('slowParent', 'it');
    await other.start('slowParent', 'it');
    await pass(one, 10);
    one.host.kill();
    expect(output(await clock.run(() => other.host.ended('it')))).toBe('child');
    expect(one.host.instance('it')?.status).toBe('Running');
    expect(journals[1]).toEqual(['slow child begins', 'slow child ends']);
    await expect(one.host.fetch({ url: '/api/bytes' })).rejects.toThrow('killed');
  });

  test('a copy that another host has loaded is refused with an explanation', async () => {
    const clock = createVirtualClock({ start: START });
    const world = { journal: [], sleep: (ms: number): Promise<void> => clock.sleep(ms) };
    const first = makeBench(clock, [], {});
    first.host.load(fixture.app(() => world, 100));
    await first.host.start();
    const second = makeBench(clock, [], {});
    second.host.load(fixture.app(() => world, 100));
    await expect(second.host.start()).rejects.toThrow('instance=2');
  });
});

describe('two instances of one app', () => {
  test('share what there is to do, and each keeps its own memory', async () => {
    const clock = createVirtualClock({ start: START });
    const journals: string[][] = [[], []];
    const made = makeBench(clock, [], {});
    const [one, other] = journals.map((journal) =>
      fixture.app(() => ({ journal, sleep: (ms) => clock.sleep(ms) })),
    );
    if (one === undefined || other === undefined) throw new Error('two instances were made');
    made.host.load(one, other);
    await made.host.start();
    for (let count = 0; count < 8; count += 1) {
      await made.start('slowParent', `it-${count}`);
      expect(output(await clock.run(() => made.host.ended(`it-${count}`)))).toBe('child');
    }
    const begun = journals.map((journal) => journal.filter((line) => line.endsWith('begins')));
    expect(begun.flat()).toHaveLength(8);
    expect(begun.map((lines) => lines.length > 0)).toEqual([true, true]);
  });
});

describe('the same seed', () => {
  test('gives the same histories, ids and times included', async () => {
    const histories: string[] = [];
    for (let round = 0; round < 2; round++) {
      const options: Partial<HostOptions> = {
        random: seeded(3),
        timerJitter: { earlyMs: 1000, lateMs: 5000 },
      };
      const made = await fixture.bench(options);
      await Promise.all([
        made.start('fan', 'a'),
        made.start('parent', 'b'),
        made.start('timer', 'c', 30),
      ]);
      await made.clock.run(() => made.host.ended('c'));
      histories.push(JSON.stringify(['a', 'b', 'c'].map((id) => made.host.history(id))));
    }
    expect(histories[1]).toBe(histories[0]);
  });
});

describe('stopping', () => {
  test('finishes what runs and takes up nothing new', async () => {
    const made = await fixture.bench();
    await made.start('reyieldPlain', 'it');
    await made.clock.run(() => made.clock.sleep(1000));
    await made.clock.run(() => made.host.stop());
    expect(made.journal).toContain('slow two ends');
    expect(made.host.instance('it')?.status).toBe('Running');
    await made.host.start();
    expect(output(await made.clock.run(() => made.host.ended('it')))).toBe('two');
  });
});

describe('loading', () => {
  const host = createHost({
    clock: createVirtualClock({ start: START }),
    store: createMemoryStore(),
    random: Math.random,
  });
  afterAll(() => host.kill());

  test('nothing is refused', async () => {
    await expect(host.start()).rejects.toThrow('Nothing is loaded');
  });

  test.each([
    ['versionMatchStrategy', { versionMatchStrategy: 'Strict' }],
    ['overridableExistingInstanceStates', { overridableExistingInstanceStates: 'AnyState' }],
    ['extendedSessionsEnabled', { extendedSessionsEnabled: true }],
  ])('host.json with another %s is refused by name', async (name, durableTask) => {
    await expect(fixture.bench({ hostJson: { extensions: { durableTask } } })).rejects.toThrow(
      name,
    );
  });
});
