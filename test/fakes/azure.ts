import type {
  Accepted,
  AzureAccess,
  FailoverGroupView,
  Job,
  Machine,
  NetworkInterface,
  OperationStatus,
  PowerState,
  ProtectedItem,
  PublicAddress,
  RecoveryPlan,
  RecoveryPoint,
  TrafficProfile,
  VirtualNetwork,
} from '../../src/azure/access.ts';
import { AzureError } from '../../src/azure/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { canonicalId, resourceName } from '../../src/core/resource-id.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A small Azure in memory. Changes have their effect at once and are listed in `sent`; tests set the state directly,
 * and say which reads find nobody, which answers get lost and which changes are refused.
 */
export interface FakeAzure {
  readonly access: AzureAccess;
  readonly sent: string[];
  readonly machines: Map<string, Open<Machine>>;
  readonly groups: Map<string, Open<FailoverGroupView>>;
  items: Open<ProtectedItem>[];
  readonly points: Map<string, RecoveryPoint[]>;
  readonly plans: Map<string, Open<RecoveryPlan>>;
  readonly jobs: Map<string, Open<Job>>;
  readonly profiles: Map<string, TrafficProfile>;
  readonly interfaces: Map<string, NetworkInterface>;
  readonly addresses: Map<string, PublicAddress>;
  readonly networks: Map<string, VirtualNetwork>;
  /** What GET answers, by path. */
  readonly documents: Map<string, JsonObject>;
  /** By operation name; one that is not set has succeeded. */
  readonly operations: Map<string, OperationStatus>;
  /** Reads whose resource id contains one of these throw. */
  readonly unreachable: Map<string, AzureError>;
  /** Changes that are refused, by what `sent` would say. */
  readonly refusals: Map<string, AzureError>;
  /** Changes that have no effect until a test gives them one. */
  slow: boolean;
}

export function noAnswer(status: number | null = null): AzureError {
  return new AzureError({
    effect: 'lost',
    code: 'NoAnswer',
    message: 'no answer',
    operation: 'GET',
    status,
  });
}

export function refusal(code: string, transient = false): AzureError {
  return new AzureError({
    effect: 'refused',
    code,
    message: `${code} happened`,
    operation: 'POST',
    status: 409,
    transient,
  });
}

export function createFakeAzure(): FakeAzure {
  const fake: Omit<FakeAzure, 'access'> = {
    sent: [],
    machines: new Map(),
    groups: new Map(),
    items: [],
    points: new Map(),
    plans: new Map(),
    jobs: new Map(),
    profiles: new Map(),
    interfaces: new Map(),
    addresses: new Map(),
    networks: new Map(),
    documents: new Map(),
    operations: new Map(),
    unreachable: new Map(),
    refusals: new Map(),
    slow: false,
  };
  const azure = fake as FakeAzure;
  return Object.assign(azure, { access: accessTo(azure) });
}

function accessTo(azure: FakeAzure): AzureAccess {
  const read = <T>(id: string, value: T): T => {
    for (const [part, error] of azure.unreachable) {
      if (canonicalId(id).includes(canonicalId(part))) throw error;
    }
    return value;
  };
  const change = (what: string, effect: () => void): Accepted => {
    azure.sent.push(what);
    const refused = azure.refusals.get(what);
    if (refused !== undefined) throw refused;
    if (!azure.slow) effect();
    return {
      status: 202,
      operation: {
        name: what,
        pollUrl: `https://arm/${what}`,
        startedAt: '2026-03-01T10:00:00.000Z',
      },
    };
  };
  return {
    machines: machines(azure, read, change),
    sql: failoverGroups(azure, read, change),
    siteRecovery: siteRecovery(azure, read, change),
    traffic: {
      profile: async (id) => read(id, azure.profiles.get(id) ?? null),
      profiles: async (scope) =>
        [...azure.profiles.values()].filter(({ id }) => id.startsWith(`${scope}/`)),
      setEndpoint: async (id, { name }, enabled) => {
        change(`${enabled ? 'enable' : 'disable'} ${name}`, () => {
          const profile = azure.profiles.get(id);
          if (profile === undefined) return;
          const endpoints = profile.endpoints.map((one) =>
            one.name === name
              ? { ...one, enabled, monitor: enabled ? 'CheckingEndpoint' : 'Disabled' }
              : one,
          );
          azure.profiles.set(id, { ...profile, endpoints });
        });
        return { status: 201 };
      },
    },
    network: network(azure, read, change),
    metrics: { latest: async () => new Map(), readings: async () => new Map() },
    logs: { query: async () => ({ columns: [], rows: [], incomplete: null }) },
    health: { ofSubscription: async () => new Map() },
    rights: { at: async () => [{ actions: ['*'], notActions: [] }] },
    managementLocks: { at: async () => [] },
    quotas: { compute: async () => [], network: async () => [], sizes: async () => [] },
    rest: {
      get: async (path) => read(path, azure.documents.get(path) ?? null),
      change: async ({ method, path, body }) =>
        change(`${method} ${path}`, () => {
          if (method === 'DELETE') azure.documents.delete(path);
          else if (body !== undefined) azure.documents.set(path, body);
        }),
    },
    operations: {
      poll: async ({ name }) => azure.operations.get(name) ?? { is: 'succeeded' },
    },
  };
}

type Read = <T>(id: string, value: T) => T;
type Change = (what: string, effect: () => void) => Accepted;

function machines(azure: FakeAzure, read: Read, change: Change): AzureAccess['machines'] {
  const set = (id: string, power: PowerState): void => {
    const machine = azure.machines.get(id);
    if (machine !== undefined) machine.power = power;
  };
  return {
    get: async (id) => read(id, azure.machines.get(id) ?? null),
    deallocate: async (id) =>
      change(`deallocate ${id.split('/')[4]}/${resourceName(id)}`, () => set(id, 'deallocated')),
    start: async (id) =>
      change(`start ${id.split('/')[4]}/${resourceName(id)}`, () => set(id, 'running')),
  };
}

function failoverGroups(azure: FakeAzure, read: Read, change: Change): AzureAccess['sql'] {
  const promote = (server: string, state: string): void => {
    for (const [id, view] of azure.groups) {
      view.role = id === server ? 'Primary' : 'Secondary';
      view.replicationState = id === server ? state : 'CATCH_UP';
    }
  };
  return {
    get: async (server) => read(server, azure.groups.get(server) ?? null),
    failover: async (server) =>
      change(`failover ${resourceName(server)}`, () => promote(server, 'CATCH_UP')),
    forceFailover: async (server) =>
      change(`force ${resourceName(server)}`, () => promote(server, 'SUSPENDED')),
    links: async () => [],
  };
}

function siteRecovery(azure: FakeAzure, read: Read, change: Change): AzureAccess['siteRecovery'] {
  const failOver = (ids: readonly string[], shutDownSource: boolean): void => {
    for (const item of azure.items.filter(({ id }) => ids.includes(id))) {
      item.activeLocation = 'Recovery';
      item.protectionState = 'UnplannedFailoverCommitPendingStatesBegin';
      item.allowedOperations = ['Commit', 'ChangePit'];
      item.failoverRecoveryPointId = azure.points.get(item.id)?.at(-1)?.id ?? null;
      const source = azure.machines.get(item.sourceMachineId);
      if (shutDownSource && source !== undefined) source.power = 'deallocated';
      const id = `${item.recoveryResourceGroupId}/providers/Microsoft.Compute/virtualMachines/${item.friendlyName}`;
      item.recoveryMachineId = id;
      azure.machines.set(id, {
        id,
        name: item.friendlyName,
        location: item.recoveryLocation,
        size: null,
        power: 'running',
      });
    }
    for (const plan of azure.plans.values()) plan.allowedOperations = ['Commit'];
  };
  const commit = (ids: readonly string[]): void => {
    for (const item of azure.items.filter(({ id }) => ids.includes(id))) {
      item.protectionState = 'UnplannedFailoverCommitted';
      item.allowedOperations = ['SwitchProtection'];
    }
  };
  const test = (ids: readonly string[], networkId: string): void => {
    for (const item of azure.items.filter(({ id }) => ids.includes(id))) {
      const name = `${item.friendlyName}-test`;
      const group = item.recoveryResourceGroupId ?? '';
      const id = `${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
      const card = `${group}/providers/Microsoft.Network/networkInterfaces/${name}`;
      const subnetId = `${networkId}/subnets/default`;
      item.testFailoverState = 'WaitingForCompletion';
      item.allowedOperations = ['TestFailoverCleanup'];
      item.testMachineId = id;
      azure.machines.set(id, {
        id,
        name,
        location: item.recoveryLocation,
        size: null,
        power: 'running',
      });
      azure.interfaces.set(card, {
        id: card,
        name,
        location: item.recoveryLocation,
        machineId: id,
        configurations: [{ name: 'ipconfig1', publicAddressId: null, subnetId }],
      });
    }
    for (const plan of azure.plans.values()) plan.allowedOperations = ['TestFailoverCleanup'];
  };
  const cleanUp = (ids: readonly string[]): void => {
    for (const item of azure.items.filter(({ id }) => ids.includes(id))) {
      azure.machines.delete(item.testMachineId ?? '');
      item.testFailoverState = 'None';
      item.allowedOperations = ['UnplannedFailover', 'DisableProtection', 'TestFailover'];
      item.testMachineId = null;
    }
    for (const plan of azure.plans.values())
      plan.allowedOperations = ['UnplannedFailover', 'TestFailover'];
  };
  const ofPlan = (name: string): readonly string[] => azure.plans.get(name)?.groups.flat() ?? [];
  const how = (down: boolean): string => (down ? 'with shutdown' : 'without shutdown');
  const nameOf = (id: string): string =>
    azure.items.find((item) => item.id === id)?.friendlyName ?? id;
  return {
    items: async (vault) => read(vault, azure.items),
    item: async (id) => read(id, azure.items.find((item) => item.id === id) ?? null),
    recoveryPoints: async (id) => read(id, azure.points.get(id) ?? []),
    plan: async (vault, name) => read(vault, azure.plans.get(name) ?? null),
    job: async (id) => read(id, azure.jobs.get(id) ?? null),
    failoverItem: async (id, { shutDownSource, recoveryPointId }) =>
      change(
        `failover item ${nameOf(id)} ${how(shutDownSource)}${recoveryPointId === undefined ? '' : ` to ${resourceName(recoveryPointId)}`}`,
        () => failOver([id], shutDownSource),
      ),
    failoverPlan: async (_vault, name, { shutDownSource, recoveryPoint }) =>
      change(`failover plan ${name} ${how(shutDownSource)} ${recoveryPoint}`, () =>
        failOver(ofPlan(name), shutDownSource),
      ),
    commitItem: async (id) => change(`commit item ${nameOf(id)}`, () => commit([id])),
    commitPlan: async (_vault, name) => change(`commit plan ${name}`, () => commit(ofPlan(name))),
    testFailoverItem: async (id, network) =>
      change(`test item ${nameOf(id)} in ${resourceName(network)}`, () => test([id], network)),
    testFailoverPlan: async (_vault, name, network) =>
      change(`test plan ${name} in ${resourceName(network)}`, () => test(ofPlan(name), network)),
    cleanUpTestItem: async (id) => change(`clean up item ${nameOf(id)}`, () => cleanUp([id])),
    cleanUpTestPlan: async (_vault, name) =>
      change(`clean up plan ${name}`, () => cleanUp(ofPlan(name))),
  };
}

function network(azure: FakeAzure, read: Read, change: Change): AzureAccess['network'] {
  return {
    virtualNetwork: async (id) => read(id, azure.networks.get(id) ?? null),
    publicAddress: async (id) => read(id, azure.addresses.get(id) ?? null),
    interfaces: async (group) =>
      read(
        group,
        [...azure.interfaces.values()].filter(({ id }) => id.startsWith(`${group}/`)),
      ),
    setPublicAddress: async (id, configuration, publicAddressId) =>
      change(
        `set ${resourceName(id)} ${publicAddressId === null ? 'none' : resourceName(publicAddressId)}`,
        () => {
          const found = azure.interfaces.get(id);
          if (found === undefined) return;
          const held =
            found.configurations.find(({ name }) => name === configuration)?.publicAddressId ??
            null;
          const configurations = found.configurations.map((one) =>
            one.name === configuration ? { ...one, publicAddressId } : one,
          );
          azure.interfaces.set(id, { ...found, configurations });
          const touched = azure.addresses.get(publicAddressId ?? held ?? '');
          if (touched === undefined) return;
          const attachedTo =
            publicAddressId === null ? null : `${id}/ipConfigurations/${configuration}`;
          azure.addresses.set(touched.id, { ...touched, attachedTo });
        },
      ),
  };
}
