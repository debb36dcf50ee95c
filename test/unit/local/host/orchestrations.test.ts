import { describe, expect, test } from 'vitest';
import { output, pass, STORES, useFixture } from './kit.ts';

const fixture = useFixture();

describe.each(STORES)('orchestrations on the %s store', (_name, createStore) => {
  const bench = (): ReturnType<typeof fixture.bench> => fixture.bench({ store: createStore() });

  test('run their activities in order', async () => {
    const made = await bench();
    expect(output(await made.run('sequence', 3))).toEqual([0, 1, 2]);
    expect(made.journal).toEqual(['note 0', 'note 1', 'note 2']);
  });

  test('wait for all of a fan-out', async () => {
    expect(output(await (await bench()).run('fan'))).toEqual([1, 2, 3, 4]);
  });

  test('name an unnamed child after the execution, and keep a given id', async () => {
    const made = await bench();
    const [auto, fixed] = output(await made.run('parent')) as { id: string; parent: string }[];
    expect(auto?.parent).toBe('it');
    expect(auto?.id).toMatch(/^[0-9a-f-]{36}:0$/);
    expect(fixed).toEqual({ id: 'it-child', parent: 'it' });
  });

  test('sleep through a durable timer of days', async () => {
    const made = await bench();
    const row = await made.run('timer', 13 * 86_400);
    const { due, now } = output(row) as { due: string; now: string };
    expect(now).toBe(due);
    // The extension splits timers of more than six days into spans of three.
    const created = made.host.history('it').filter((event) => event.EventType === 10);
    expect(created.length).toBe(4);
  });

  test('take an event, or expire', async () => {
    const made = await bench();
    await made.start('approval', 'yes');
    await made.client('raise', 'yes/approval', JSON.stringify({ by: 'ada' }));
    await made.start('approval', 'no');
    await made.clock.run(() => made.host.ended('no'));
    expect(output(made.host.instance('yes'))).toEqual({ approved: { by: 'ada' } });
    expect(output(made.host.instance('no'))).toBe('expired');
    expect(made.store.timers()).toEqual([]);
  });

  test('keep an event that comes before anybody waits', async () => {
    const made = await bench();
    await made.start('statuses', 'it', ['one']);
    await made.client('raise', 'it/next', 'null');
    expect((await made.clock.run(() => made.host.ended('it'))).status).toBe('Completed');
  });

  test('go on where a killed host left off', async () => {
    const made = await bench();
    await made.start('slowParent', 'it');
    await pass(made, 30);
    made.host.kill();
    await made.host.start();
    expect(output(await made.clock.run(() => made.host.ended('it')))).toBe('child');
    // At least once: the activity that was cut off began again.
    expect(made.journal.filter((line) => line === 'slow child begins').length).toBe(2);
  });
});
