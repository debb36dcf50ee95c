import { readFile } from 'node:fs/promises';
import type { Log } from '../../src/core/log.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { createVirtualClock } from '../clock/virtual.ts';
import type { VirtualClock } from '../clock/virtual.ts';
import { createHost } from '../host/create-host.ts';
import type { Host, HostOptions } from '../host/create-host.ts';
import { createMemoryStore } from '../host/durable/memory-store.ts';
import type { DurableStore } from '../host/durable/store.ts';
import { seededRandom } from '../simulator/random.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { loadedApp } from './loaded-apps.ts';
import { mortalPlatform } from './mortal.ts';
import { PRINCIPALS } from './principals.ts';
import { createVirtualWorld } from './world.ts';
import type { VirtualWorld, WorldOptions } from './world.ts';

export interface VirtualStackOptions extends Pick<
  HostOptions,
  'latencies' | 'timerJitter' | 'timersAgainMs' | 'onHop' | 'crashPoint'
> {
  /** The app compiled from local/app.ts; `?instance=N` after it loads another copy. */
  readonly bundle: URL;
  /** How many instances of the app share the work; one when absent. */
  readonly instances?: number;
  readonly start?: number;
  readonly seed?: number;
  /** Virtual seconds per real second; as fast as it goes when absent. */
  readonly pace?: number;
  readonly scenario?: Scenario;
  readonly plans?: PlanSource;
  readonly latency?: WorldOptions['latency'];
  readonly identities?: WorldOptions['identities'];
  readonly receivers?: WorldOptions['receivers'];
  readonly azure?: WorldOptions['azure'];
  readonly appClock?: WorldOptions['appClock'];
  readonly probes?: WorldOptions['probes'];
  readonly secrets?: WorldOptions['secrets'];
  readonly settings?: WorldOptions['settings'];
  /** Where the host keeps its histories; in memory when absent. */
  readonly store?: DurableStore;
  readonly log?: Log;
}

/** The whole stack in one process and in virtual time: Azure, the host, the app. */
export interface VirtualStack extends VirtualWorld {
  readonly clock: VirtualClock;
  readonly host: Host;
  /** Ends the instance as `kill -9` does; `host.start()` brings up the next one on the same stores. */
  crash(): void;
}

/** A real host's latencies, milliseconds, as measured on one instance without cloud storage (docs/architecture.md). */
export const HOST_LATENCIES = { activityMs: 22, subOrchestrationMs: 30, turnMs: 3 } as const;

export async function createVirtualStack(options: VirtualStackOptions): Promise<VirtualStack> {
  const {
    bundle,
    instances = 1,
    seed = 1,
    pace,
    scenario,
    plans,
    latency,
    identities,
    receivers,
    azure,
    appClock,
    probes,
    secrets,
    settings,
    log,
    start = Date.now(),
    ...hostOptions
  } = options;
  const clock = createVirtualClock({ start, ...(pace === undefined ? {} : { pace }) });
  const world = createVirtualWorld({
    clock,
    seed,
    ...(scenario === undefined ? {} : { scenario }),
    ...(plans === undefined ? {} : { plans }),
    ...(latency === undefined ? {} : { latency }),
    ...(identities === undefined ? {} : { identities }),
    ...(receivers === undefined ? {} : { receivers }),
    ...(azure === undefined ? {} : { azure }),
    ...(appClock === undefined ? {} : { appClock }),
    ...(probes === undefined ? {} : { probes }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(settings === undefined ? {} : { settings }),
    ...(log === undefined ? {} : { log }),
  });
  const host = createHost({
    latencies: HOST_LATENCIES,
    store: createMemoryStore(),
    ...hostOptions,
    clock,
    random: seededRandom(seed + 2000),
    hostJson: JSON.parse(await readFile('host.json', 'utf8')),
    principals: PRINCIPALS,
    ...(log === undefined ? {} : { log }),
  });
  let life = new AbortController();
  const first = loadedApp(bundle, () => {
    life = new AbortController();
    return mortalPlatform(world.platform, life.signal);
  });
  const others = Array.from({ length: instances - 1 }, (_, index) =>
    loadedApp(new URL(`?instance=${index + 2}`, bundle), () =>
      mortalPlatform(world.platform, life.signal),
    ),
  );
  host.load(first, ...others);
  const crash = (): void => {
    life.abort();
    host.kill();
  };
  return { ...world, clock, host, crash };
}
