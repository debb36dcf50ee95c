import { describe, expect, test } from 'vitest';
import type { Bench } from './kit.ts';
import { output, pass, START, STORES, useFixture } from './kit.ts';

/** What was observed on a real host and is easily got wrong; see the notes on the durable protocol. */
const fixture = useFixture();

function errors(bench: Bench): string {
  return bench.logged
    .filter((entry) => entry.level === 'error')
    .map((entry) => entry.message)
    .join('\n');
}

function count(bench: Bench, line: string): number {
  return bench.journal.filter((each) => each === line).length;
}

describe.each(STORES)('like the real host, on the %s store', (_name, createStore) => {
  const bench = (hostJson: unknown = {}): Promise<Bench> =>
    fixture.bench({ store: createStore(), hostJson });

  describe('values', () => {
    test('activity inputs: bare booleans become text, undefined and null become undefined', async () => {
      const kinds = output(await (await bench()).run('kinds')) as {
        kind: string;
        value?: unknown;
      }[];
      expect(kinds.map(({ kind, value }) => [kind, value])).toEqual([
        ['string', 'True'],
        ['string', 'False'],
        ['undefined', undefined],
        ['undefined', undefined],
        ['string', 'text'],
        ['string', '123'],
        ['number', 5],
        ['object', { b: true }],
        ['string', '1970-01-01T00:00:00.000Z'],
      ]);
    });

    test('activity outputs: undefined becomes null, bytes base64, NaN text', async () => {
      expect(output(await (await bench()).run('gifts'))).toEqual({
        nothing: null,
        null: null,
        true: true,
        text: '123',
        nan: 'NaN',
        bytes: Buffer.from('hi').toString('base64'),
        date: '1970-01-01T00:00:00.000Z',
      });
    });

    test('a start without input gives the empty text, one with null gives null', async () => {
      const made = await bench();
      await made.start('input', 'none');
      await made.clock.run(() => made.host.ended('none'));
      expect(output(made.host.instance('none'))).toEqual({ input: '', version: null });
      expect(output(await made.run('input', null))).toEqual({ input: null, version: null });
    });

    test('a text gets quotes with every continue-as-new', async () => {
      const made = await bench();
      const row = await made.run('generations', 'plain');
      expect(made.journal).toEqual(['note "plain"', `note ${JSON.stringify('"plain"')}`]);
      expect(row.status).toBe('Completed');
    });

    test('a falsy custom status clears it', async () => {
      const made = await bench();
      await made.start('statuses', 'it', ['busy', 0]);
      await made.clock.run(() => made.host.idle());
      expect(made.host.instance('it')?.customStatus).toBe('"busy"');
      await made.client('raise', 'it/next', '1');
      await made.clock.run(() => made.host.idle());
      expect(made.host.instance('it')?.customStatus).toBeNull();
    });

    test.each([
      [8300, 'Completed'],
      [16_000, 'Failed'],
    ])('a custom status of %i characters leaves the instance %s', async (length, status) => {
      const row = await (await bench()).run('longStatus', length);
      expect(row.status).toBe(status);
      if (status === 'Failed')
        expect(row.output).toContain('must not exceed 16 KB. The current payload size is 31 KB.');
    });
  });

  describe('failures', () => {
    test.each([
      ['an Error', 'plain message', 'plain message'],
      ['an object', 'object', '{"a":1}'],
    ])(
      '%s thrown by an activity arrives as text with the JSON of a .NET exception',
      async (_what, input, message) => {
        const caught = output(await (await bench()).run('catches', input)) as {
          name: string;
          message: string;
        };
        expect(caught.name).toBe('Error');
        const [first, details] = caught.message.split(' \n ');
        expect(first).toBe(`Activity function 'fail' failed:  ${message}`);
        expect(JSON.parse(details ?? '')).toMatchObject({ Message: ` ${message}` });
      },
    );

    test('an activity that throws undefined has succeeded', async () => {
      expect(output(await (await bench()).run('catches', 'undefined'))).toBeNull();
    });

    test('an uncaught failure names the orchestrator and then the activity', async () => {
      const row = await (await bench()).run('uncaught');
      expect(row.status).toBe('Failed');
      expect(output(row)).toMatch(
        /^Orchestrator function 'uncaught' failed: Activity function 'fail' failed: {2}boom \n \{/,
      );
    });

    test('an activity that fails is logged with its stack, also when the orchestrator handles it', async () => {
      const one = await bench();
      await one.run('catches', 'plain message');
      expect(errors(one)).toMatch(
        /^Activity 'fail' of instance it failed: TypeError: plain message\n +at /,
      );
    });

    test('prefixes nest from child to parent', async () => {
      const message = output(await (await bench()).run('nested'));
      expect(message).toMatch(
        /^Orchestrator function 'uncaught' failed: Activity function 'fail' failed: {2}boom/,
      );
    });

    test("an orchestrator's own error is its output", async () => {
      expect(output(await (await bench()).run('throwsError'))).toBe(
        "Orchestrator function 'throwsError' failed: sync",
      );
    });

    test('yielding a promise breaks the rules of orchestrators', async () => {
      expect(output(await (await bench()).run('yieldsPromise'))).toContain(
        'programming constraint violation',
      );
    });

    test('an unknown orchestrator is accepted and then fails', async () => {
      const row = await (await bench()).run('nobody');
      expect(output(row)).toMatch(
        /^Orchestrator function 'nobody' failed: The function 'nobody' doesn't exist, .*: 'edited', 'sequence'/,
      );
    });

    test.each(['throwsText', 'throwsEmpty', 'unknownActivity', 'unknownChild'])(
      '%s stays Running for ever, and the log says so',
      async (name) => {
        const made = await bench();
        await made.start(name, 'it');
        await pass(made, 3600);
        expect(made.host.instance('it')?.status).toBe('Running');
        expect(errors(made)).toContain(`Instance it of '${name}' stays Running for ever`);
        await made.client('terminate', 'it');
        expect((await made.clock.run(() => made.host.ended('it'))).status).toBe('Terminated');
      },
    );
  });

  describe('tasks', () => {
    test.each([
      ['reusedTimer', 'A timer is used a second time'],
      ['reusedActivity', "The task that calls 'note' is used a second time"],
      ['reyield', 'is awaited again by itself'],
    ])('%s is refused with an explanation', async (name, explanation) => {
      const made = await bench();
      await made.start(name, 'it');
      await made.client('raise', 'it/e0', '1');
      const row = await made.clock.run(() => made.host.ended('it'));
      expect(row.status).toBe('Failed');
      expect(row.output).toContain(explanation);
      expect(errors(made)).toContain(explanation);
    });

    test('a plain task may be awaited again by itself, an event in many rounds', async () => {
      const made = await bench();
      expect(output(await made.run('reyieldPlain'))).toBe('two');
      expect(count(made, 'slow two begins')).toBe(1);
      await made.start('eventInRounds', 'rounds');
      await pass(made, 25);
      await made.client('raise', 'rounds/late', '"now"');
      await made.clock.run(() => made.host.ended('rounds'));
      expect(output(made.host.instance('rounds'))).toEqual({ round: 3, value: 'now' });
    });

    test.each([
      ['entity', 'entities (callEntity)'],
      ['http', 'callHttp'],
    ])('%s is refused by name', async (name, what) => {
      const row = await (await bench()).run(name);
      expect(row.status).toBe('Failed');
      expect(row.output).toContain(`does not run ${what}`);
    });
  });

  describe('retries and timers', () => {
    test('a retry waits its growing intervals, and not after the last failure', async () => {
      const made = await bench();
      const row = await made.run('retry', { failures: 99, attempts: 3 });
      expect(output(row)).toEqual({
        caught: "Activity function 'flaky' failed:  attempt 3 ",
        at: new Date(START + 6000).toISOString(),
      });
      expect(made.host.history('it').filter((event) => event.EventType === 11).length).toBe(3);
    });

    test('a retry whose time runs out leaves the instance Running, and the log says so', async () => {
      const made = await bench();
      await made.start('retry', 'it', { failures: 99, attempts: 9, timeoutMs: 5000 });
      await pass(made, 3600);
      expect(made.host.instance('it')?.status).toBe('Running');
      expect(count(made, 'flaky 3')).toBe(1);
      expect(count(made, 'flaky 4')).toBe(0);
      expect(errors(made)).toContain('time-out of a retry');
    });

    test.each([
      ['keep', 600],
      ['cancel', 0],
    ])('a returned orchestrator with a timer to %s ends after %i s', async (what, seconds) => {
      const made = await bench();
      await made.start('abandonedTimer', 'it', what);
      await made.client('raise', 'it/go', '1');
      await made.clock.run(() => made.host.idle());
      expect(made.host.instance('it')?.status).toBe(seconds === 0 ? 'Completed' : 'Running');
      await made.clock.run(() => made.host.ended('it'));
      expect(output(made.host.instance('it'))).toBe('returned');
      expect(made.clock.now()).toBe(START + seconds * 1000);
    });
  });

  describe('events and lifecycle', () => {
    test('of two waits for one name the later gets the first event', async () => {
      const made = await bench();
      await made.start('twoWaits', 'it');
      await made.client('raise', 'it/e', '1');
      await made.client('raise', 'it/e', '2');
      expect(output(await made.clock.run(() => made.host.ended('it')))).toEqual([2, 1]);
    });

    test('event names are told apart by case', async () => {
      const made = await bench();
      await made.start('approval', 'it');
      expect(await made.client('raise', 'it/Approval', '1')).toEqual({ value: null });
      expect(output(await made.clock.run(() => made.host.ended('it')))).toBe('expired');
    });

    test('an event without data is refused', async () => {
      const made = await bench();
      await made.start('approval', 'it');
      expect((await made.client('raise', 'it/approval')).error).toContain('400');
    });

    test('continue-as-new loses what was already delivered, and keeps what comes later', async () => {
      const made = await bench();
      await made.start('lossyGenerations', 'it', 1);
      await made.client('raise', 'it/e', '"early"');
      await pass(made, 61);
      await made.client('raise', 'it/e', '"late"');
      expect(output(await made.clock.run(() => made.host.ended('it')))).toBe('late');
    });

    test('a running id is refused, a finished one starts again', async () => {
      const made = await bench();
      await made.start('approval', 'it');
      expect((await made.client('start', 'approval/it')).error).toContain(
        'An Orchestration instance with the status Running already exists.',
      );
      await made.clock.run(() => made.host.ended('it'));
      expect(output(await made.run('sequence', 1))).toEqual([0]);
    });

    test('neither termination nor suspension reaches the child', async () => {
      const made = await bench();
      for (const method of ['terminate', 'suspend']) {
        await made.start('slowParent', method);
        await pass(made, 10);
        await made.client(method, method);
        await pass(made, 100);
        expect(made.host.instance(`${method}-child`)?.status).toBe('Completed');
      }
      expect(made.host.instance('terminate')).toMatchObject({
        status: 'Terminated',
        output: '"enough"',
      });
      expect(made.host.instance('suspend')).toMatchObject({
        status: 'Suspended',
        output: '"wait"',
      });
      await made.client('resume', 'suspend');
      expect(output(await made.clock.run(() => made.host.ended('suspend')))).toBe('child');
    });

    test('a finished instance swallows events and orders, an unknown one does not', async () => {
      const made = await bench();
      await made.run('sequence', 1);
      expect(await made.client('raise', 'it/e', '1')).toEqual({ value: null });
      expect(await made.client('terminate', 'it')).toEqual({ value: null });
      expect((await made.client('raise', 'ghost/e', '1')).error).toBe(
        "No instance with ID 'ghost' found.",
      );
      expect((await made.client('status', 'ghost')).error).toContain('404');
    });

    test('only what has ended can be purged', async () => {
      const made = await bench();
      await made.start('approval', 'it');
      expect((await made.client('purge', 'it')).error).toContain('412');
      await made.clock.run(() => made.host.ended('it'));
      expect(await made.client('purge', 'it')).toEqual({ value: { instancesDeleted: 1 } });
      expect(await made.client('purge', 'it')).toEqual({ value: { instancesDeleted: 0 } });
      expect(made.host.history('it')).toEqual([]);
    });

    test.each([
      [{}, '1.0', 'Pending'],
      [{ defaultVersion: '2.1' }, '2.10', 'Pending'],
      [{ defaultVersion: '2.1' }, '2.0', 'Completed'],
      [{ defaultVersion: '2.1' }, undefined, 'Completed'],
    ])('with %j a start of version %s is %s', async (durableTask, version, status) => {
      const made = await bench({ extensions: { durableTask } });
      await made.client(
        'start',
        `input/it${version === undefined ? '' : `?version=${version}`}`,
        'null',
      );
      await pass(made, 3600);
      expect(made.host.instance('it')?.status).toBe(status);
      if (status === 'Completed')
        expect(output(made.host.instance('it'))).toMatchObject({ version: version ?? '2.1' });
    });

    test('the status has whole seconds and no history that the SDK would find', async () => {
      const made = await bench();
      await made.run('sequence', 1);
      const { value } = await made.client('status', 'it');
      expect(value).toMatchObject({
        name: 'sequence',
        runtimeStatus: 'Completed',
        input: 1,
        output: [0],
        customStatus: null,
      });
      expect(value).toMatchObject({ createdTime: '2026-03-01T02:00:00.000Z' });
      expect(value).not.toHaveProperty('history');
    });
  });
});

describe('timer jitter', () => {
  test.each([
    [{ earlyMs: 1000, lateMs: 0 }, -1000, 0],
    [{ earlyMs: 0, lateMs: 20_000 }, 0, 20_000],
  ])('%j moves a timer between %i and %i ms', async (timerJitter, low, high) => {
    const made = await fixture.bench({ timerJitter });
    const { due, now } = output(await made.run('timer', 30)) as { due: string; now: string };
    const late = Date.parse(now) - Date.parse(due);
    expect(late).not.toBe(0);
    expect(late).toBeGreaterThanOrEqual(low);
    expect(late).toBeLessThanOrEqual(high);
  });
});

describe('latencies', () => {
  test('are paid once a hop', async () => {
    const made = await fixture.bench({
      latencies: { activityMs: 25, subOrchestrationMs: 30, turnMs: 5 },
    });
    await made.run('sequence', 3);
    // Four turns and three activities.
    expect(made.clock.now()).toBe(START + 4 * 5 + 3 * 25);
  });
});
