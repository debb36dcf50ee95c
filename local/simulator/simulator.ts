import type { Clock } from '../../src/core/clock.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import type { Webhook } from './alerts/action-group.ts';
import { createAlerts } from './alerts/alerts.ts';
import { assemble, type Assembly } from './assembly.ts';
import { createLocks } from './authorization/locks.ts';
import { createControl, type Control } from './control.ts';
import { createFaults } from './faults.ts';
import { createGateway, type Inbound, type Outcome } from './gateway.ts';
import { createTokens, type Tokens } from './identity/tokens.ts';
import { createJournal, type Journal } from './journal.ts';
import { createOutages } from './outages.ts';
import { createPermissions } from './permissions.ts';
import { createLimits } from './quotas/limits.ts';
import { seededRandom } from './random.ts';
import { createRouter } from './router.ts';
import type { Scenario } from './scenario.ts';
import type { Door, World } from './service.ts';
import { createThrottle } from './throttle.ts';
import { visit, type Answer } from './visit.ts';
import { createWorld } from './world.ts';

export interface SimulatorOptions {
  /** How an action group reaches its receivers; nobody answers when absent. */
  readonly webhook?: Webhook;
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly seed?: number;
  /** How many times faster than the clock things happen; for runs in real time. */
  readonly speed?: number;
  /** Milliseconds that a request is under way, drawn between two bounds. */
  readonly latency?: { readonly low: number; readonly high: number };
}

export interface Simulator extends Omit<
  Assembly,
  'services' | 'clients' | 'definitions' | 'health'
> {
  readonly clock: Clock;
  readonly world: World;
  readonly journal: Journal;
  readonly control: Control;
  readonly tokens: Tokens;
  /** Ends what happens by itself. */
  stop(): void;
  /** A request to Azure through one of its doors. */
  handle(inbound: Inbound, door: Door, signal?: AbortSignal): Promise<Outcome>;
  /** A request to any other host, by its name in the simulated DNS. */
  browse(inbound: Inbound, signal?: AbortSignal): Promise<Answer>;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, scenario, seed = 1, speed = 1 } = options;
  const outages = createOutages();
  const faults = createFaults();
  const permissions = createPermissions();
  const journal = createJournal();
  const world = createWorld({ clock, seed, speed, outages, faults });
  const now = (): number => world.clock.now();
  const tokens = createTokens(now, scenario.caller, scenario.identities);
  const rules = {
    permissions,
    locks: createLocks(scenario.locks),
    limits: createLimits(scenario.quotas),
  };
  const { services, clients, definitions, health, ...parts } = assemble({
    world,
    scenario,
    tokens,
    rules,
  });
  const scopes = [`/subscriptions/${scenario.subscription}`, ...scenario.groups];
  const gateway = createGateway({
    world,
    router: createRouter(services),
    journal,
    throttle: createThrottle(now),
    permissions,
    locks: rules.locks,
    tokens,
    scopes: new Set(scopes.map(canonicalId)),
  });
  const alerts = createAlerts({
    world,
    clock,
    // A stream of its own: alerts must not change what the world does.
    random: seededRandom(seed + 4000),
    subscription: scenario.subscription,
    definitions,
    health,
    journal,
    webhook: options.webhook ?? (() => Promise.resolve(null)),
    seed: scenario.alerts ?? { rules: [], receivers: [] },
  });
  const { failoverGroup } = scenario.cafe;
  const profiles = scenario.trafficProfiles.map(({ id }) => id);
  const shared = { world, outages, faults, ...rules, alerts, clients, failoverGroup, profiles };
  const travel = createTravel(options);
  return {
    ...parts,
    clock,
    world,
    journal,
    tokens,
    control: createControl({ ...parts, ...shared }),
    stop: () => alerts.stop(),
    // The identity endpoint is on the caller's own machine. (Who joins another's request for a token also sleeps in no
    // clock of its own: time must not have to pass for it.)
    handle: (inbound, door, signal) =>
      door === 'identity' ? gateway(inbound, door) : travel(() => gateway(inbound, door), signal),
    browse: (inbound, signal) =>
      travel(async () => visit({ world, clients, journal }, inbound), signal),
  };
}

type Travel = <T extends Outcome | Answer>(
  arrive: () => Promise<T>,
  signal?: AbortSignal,
) => Promise<T>;

/** Requests take time on the way there and on the way back, by the caller's clock. */
function createTravel({
  clock,
  seed = 1,
  speed = 1,
  latency = { low: 20, high: 80 },
}: SimulatorOptions): Travel {
  // A stream of its own: how requests interleave must not change what the world does.
  const random = seededRandom(seed + 1);
  const { low, high } = latency;
  const oneWay = async (signal?: AbortSignal): Promise<void> => {
    const milliseconds = (low + random() * (high - low)) / 2;
    if (milliseconds > 0) await clock.sleep(milliseconds, signal);
  };
  return async (arrive, signal) => {
    await oneWay(signal);
    const arrived = await arrive();
    if ('lateSeconds' in arrived) await clock.sleep((arrived.lateSeconds * 1000) / speed, signal);
    await oneWay(signal);
    return arrived;
  };
}
