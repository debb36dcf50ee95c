import { canonicalId } from '../../../src/core/resource-id.ts';
import type { Machines, SimulatedMachine } from '../compute/machines.ts';
import type { World } from '../service.ts';
import type { FailoverGroups } from '../sql/failover-groups.ts';

export interface HealthStatus {
  readonly id: string;
  readonly location: string;
  readonly state: 'Available' | 'Unavailable';
  readonly title: string;
  readonly summary: string;
  readonly reasonType: '' | 'Unplanned' | 'Customer Initiated';
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface Health {
  /** Of every machine and database, as Resource Health knows it now. */
  all(): readonly HealthStatus[];
}

/** How long the platform takes to notice. Not documented; people report one to several minutes. */
const NOTICE_SECONDS = 120;

type State = Omit<HealthStatus, 'id' | 'location' | 'since'>;

const AVAILABLE: State = {
  state: 'Available',
  title: 'Available',
  summary: "There aren't any known Azure platform problems affecting this resource.",
  reasonType: '',
};

const DOWN: State = {
  state: 'Unavailable',
  title: 'Unavailable: an outage in the region',
  summary: "We're sorry, this resource is unavailable because of an outage in its region.",
  reasonType: 'Unplanned',
};

const STOPPED: State = {
  state: 'Unavailable',
  title: 'Stopped by user or process',
  summary:
    'This virtual machine is stopping and deallocating as requested by an authorized user or process.',
  reasonType: 'Customer Initiated',
};

/**
 * Follows from the world: a region's outage shows after a while, a machine that somebody stopped at once. The
 * application may be down for long while all its resources are Available: Resource Health looks at the platform.
 */
export function createHealth(world: World, machines: Machines, sql: FailoverGroups): Health {
  const { outages } = world;
  const machinesDied = noticeOutages(world, (region) => outages.dead(region));
  const databasesDied = noticeOutages(world, (region) => outages.databasesDead(region));
  const since = new Map<string, { readonly state: State; readonly at: number }>();
  /** The moment at which a state was first looked at, where nothing better is known. */
  const status = (id: string, location: string, state: State, from?: number): HealthStatus => {
    const known = since.get(canonicalId(id));
    const at = known?.state === state ? known.at : (from ?? world.clock.now());
    since.set(canonicalId(id), { state, at });
    return { id, location, ...state, since: at };
  };
  return {
    all: () => {
      world.catchUp();
      const seen = (
        id: string,
        location: string,
        alive: State,
        died: number | null,
      ): HealthStatus =>
        died === null ? status(id, location, alive) : status(id, location, DOWN, died);
      const databases = sql
        .servers()
        .flatMap(({ id, location }) =>
          sql
            .viewsOf(id)
            .flatMap((view) =>
              view.databases.map((database) =>
                seen(database, location, AVAILABLE, databasesDied(location)),
              ),
            ),
        );
      return [
        ...machines
          .all()
          .map((each) =>
            seen(each.id, each.location, ofMachine(each), machinesDied(each.location)),
          ),
        ...databases,
      ];
    },
  };
}

function ofMachine({ power }: SimulatedMachine): State {
  return power === 'running' || power === 'starting' ? AVAILABLE : STOPPED;
}

/** When something of a region died, once that has been noticed; its return takes as long to be noticed. */
function noticeOutages(
  world: World,
  isDead: (region: string) => boolean,
): (region: string) => number | null {
  const noticed = new Map<string, number>();
  world.outages.onChange((region) => {
    const at = world.clock.now();
    const dead = isDead(region);
    world.after(NOTICE_SECONDS, () => {
      if (isDead(region) !== dead) return;
      if (!dead) noticed.delete(region);
      else if (!noticed.has(region)) noticed.set(region, at);
    });
  });
  return (region) => noticed.get(region.toLowerCase()) ?? null;
}
