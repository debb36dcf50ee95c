import type { Locks } from './authorization/locks.ts';
import { createAuthorization } from './authorization/service.ts';
import { createCafe, type Cafe } from './cafe/cafe.ts';
import { createCafeClients, type CafeClients } from './cafe/clients.ts';
import { createMachines, type Machines } from './compute/machines.ts';
import { createCompute } from './compute/service.ts';
import { cloudAppZone } from './dns/cloudapp.ts';
import { createDns, type SimulatedDns } from './dns/dns.ts';
import { createManagedIdentity, createSignIn } from './identity/service.ts';
import type { Tokens } from './identity/tokens.ts';
import { createLogs } from './logs/service.ts';
import { createLogTables } from './logs/tables.ts';
import {
  availabilityMetric,
  endpointMetric,
  lagMetric,
  type MetricDefinition,
} from './metrics/definitions.ts';
import { createSamples, type Dimensions } from './metrics/samples.ts';
import { createMetrics, createMetricsBatch } from './metrics/service.ts';
import { NO_MONITORING } from './monitoring/seed.ts';
import { runWebTests, type WebTestRun } from './monitoring/web-tests.ts';
import { addressName, createNetworks, type Networks } from './network/addresses.ts';
import { createNetwork } from './network/service.ts';
import { createOperations } from './operations.ts';
import type { Permissions } from './permissions.ts';
import type { Limits } from './quotas/limits.ts';
import { createQuotas } from './quotas/service.ts';
import { createHealth, type Health } from './resource-health/health.ts';
import { createResourceHealth } from './resource-health/service.ts';
import type { Scenario } from './scenario.ts';
import type { Lookup, Service, World } from './service.ts';
import { createSiteRecovery, type SiteRecovery } from './site-recovery/service.ts';
import { createFailoverGroups, type FailoverGroups } from './sql/failover-groups.ts';
import { createSql } from './sql/service.ts';
import { createTrafficManager, type TrafficManager } from './traffic-manager/service.ts';

/** What exists in the simulated world, by its own typed functions, and the services that show it on the wire. */
export interface Assembly {
  readonly services: readonly Service[];
  readonly machines: Machines;
  readonly networks: Networks;
  readonly sql: FailoverGroups;
  readonly siteRecovery: SiteRecovery;
  readonly traffic: TrafficManager;
  readonly dns: SimulatedDns;
  readonly cafe: Cafe;
  readonly definitions: readonly MetricDefinition[];
  readonly health: Health;
  readonly clients: CafeClients;
}

/** What an administrator of the subscription has set. */
export interface Rules {
  readonly permissions: Permissions;
  readonly locks: Locks;
  readonly limits: Limits;
}

export interface AssemblyParts {
  readonly world: World;
  readonly scenario: Scenario;
  readonly tokens: Tokens;
  readonly rules: Rules;
}

/** Every service, each given what it needs of the others, and the resources of the scenario. */
export function assemble({ world, scenario, tokens, rules }: AssemblyParts): Assembly {
  const now = (): number => world.clock.now();
  const operations = createOperations(world);
  const machines = createMachines(world);
  for (const machine of scenario.machines) machines.create({ bootSeconds: 0, ...machine });
  const networks = createNetworks(world);
  for (const each of scenario.virtualNetworks) networks.createVirtualNetwork(each);
  for (const address of scenario.addresses) networks.createAddress(address);
  for (const each of scenario.interfaces) networks.createInterface(each);
  const sql = createFailoverGroups(world, scenario.sql);
  const { vaults, refusal } = scenario;
  const siteRecovery = createSiteRecovery(world, { machines, networks, vaults, refusal });
  const monitoring = scenario.monitoring ?? NO_MONITORING;
  const tables = createLogTables(world, monitoring);
  const cafe = createCafe(
    { world, machines, networks, sql, log: (hit) => tables.request(hit) },
    scenario.cafe,
  );
  const traffic = createTrafficManager(world, {
    // Its probes come from elsewhere than ours, and may get lost where ours do not.
    probe: ({ host, port, path, protocol }) =>
      world.takeFault('traffic-manager/probe', host, ['fail-before']) === null
        ? cafe.probe(host, port, path, protocol)
        : null,
    targetName: (addressId) => {
      const found = networks.address(addressId);
      return found === null ? null : addressName(found);
    },
    profiles: scenario.trafficProfiles,
  });
  const dns = createDns(world, { zones: [traffic.zone, cloudAppZone(networks)] });
  const clients = createCafeClients(world, cafe, lookupIn(dns), scenario.cafe);
  const availability = createSamples(world, 60);
  const definitions = [
    lagMetric(world, sql),
    endpointMetric(world, traffic, idsOf(scenario.trafficProfiles)),
    availabilityMetric(availability, monitoring.components),
  ];
  const metrics = { now, definitions };
  runWebTests(world, monitoring, visitor(dns, cafe), (run) => {
    availability.record(run.test.componentId, dimensionsOf(run), run.success ? 100 : 0);
    tables.availability(run);
  });
  const health = createHealth(world, machines, sql);
  const services: readonly Service[] = [
    createManagedIdentity(tokens),
    createSignIn(tokens, now),
    createCompute(world, operations, machines),
    createNetwork(world, operations, networks),
    createSql(operations, sql),
    createAuthorization(rules.permissions, rules.locks, tokens),
    createQuotas({ machines, networks, limits: rules.limits }),
    createResourceHealth(world, health),
    createMetrics(metrics),
    createMetricsBatch(metrics),
    createLogs({ world, workspaces: monitoring.workspaces, tables }),
    siteRecovery,
    traffic,
  ];
  return {
    services,
    machines,
    networks,
    sql,
    siteRecovery,
    traffic,
    dns,
    cafe,
    definitions,
    health,
    clients,
  };
}

function idsOf(resources: readonly { readonly id: string }[]): readonly string[] {
  return resources.map(({ id }) => id);
}

function dimensionsOf({ test, location }: WebTestRun): Dimensions {
  return { 'availabilityResult/name': test.name, 'availabilityResult/location': location };
}

/** What a web test gets: the status behind a public name, null when nobody answers. Its locations keep no old names. */
function visitor(dns: SimulatedDns, cafe: Cafe): (url: URL) => number | null {
  return ({ hostname, protocol, port, pathname }) => {
    const { records } = dns.answer(hostname, 'authoritative');
    const host = records.find(({ type }) => type === 'A')?.data;
    const secure = protocol === 'https:';
    const number = Number(port || (secure ? 443 : 80));
    return host === undefined
      ? null
      : cafe.probe(host, number, pathname, secure ? 'HTTPS' : 'HTTP');
  };
}

/** Clients ask a public resolver, which remembers what it heard for its time to live. */
function lookupIn(dns: SimulatedDns): Lookup {
  return (name) => {
    const found = dns.answer(name, 'public-1').records.find(({ type }) => type === 'A');
    return found?.data ?? null;
  };
}
