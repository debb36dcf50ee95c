import type { Clock } from '../../src/core/clock.ts';
import { canonicalId } from '../../src/core/resource-id.ts';
import { createCafe, type Cafe } from './cafe/cafe.ts';
import { createCafeClients, type CafeClients } from './cafe/clients.ts';
import { createMachines, type Machines } from './compute/machines.ts';
import { createCompute } from './compute/service.ts';
import type { Control } from './control.ts';
import { cloudAppZone } from './dns/cloudapp.ts';
import { createDns, type SimulatedDns } from './dns/dns.ts';
import { createFaults } from './faults.ts';
import { createGateway, type Gateway, type Inbound, type Outcome } from './gateway.ts';
import { createManagedIdentity, createSignIn } from './identity/service.ts';
import { createTokens, type Tokens } from './identity/tokens.ts';
import { createJournal, type Journal } from './journal.ts';
import { createLagSamples } from './metrics/lag-samples.ts';
import { createMetrics, createMetricsBatch } from './metrics/service.ts';
import { addressName, createNetworks, type Networks } from './network/addresses.ts';
import { createNetwork } from './network/service.ts';
import { createOperations } from './operations.ts';
import { createOutages } from './outages.ts';
import { createPermissions } from './permissions.ts';
import { seededRandom } from './random.ts';
import { createRouter } from './router.ts';
import type { Scenario } from './scenario.ts';
import type { Door, Lookup, Service, WireResponse, World } from './service.ts';
import { createFailoverGroups, type FailoverGroups } from './sql/failover-groups.ts';
import { createSql } from './sql/service.ts';
import { createThrottle } from './throttle.ts';
import { createTrafficManager, type TrafficManager } from './traffic-manager/service.ts';
import { createWorld } from './world.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  readonly scenario: Scenario;
  readonly seed?: number;
  /** How many times faster than the clock things happen; for runs in real time. */
  readonly speed?: number;
  /** Milliseconds that a request is under way, drawn between two bounds. */
  readonly latency?: { readonly low: number; readonly high: number };
}

/** What a client experiences, of Azure or of any other host of the simulated internet. */
export type Answer =
  | { readonly is: 'answer'; readonly response: WireResponse }
  | { readonly is: 'broken' | 'silent' | 'refused' | 'unknown-name' };

export interface Simulator {
  readonly clock: Clock;
  readonly world: World;
  readonly journal: Journal;
  readonly control: Control;
  readonly tokens: Tokens;
  readonly dns: SimulatedDns;
  readonly traffic: TrafficManager;
  readonly machines: Machines;
  readonly networks: Networks;
  readonly sql: FailoverGroups;
  readonly cafe: Cafe;
  /** A request to Azure through one of the given doors. */
  handle(inbound: Inbound, doors: readonly Door[], signal?: AbortSignal): Promise<Outcome>;
  /** A request to any other host, by its name in the simulated DNS. */
  browse(inbound: Inbound, signal?: AbortSignal): Promise<Answer>;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, scenario, seed = 1, speed = 1, latency = { low: 20, high: 80 } } = options;
  const outages = createOutages();
  const faults = createFaults();
  const permissions = createPermissions();
  const journal = createJournal();
  const world = createWorld({ clock, seed, speed, outages, faults });
  const tokens = createTokens(() => world.clock.now(), scenario.caller);
  const parts = assemble(world, scenario, tokens);
  const gateway = createGateway({
    world,
    router: createRouter(parts.services),
    journal,
    throttle: createThrottle(() => world.clock.now()),
    permissions,
    tokens,
    scopes: new Set([
      canonicalId(`/subscriptions/${scenario.subscription}`),
      ...scenario.groups.map(canonicalId),
    ]),
  });
  const control: Control = {
    outage: (region, size) => {
      world.catchUp();
      outages.set(region, size);
    },
    outageAfter: (seconds, region, size) => {
      world.catchUp();
      world.after(seconds, () => outages.set(region, size));
    },
    fault: faults.add,
    clearFaults: faults.clear,
    deny: permissions.deny,
    grantAll: permissions.grantAll,
    cafe: () => {
      world.catchUp();
      return parts.clients.report(parts.sql.contents(scenario.cafe.failoverGroup));
    },
    state: () => {
      const cafe = control.cafe();
      return {
        outages: outages.all(),
        faults: faults.pending(),
        denials: permissions.denials(),
        machines: parts.machines
          .all()
          .map(({ id, power }) => ({ id, power, answers: parts.machines.answers(id) })),
        failoverGroups: parts.sql
          .servers()
          .flatMap(({ id }) => parts.sql.viewsOf(id))
          .map(({ name, server, role, replicationState }) => ({
            name,
            server: server.name,
            role,
            replicationState,
          })),
        cafe,
      };
    },
  };
  return {
    ...parts,
    clock,
    world,
    journal,
    control,
    tokens,
    ...transports(world, gateway, parts.clients, latency, seed),
  };
}

interface Parts {
  readonly services: readonly Service[];
  readonly machines: Machines;
  readonly networks: Networks;
  readonly sql: FailoverGroups;
  readonly cafe: Cafe;
  readonly clients: CafeClients;
  readonly dns: SimulatedDns;
  readonly traffic: TrafficManager;
}

/** Every service, each given what it needs of the others. */
function assemble(world: World, scenario: Scenario, tokens: Tokens): Parts {
  const operations = createOperations(world);
  const machines = createMachines(world);
  const networks = createNetworks(world);
  for (const machine of scenario.machines) machines.create({ bootSeconds: 0, ...machine });
  for (const address of scenario.addresses) networks.createAddress(address);
  for (const each of scenario.interfaces) networks.createInterface(each);

  const sql = createFailoverGroups(world, scenario.sql);
  const databases = sql
    .servers()
    .flatMap(({ id }) => sql.viewsOf(id).flatMap((view) => view.databases));
  const samples = createLagSamples(world, databases, sql.lagSeconds);
  const metrics = { now: () => world.clock.now(), samples, server: sql.server };

  const cafe = createCafe({ world, machines, networks, sql }, scenario.cafe);
  const traffic = createTrafficManager(world, {
    probe: ({ host, port, path, protocol }) => cafe.probe(host, port, path, protocol),
    targetName: (addressId) => {
      const found = networks.address(addressId);
      return found === null ? null : addressName(found);
    },
    profiles: scenario.trafficProfiles,
  });
  const dns = createDns(world, { zones: [traffic.zone, cloudAppZone(networks)] });
  const clients = createCafeClients(world, cafe, lookup(dns), scenario.cafe);
  const services: readonly Service[] = [
    createManagedIdentity(tokens),
    createSignIn(tokens, () => world.clock.now()),
    createCompute(world, operations, machines),
    createNetwork(world, operations, networks),
    createSql(operations, sql),
    createMetrics(metrics),
    createMetricsBatch(metrics),
    traffic,
  ];
  return { services, machines, networks, sql, cafe, clients, dns, traffic };
}

/** What a client's own resolver tells it. */
function lookup(dns: SimulatedDns): Lookup {
  return (name) => {
    const { records } = dns.answer(name, 'public-1');
    const address = records.find(({ type }) => type === 'A')?.data;
    return address === undefined
      ? null
      : { address, ttlSeconds: Math.min(...records.map(({ ttl }) => ttl)) };
  };
}

/** Requests take time on the way there and on the way back, by the caller's clock. */
function transports(
  world: World,
  gateway: Gateway,
  clients: CafeClients,
  { low, high }: { readonly low: number; readonly high: number },
  seed: number,
): Pick<Simulator, 'handle' | 'browse'> {
  // A stream of its own: how requests interleave must not change what the world does.
  const random = seededRandom(seed + 1);
  const travel = async (signal?: AbortSignal): Promise<void> => {
    const milliseconds = (low + random() * (high - low)) / 2;
    if (milliseconds > 0) await world.clock.sleep(milliseconds, signal);
  };
  return {
    handle: async (inbound, doors, signal) => {
      await travel(signal);
      const outcome = await gateway(inbound, doors);
      await travel(signal);
      return outcome;
    },
    browse: async (inbound, signal) => {
      await travel(signal);
      world.catchUp();
      const answer = visit(clients, inbound);
      await travel(signal);
      return answer;
    },
  };
}

function visit(clients: CafeClients, { url, method, body }: Inbound): Answer {
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const served = clients.request(url.hostname, port, secure, { method, path: url.pathname, body });
  return served === 'unknown-name' ? { is: 'unknown-name' } : served;
}
