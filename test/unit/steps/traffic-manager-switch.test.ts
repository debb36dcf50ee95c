import { beforeEach, describe, expect, it } from 'vitest';
import type { TrafficEndpoint } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import { trafficManagerSwitch as kind } from '../../../src/steps/traffic-manager-switch/index.ts';
import type { Settings } from '../../../src/steps/traffic-manager-switch/settings.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { pages, run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Page, Run, StillClock } from '../../fakes/step.ts';

const profile =
  '/subscriptions/s/resourceGroups/t/providers/Microsoft.Network/trafficManagerProfiles/cafe';

let azure: FakeAzure;
let clock: StillClock;
let site: Page;

beforeEach(() => {
  azure = createFakeAzure();
  clock = stillClock();
  site = { status: 200 };
  put([endpoint('old', true, 'Online'), endpoint('new', false, 'Disabled')]);
});

function endpoint(name: string, enabled: boolean, monitor: string): TrafficEndpoint {
  return {
    type: 'AzureEndpoints',
    name,
    enabled,
    monitor,
    target: `${name}.example`,
    targetResourceId: null,
    priority: name === 'old' ? 1 : 2,
  };
}

function put(endpoints: readonly TrafficEndpoint[], patch: object = {}): void {
  azure.profiles.set(profile, {
    id: profile,
    name: 'cafe',
    enabled: true,
    monitor: 'Online',
    fqdn: 'cafe.trafficmanager.net',
    ttlSeconds: 10,
    routing: 'Priority',
    probe: {
      protocol: 'HTTP',
      port: 80,
      path: '/up',
      intervalSeconds: 10,
      toleratedFailures: 3,
      timeoutSeconds: 5,
    },
    endpoints,
    ...patch,
  });
}

function settings(patch: Partial<Settings> = {}): Settings {
  return {
    profile,
    control: 'switchover',
    part: 'both',
    from: 'old',
    to: 'new',
    ready: { url: 'http://new.example/up', status: 200 },
    ...patch,
  };
}

function context(patch: Parameters<typeof stepContext>[2] = {}): ReturnType<typeof stepContext> {
  return stepContext(azure, clock, { http: pages(() => site), ...patch });
}

function forward(
  step: Partial<Settings> = {},
  patch: Parameters<typeof stepContext>[2] = {},
): Promise<Run> {
  return run(kind.forward, context(patch), settings(step));
}

const enabled = (): string[] =>
  azure.profiles
    .get(profile)!
    .endpoints.filter((one) => one.enabled)
    .map(({ name }) => name);

describe('open', () => {
  it('enables the new endpoint, reads it back, and only then disables the old one', async () => {
    const done = await forward();
    expect(done.end).toBe('holds');
    expect(azure.sent).toEqual(['enable new', 'disable old']);
    expect(done.seen.map(({ goal }) => goal)).toEqual(['unmet', 'unmet', 'met']);
  });

  it('does not disable the old endpoint while the new one does not read back as enabled', async () => {
    azure.slow = true;
    await forward();
    expect(azure.sent).toEqual(['enable new']);
  });

  it.each<[string, Page]>([
    ['does not answer', null],
    ['answers with an error', { status: 503 }],
    ['answers with a redirect', { status: 302 }],
  ])('writes nothing while the new site %s', async (_what, page) => {
    site = page;
    expect(await forward({ part: 'open' })).toMatchObject({
      end: 'waits',
      seen: [{ goal: 'blocked' }],
    });
    expect(azure.sent).toEqual([]);
  });

  it('does not leave traffic to a new endpoint that was enabled but does not answer', async () => {
    put([endpoint('old', true, 'Online'), endpoint('new', true, 'Degraded')]);
    site = null;
    expect((await forward()).end).toBe('waits');
    expect(azure.sent).toEqual([]);
  });

  it('adopts a switch that somebody else has made', async () => {
    put([endpoint('old', false, 'Disabled'), endpoint('new', true, 'Online')]);
    expect((await forward()).end).toBe('holds');
    expect(azure.sent).toEqual([]);
  });

  it('finishes a switch of which only the first half had its effect', async () => {
    put([endpoint('old', true, 'Online'), endpoint('new', true, 'CheckingEndpoint')]);
    await forward({}, { sent: [{ call: 'enable:new', sentAt: instant(START) }] });
    expect(azure.sent).toEqual(['disable old']);
  });

  it('is not proven while Traffic Manager sees the new endpoint degraded', async () => {
    put([endpoint('old', false, 'Disabled'), endpoint('new', true, 'Degraded')]);
    expect(await forward()).toMatchObject({ end: 'waits', verification: { holds: false } });
  });

  it('refuses when an endpoint does not exist', async () => {
    expect(await forward({ to: 'nowhere' })).toMatchObject({
      end: 'refused',
      sentence: expect.stringContaining('nowhere') as string,
    });
  });
});

describe('close', () => {
  const close = { part: 'close' } as const;

  it('disables the old endpoint and, when planned, waits until its name has left the caches', async () => {
    const waits = await forward(close);
    expect(azure.sent).toEqual(['disable old']);
    expect(waits).toMatchObject({ end: 'waits', verification: { retryAfterSeconds: 15 } });
    clock.pass(15);
    const sent = [{ call: 'disable:old', sentAt: instant(START) }];
    expect((await forward(close, { sent })).end).toBe('holds');
  });

  it('counts the wait from the last write, not from the start of the step', async () => {
    await forward(close);
    clock.pass(100);
    const sent = [{ call: 'disable:old', sentAt: instant(START + 95_000) }];
    expect(await forward(close, { sent })).toMatchObject({
      end: 'waits',
      verification: { retryAfterSeconds: 10 },
    });
  });

  it('does not wait for caches of a side that is dead', async () => {
    expect((await forward(close, { mode: 'unplanned' })).end).toBe('holds');
  });

  it('refuses to move traffic to a passive endpoint that is enabled', async () => {
    put([endpoint('old', true, 'Online'), endpoint('new', true, 'Degraded')]);
    expect(await forward(close)).toMatchObject({
      end: 'refused',
      refusal: { refuse: { code: 'PASSIVE_ENDPOINT_ENABLED' } },
    });
    expect(azure.sent).toEqual([]);
  });

  it('tells the orchestration that it closes the application', () => {
    expect(kind.closesApplication?.(settings(close))).toBe('by name');
    expect(kind.closesApplication?.(settings())).toBe(false);
  });

  it('cannot be asked for when Traffic Manager moves by itself', () => {
    const raw = settings({ control: 'automatic', part: 'close' });
    expect(kind.settings.safeParse(raw).success).toBe(false);
  });
});

describe('automatic control', () => {
  const automatic = { control: 'automatic' } as const;

  it.each([
    ['Online', 'Degraded'],
    ['Online', 'Online'],
    ['Degraded', 'Degraded'],
    ['Degraded', 'CheckingEndpoint'],
    ['CheckingEndpoint', 'Online'],
  ])(
    'writes nothing while Traffic Manager sees the old endpoint %s and the new one %s',
    async (old, next) => {
      put([endpoint('old', true, old), endpoint('new', true, next)]);
      expect((await forward(automatic)).end).toBe('waits');
      expect(azure.sent).toEqual([]);
    },
  );

  it('disables the old endpoint when Traffic Manager has moved', async () => {
    put([endpoint('old', true, 'Degraded'), endpoint('new', true, 'Online')]);
    expect((await forward(automatic)).end).toBe('holds');
    expect(azure.sent).toEqual(['disable old']);
  });
});

describe('an endpoint that was not there when it was looked at', () => {
  it.each(['forward', 'undo'] as const)(
    'is not written when it is there after all: %s',
    async (direction) => {
      const motion = kind[direction]!;
      const before = {
        from: { enabled: true, monitor: 'Online' },
        to: { enabled: true, monitor: '' },
      };
      const there = azure.profiles.get(profile)!.endpoints;
      put([]);
      const seen = await motion.observe(context({ before }), settings());
      put(there);
      expect(await motion.act(context({ before }), settings(), seen)).toMatchObject({
        refuse: { code: 'ENDPOINT_MISSING' },
      });
      expect(azure.sent).toEqual([]);
    },
  );
});

describe('undo', () => {
  const undo = (step: Partial<Settings>, before: Run['before'] | null): Promise<Run> => {
    azure.sent.length = 0;
    return run(kind.undo!, context({ before }), settings(step));
  };

  it('of a whole switch closes the new side before it opens the old one', async () => {
    const { before } = await forward();
    expect((await undo({}, before)).end).toBe('holds');
    expect(azure.sent).toEqual(['disable new', 'enable old']);
  });

  it('of `open` only disables the new endpoint: the old one was closed by another step', async () => {
    put([endpoint('old', false, 'Disabled'), endpoint('new', false, 'Disabled')]);
    const { before } = await forward({ part: 'open' });
    await undo({ part: 'open' }, before);
    expect(azure.sent).toEqual(['disable new']);
    expect(enabled()).toEqual([]);
  });

  it('of `close` enables the old endpoint once what it serves answers', async () => {
    const { before } = await forward({ part: 'close' });
    site = { status: 503 };
    expect(await undo({ part: 'close' }, before)).toMatchObject({
      end: 'waits',
      sentence: expect.stringContaining('http://old.example:80/up') as string,
    });
    expect(azure.sent).toEqual([]);
    site = { status: 200 };
    expect((await undo({ part: 'close' }, before)).end).toBe('holds');
    expect(enabled()).toEqual(['old']);
  });

  it('of `close` leaves an endpoint disabled that was disabled before', async () => {
    put([endpoint('old', false, 'Disabled'), endpoint('new', false, 'Disabled')]);
    const { before } = await forward({ part: 'close' });
    await undo({ part: 'close' }, before);
    expect(enabled()).toEqual([]);
  });

  it('touches nothing when nothing was seen before', async () => {
    await forward();
    expect((await undo({}, null)).end).toBe('holds');
    expect(azure.sent).toEqual([]);
  });
});

describe('check', () => {
  const problems = async (step: Partial<Settings> = {}): Promise<string[]> =>
    (await kind.check(context(), settings(step))).map(
      ({ severity, problem }) => `${severity}: ${problem}`,
    );

  it('finds nothing wrong at rest', async () => {
    expect(await problems()).toEqual([]);
  });

  const both = [endpoint('old', true, 'Online'), endpoint('new', true, 'Degraded')];
  const rest = [endpoint('old', true, 'Online'), endpoint('new', false, 'Disabled')];
  it.each<[string, () => void, Partial<Settings>]>([
    ['critical: passive endpoint new is enabled at rest', () => put(both), {}],
    [
      'warning: active endpoint old is disabled',
      () => put([endpoint('old', false, 'Disabled'), rest[1]!]),
      {},
    ],
    [
      'warning: clients keep an old answer for up to 5 min',
      () => put(rest, { ttlSeconds: 300 }),
      {},
    ],
    ['critical: the profile is disabled', () => put(rest, { enabled: false }), {}],
    [
      'warning: traffic may go to third',
      () => put([...rest, endpoint('third', true, 'Online')]),
      {},
    ],
    ['critical: there is no endpoint nowhere', () => undefined, { to: 'nowhere' }],
    [
      'critical: new is disabled, so Traffic Manager cannot move',
      () => undefined,
      { control: 'automatic' },
    ],
    [
      'warning: routing Weighted',
      () => put(both, { routing: 'Weighted' }),
      { control: 'automatic' },
    ],
  ])('reports %s', async (problem, happen, step) => {
    happen();
    expect(await problems(step)).toEqual([expect.stringContaining(problem)]);
  });
});
