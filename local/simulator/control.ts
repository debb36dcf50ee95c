import type { Alerts } from './alerts/alerts.ts';
import type { Lock, Locks } from './authorization/locks.ts';
import type { CafeClients, CafeReport } from './cafe/clients.ts';
import type { Machines } from './compute/machines.ts';
import type { Faults } from './faults.ts';
import type { RegionOutages } from './outages.ts';
import type { Denial, Permissions } from './permissions.ts';
import type { Limits, QuotaSeed } from './quotas/limits.ts';
import type { Fault, OutageSize, World } from './service.ts';
import type { FailoverGroups } from './sql/failover-groups.ts';
import type { TrafficManager } from './traffic-manager/service.ts';

/** What the simulator shows of itself beyond Azure's own APIs. */
export interface SimulatorState {
  readonly outages: Readonly<Record<string, OutageSize>>;
  readonly faults: readonly Fault[];
  readonly denials: readonly Denial[];
  readonly locks: readonly Lock[];
  readonly machines: readonly {
    readonly id: string;
    readonly power: string;
    readonly answers: boolean;
  }[];
  readonly failoverGroups: readonly {
    readonly name: string;
    readonly server: string;
    readonly role: string;
    readonly replicationState: string;
  }[];
  /** The endpoint that each profile's name leads to; null when it leads nowhere. */
  readonly traffic: Readonly<Record<string, string | null>>;
  readonly cafe: CafeReport;
}

/** The hands of a test or of a person at the demo: what Azure itself offers nobody. */
export interface Control {
  /** Alert rules, and the webhooks of their action group. */
  readonly alerts: Alerts;
  /** A region's outage, or its end with `none`. */
  outage(region: string, size: OutageSize): void;
  /** The same later, by the world's clock. */
  outageAfter(seconds: number, region: string, size: OutageSize): void;
  fault(fault: Fault): void;
  clearFaults(): void;
  deny(denial: Denial): void;
  /** An identity's role assignments, instead of every right. */
  assign(clientId: string, grants: readonly Denial[]): void;
  grantAll(): void;
  /** A management lock, as an administrator sets it. */
  lock(lock: Lock): void;
  unlockAll(): void;
  quota(quota: QuotaSeed): void;
  cafe(): CafeReport;
  state(): SimulatorState;
}

export interface ControlParts {
  readonly world: World;
  readonly outages: RegionOutages;
  readonly faults: Faults;
  readonly permissions: Permissions;
  readonly locks: Locks;
  readonly limits: Limits;
  readonly alerts: Alerts;
  readonly machines: Machines;
  readonly sql: FailoverGroups;
  readonly traffic: TrafficManager;
  readonly profiles: readonly string[];
  readonly clients: CafeClients;
  /** The failover group that holds the café's coffees. */
  readonly failoverGroup: string;
}

export function createControl(parts: ControlParts): Control {
  const { world, outages, faults, permissions, locks } = parts;
  const cafe = (): CafeReport => {
    world.catchUp();
    return parts.clients.report(parts.sql.contents(parts.failoverGroup));
  };
  return {
    alerts: parts.alerts,
    outage: (region, size) => {
      world.catchUp();
      outages.set(region, size);
    },
    outageAfter: (seconds, region, size) => {
      world.catchUp();
      world.after(seconds, () => outages.set(region, size));
    },
    fault: (fault) => {
      // What was due before does not meet it.
      world.catchUp();
      faults.add(fault);
    },
    clearFaults: () => faults.clear(),
    deny: (denial) => permissions.deny(denial),
    assign: (clientId, grants) => permissions.assign(clientId, grants),
    grantAll: () => permissions.grantAll(),
    lock: (lock) => locks.set(lock),
    unlockAll: () => locks.removeAll(),
    quota: (quota) => parts.limits.set(quota),
    cafe,
    state: () => ({
      cafe: cafe(),
      outages: outages.all(),
      faults: faults.pending(),
      denials: permissions.denials(),
      locks: locks.all(),
      ...stateOf(parts),
    }),
  };
}

function stateOf({
  machines,
  sql,
  traffic,
  profiles,
}: ControlParts): Pick<SimulatorState, 'machines' | 'failoverGroups' | 'traffic'> {
  const views = sql.servers().flatMap(({ id }) => sql.viewsOf(id));
  return {
    machines: machines.all().map(({ id, power }) => ({ id, power, answers: machines.answers(id) })),
    failoverGroups: views.map(({ name, server, role, replicationState }) => ({
      name,
      server: server.name,
      role,
      replicationState,
    })),
    traffic: Object.fromEntries(profiles.map((id) => [id, traffic.served(id)])),
  };
}
