import { canonicalId, resourceName, sameResource } from '../../../src/core/resource-id.ts';
import type { OperationError } from '../operations.ts';
import type { World } from '../service.ts';
import { createReplica, type Replica, type Row } from './replica.ts';

export interface SqlSeed {
  readonly servers: readonly { readonly id: string; readonly location: string }[];
  readonly groups: readonly FailoverGroupSeed[];
}

export interface FailoverGroupSeed {
  readonly name: string;
  /** ARM ids; the first is primary. */
  readonly servers: readonly [string, string];
  readonly databases: readonly string[];
  readonly policy: 'Manual' | 'Automatic';
  readonly rows: readonly Row[];
}

export interface SqlServer {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** A group as one of its servers sees it. */
export interface GroupView {
  readonly name: string;
  readonly server: SqlServer;
  readonly partner: SqlServer;
  readonly role: 'Primary' | 'Secondary';
  readonly partnerRole: 'Primary' | 'Secondary';
  readonly replicationState: 'CATCH_UP' | 'SUSPENDED';
  readonly databases: readonly string[];
  readonly policy: 'Manual' | 'Automatic';
}

/** Why a request about a group is refused at once. */
export type GroupRefusal = 'on-primary' | 'busy';

/** A change that has been let in: how long it takes, and what it does at its end. */
export interface Change {
  readonly seconds: number;
  readonly complete: () => OperationError | null;
  readonly abandon: () => void;
}

export interface FailoverGroups {
  server(id: string): SqlServer | null;
  servers(): readonly SqlServer[];
  view(serverId: string, group: string): GroupView | null;
  viewsOf(serverId: string): readonly GroupView[];
  failover(serverId: string, group: string, forced: boolean): Change | GroupRefusal;
  /** The database behind `<group>.database.windows.net`: the primary's, when its region lives and it takes writes. */
  behindListener(group: string): DatabaseAccess | null;
  /** The one server that is primary, whatever a dead one believes of itself: for measuring. */
  primary(group: string): SqlServer | null;
  /** What the group's primary holds, whether anybody can reach it or not: for measuring. */
  contents(group: string): readonly Row[];
  /** Seconds that the secondary is behind; null when the database is no primary, is dead, or replicates to nobody. */
  lagSeconds(databaseId: string): number | null;
}

export interface DatabaseAccess {
  readonly server: SqlServer;
  readonly rows: () => readonly Row[];
  readonly insert: (row: Omit<Row, 'id'>) => Row;
}

/** Roles, and who has noticed them. */
interface Group {
  readonly seed: FailoverGroupSeed;
  readonly replica: Replica;
  primary: string;
  /** A server that is still Primary in its own eyes, because it was dead when the other took over. */
  unaware: string | null;
  suspended: boolean;
  busyUntil: number;
  changing: boolean;
}

const PLANNED_SECONDS: readonly [number, number] = [20, 50];
const FORCED_SECONDS: readonly [number, number] = [10, 20];
const REST_SECONDS: readonly [number, number] = [40, 60];
/** How long a planned failover tries before it gives up and rolls back. */
const TIMEOUT_SECONDS = 60;

export function createFailoverGroups(world: World, seed: SqlSeed): FailoverGroups {
  const servers = seed.servers.map((each): SqlServer => ({ ...each, name: resourceName(each.id) }));
  const server = (id: string): SqlServer | null =>
    servers.find((each) => sameResource(each.id, id)) ?? null;
  const alive: Alive = (id) => {
    const found = server(id);
    return found !== null && !world.outages.databasesDead(found.location);
  };
  const groups = seed.groups.map((each) => newGroup(world, each, alive));
  const find = (name: string): Group | null =>
    groups.find((group) => group.seed.name.toLowerCase() === name.toLowerCase()) ?? null;
  world.outages.onChange(() => {
    for (const group of groups) notice(world, group, alive);
  });
  const view = (serverId: string, name: string): GroupView | null => {
    const group = find(name);
    const own = server(serverId);
    return group === null || own === null ? null : viewOf(group, own, server);
  };
  return {
    server,
    servers: () => servers,
    view,
    viewsOf: (serverId) => groups.flatMap((group) => view(serverId, group.seed.name) ?? []),
    failover: (serverId, name, forced) => {
      const group = find(name);
      if (group === null) throw new Error(`No failover group ${name}: look before asking.`);
      return admit(world, group, alive, serverId, forced);
    },
    behindListener: (name) => access(find(name), server, alive),
    primary: (name) => server(find(name)?.primary ?? ''),
    contents: (name) => find(name)?.replica.rows() ?? [],
    lagSeconds: (databaseId) => {
      const group = groups.find(({ primary }) =>
        canonicalId(databaseId).startsWith(`${canonicalId(primary)}/`),
      );
      const told = group !== undefined && alive(group.primary) && !group.suspended;
      return told ? group.replica.lagSeconds() : null;
    },
  };
}

/** Whether the databases of the server's region live. */
type Alive = (serverId: string) => boolean;

function admit(
  world: World,
  group: Group,
  alive: Alive,
  serverId: string,
  forced: boolean,
): Change | GroupRefusal {
  if (group.changing) return 'busy';
  if (sameResource(group.primary, serverId)) return 'on-primary';
  if (group.busyUntil > world.clock.now()) return 'busy';
  group.changing = true;
  return forced ? force(world, group, alive) : plan(world, group, alive);
}

function access(
  group: Group | null,
  server: (id: string) => SqlServer | null,
  alive: Alive,
): DatabaseAccess | null {
  const primary = group === null ? null : server(group.primary);
  if (group === null || primary === null || !alive(primary.id)) return null;
  const { replica } = group;
  return {
    server: primary,
    rows: () => replica.rows(),
    insert: (row) => replica.insert(row),
  };
}

function newGroup(world: World, seed: FailoverGroupSeed, alive: Alive): Group {
  const linked = (): boolean => seed.servers.every(alive) && !group.suspended;
  const group: Group = {
    seed,
    replica: createReplica(world, seed.rows, linked),
    primary: seed.servers[0],
    unaware: null,
    suspended: false,
    busyUntil: 0,
    changing: false,
  };
  return group;
}

function viewOf(
  group: Group,
  own: SqlServer,
  server: (id: string) => SqlServer | null,
): GroupView | null {
  const { seed, primary, unaware, suspended } = group;
  const partner = server(seed.servers.find((id) => !sameResource(id, own.id)) ?? '');
  if (partner === null || !seed.servers.some((id) => sameResource(id, own.id))) return null;
  const isPrimary = sameResource(primary, own.id);
  const believesPrimary = isPrimary || (unaware !== null && sameResource(unaware, own.id));
  return {
    name: seed.name,
    server: own,
    partner,
    role: believesPrimary ? 'Primary' : 'Secondary',
    partnerRole: believesPrimary ? 'Secondary' : 'Primary',
    // The old primary says CATCH_UP in its own view all the while (seen in recordings).
    replicationState: isPrimary && suspended ? 'SUSPENDED' : 'CATCH_UP',
    databases: seed.databases.map((name) => `${own.id}/databases/${name}`),
    policy: seed.policy,
  };
}

function secondaryOf({ seed, primary }: Group): string {
  return seed.servers.find((id) => !sameResource(id, primary)) ?? primary;
}

function plan(world: World, group: Group, alive: Alive): Change {
  const reachable = group.seed.servers.every(alive);
  return {
    seconds: reachable ? world.between(...PLANNED_SECONDS) : TIMEOUT_SECONDS,
    abandon: () => void (group.changing = false),
    complete: () => {
      group.changing = false;
      if (!reachable || !group.seed.servers.every(alive)) return timedOut(group);
      group.replica.flush();
      group.replica.swap();
      group.primary = secondaryOf(group);
      return null;
    },
  };
}

function force(world: World, group: Group, alive: Alive): Change {
  const target = secondaryOf(group);
  return {
    seconds: world.between(...FORCED_SECONDS),
    abandon: () => void (group.changing = false),
    complete: () => {
      group.changing = false;
      if (!alive(target)) return timedOut(group);
      if (!alive(group.primary)) group.unaware = group.primary;
      group.primary = target;
      group.suspended = true;
      group.replica.swap();
      group.busyUntil = world.clock.now() + (world.between(...REST_SECONDS) * 1000) / world.speed;
      resume(world, group, alive);
      return null;
    },
  };
}

/** When the old primary is back it learns that it is secondary, and is seeded anew: what only it had is lost. */
function notice(world: World, group: Group, alive: Alive): void {
  group.replica.relink();
  if (group.unaware === null || !alive(group.unaware)) return;
  group.unaware = null;
  group.busyUntil = world.clock.now() + (world.between(...REST_SECONDS) * 1000) / world.speed;
  resume(world, group, alive);
}

function resume(world: World, group: Group, alive: Alive): void {
  const { primary } = group;
  const wait = ((group.busyUntil - world.clock.now()) / 1000) * world.speed;
  world.after(wait, () => {
    if (!sameResource(group.primary, primary) || !group.seed.servers.every(alive)) return;
    if (group.suspended) group.replica.reseed();
    group.suspended = false;
  });
}

function timedOut({ seed }: Group): OperationError {
  return {
    code: 'PlannedFailoverTimedOut',
    message: `The planned failover operation of the failover group '${seed.name}' has timed out because the partner server could not be reached. The operation was rolled back.`,
  };
}
