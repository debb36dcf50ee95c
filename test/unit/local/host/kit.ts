import { afterAll, beforeAll } from 'vitest';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import type { VirtualClock } from '../../../../local/clock/virtual.ts';
import { createHost } from '../../../../local/host/create-host.ts';
import type { Host, HostOptions } from '../../../../local/host/create-host.ts';
import { createMemoryStore } from '../../../../local/host/durable/memory-store.ts';
import { createSqliteStore } from '../../../../local/host/durable/sqlite-store.ts';
import type { DurableStore, InstanceRow } from '../../../../local/host/durable/store.ts';
import { createFunctionApp } from '../../../../local/host/functions/registrations.ts';
import type { FunctionApp } from '../../../../local/host/functions/registrations.ts';
import { parseOwn } from '../../../../local/host/json.ts';
import type { LogEntry } from '../../../../src/core/log.ts';
import type { World } from '../../../fixtures/host-app/app.ts';
import { buildFixture } from '../../../fixtures/host-app/build.ts';
import type { Bundle } from '../../../fixtures/host-app/build.ts';

export const START = Date.parse('2026-03-01T02:00:00Z');

export const STORES: readonly (readonly [string, () => DurableStore])[] = [
  ['memory', createMemoryStore],
  ['sqlite', (): DurableStore => createSqliteStore(':memory:')],
];

/** A host with the fixture app on virtual time, and what a test wants to see of it. */
export interface Bench {
  readonly host: Host;
  readonly clock: VirtualClock;
  readonly store: DurableStore;
  readonly journal: string[];
  readonly logged: LogEntry[];
  /** Calls a method of the durable client inside the app. */
  client(method: string, path: string, body?: unknown): Promise<ClientAnswer>;
  /** Starts an orchestration and waits for its end. */
  run(name: string, input?: unknown): Promise<InstanceRow>;
  start(name: string, id: string, input?: unknown): Promise<void>;
}

export interface ClientAnswer {
  readonly value?: unknown;
  readonly error?: string;
}

export interface Fixture {
  bench(options?: Partial<HostOptions>): Promise<Bench>;
  /** The app in a copy of the bundle; a new copy unless its number is given. */
  app(world: () => World, copy?: number): FunctionApp;
}

interface FixtureModule {
  start(world: World): void;
}

/** Bundles the fixture once for the test file. */
export function useFixture(): Fixture {
  let bundle: Bundle;
  // One copy of the bundle serves every test of the file: each host starts it with a world of its own.
  let world: World;
  let shared: FunctionApp;
  beforeAll(async () => {
    bundle = await buildFixture();
    shared = app(() => world);
  });
  afterAll(() => bundle.remove());

  let copies = 0;
  const app = (given: () => World, copy = ++copies): FunctionApp => {
    let loaded: FixtureModule | undefined;
    return createFunctionApp(
      async () => {
        loaded ??= (await import(bundle.copy(copy))) as FixtureModule;
        loaded.start(given());
      },
      () => undefined,
    );
  };
  const bench = async (options: Partial<HostOptions> = {}): Promise<Bench> => {
    const clock = createVirtualClock({ start: START });
    const journal: string[] = [];
    world = { journal, sleep: (ms) => clock.sleep(ms) };
    const made = makeBench(clock, journal, options);
    made.host.load(shared);
    await made.host.start();
    return made;
  };
  return { app, bench };
}

export function makeBench(
  clock: VirtualClock,
  journal: string[],
  options: Partial<HostOptions>,
): Bench {
  const logged: LogEntry[] = [];
  const store = options.store ?? createMemoryStore();
  const host = createHost({
    clock,
    store,
    random: seeded(7),
    log: (entry) => logged.push(entry),
    ...options,
  });
  const client = async (method: string, path: string, body?: unknown): Promise<ClientAnswer> => {
    const request = { method: 'POST', url: `/api/${method}/${path}` };
    const response = await host.fetch(body === undefined ? request : { ...request, body });
    if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}`);
    return parseOwn<ClientAnswer>(response.text());
  };
  const start = async (name: string, id: string, input?: unknown): Promise<void> => {
    const answer = await client(
      'start',
      `${name}/${id}`,
      input === undefined ? undefined : JSON.stringify(input),
    );
    if (answer.error !== undefined) throw new Error(answer.error);
  };
  return {
    ...{ host, clock, store, journal, logged, client, start },
    run: async (name, input) => {
      await start(name, 'it', input);
      return clock.run(() => host.ended('it'));
    },
  };
}

/** Waits in virtual time. */
export function pass(bench: Bench, seconds: number): Promise<void> {
  return bench.clock.run(() => bench.clock.sleep(seconds * 1000));
}

export function output(row: InstanceRow | undefined): unknown {
  return row?.output === null || row === undefined ? row?.output : JSON.parse(row.output);
}

/** Mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
