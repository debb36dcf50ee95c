import type { Machines } from '../compute/machines.ts';
import type { World } from '../service.ts';
import { isReplicating } from './items.ts';
import type { ProtectedItem } from './items.ts';

/** Crash-consistent points are made every five minutes. */
const POINT_EVERY_MINUTES = 5;
/** The policy of the published tutorial. */
const RETENTION_HOURS = 24;
/** Points that a world begins with. */
const HISTORY_MINUTES = 120;
/** How far the other region lags behind: recordings show an RPO of 107 and 114 s. */
const LAG_SECONDS: readonly [number, number] = [60, 115];
/** Until a snapshot is processed and listed. */
const PROCESSING_SECONDS: readonly [number, number] = [60, 120];
/** The last part of the first replication waits for a recovery point. */
const FIRST_POINT_SECONDS = 300;

export interface ReplicationParts {
  readonly machines: Pick<Machines, 'get'>;
  readonly items: () => Iterable<ProtectedItem>;
}

/** Every minute: data crosses, RPO is reckoned, and now and then a recovery point is made. */
export function startReplication(world: World, { machines, items }: ReplicationParts): void {
  let minute = 0;
  const tick = (): void => {
    for (const item of items()) {
      if (!isReplicating(item)) continue;
      replicate(world, machines, item);
      if (minute % POINT_EVERY_MINUTES === 0) snapshot(world, machines, item);
    }
    minute += 1;
    world.after(60, tick);
  };
  world.after(0, tick);
}

/** What an item that has been protected for long has. */
export function settle(world: World, item: ProtectedItem): void {
  const now = world.clock.now();
  const minutes = Array.from(
    { length: HISTORY_MINUTES / POINT_EVERY_MINUTES },
    (_, index) => (index + 1) * POINT_EVERY_MINUTES,
  );
  item.points = minutes.map((ago) => ({
    name: world.newId(),
    at: now - milliseconds(world, ago * 60),
  }));
  item.replicatedUpTo = now - milliseconds(world, world.between(...LAG_SECONDS));
}

/** Runs the first replication to its end, `seconds` from now. */
export function replicateFirst(world: World, item: ProtectedItem, seconds: number): void {
  const parts = 10;
  for (let part = 1; part < parts; part += 1) {
    world.after(((seconds - FIRST_POINT_SECONDS) * part) / parts, () => {
      item.percentComplete = (100 * part) / parts;
    });
  }
  world.after(seconds - FIRST_POINT_SECONDS, () => {
    item.percentComplete = 100;
    item.stage = 'first-point-pending';
  });
  world.after(seconds, () => {
    item.stage = 'protected';
    item.replicatedUpTo = world.clock.now() - milliseconds(world, world.between(...LAG_SECONDS));
    item.points = [{ name: world.newId(), at: item.replicatedUpTo }];
    reckonRpo(world, item);
  });
}

function replicate(world: World, machines: Pick<Machines, 'get'>, item: ProtectedItem): void {
  if (isAlive(world, machines, item)) {
    const reached = world.clock.now() - milliseconds(world, world.between(...LAG_SECONDS));
    item.replicatedUpTo = Math.max(item.replicatedUpTo, reached);
  }
  reckonRpo(world, item);
}

function reckonRpo(world: World, item: ProtectedItem): void {
  const at = world.clock.now();
  item.rpo = { seconds: Math.round(((at - item.replicatedUpTo) * world.speed) / 1000), at };
}

/** A machine that is off makes no recovery points; one that dies before its snapshot is through loses it. */
function snapshot(world: World, machines: Pick<Machines, 'get'>, item: ProtectedItem): void {
  if (!isAlive(world, machines, item)) return;
  const point = { name: world.newId(), at: world.clock.now() };
  world.after(world.between(...PROCESSING_SECONDS), () => {
    if (!isReplicating(item) || world.outages.dead(item.primaryRegion)) return;
    const oldest = world.clock.now() - milliseconds(world, RETENTION_HOURS * 3600);
    item.points = [...item.points.filter(({ at }) => at >= oldest), point];
    item.replicatedUpTo = Math.max(item.replicatedUpTo, point.at);
  });
}

export function isAlive(
  world: World,
  machines: Pick<Machines, 'get'>,
  item: ProtectedItem,
): boolean {
  return (
    machines.get(item.sourceMachineId)?.power === 'running' &&
    !world.outages.dead(item.primaryRegion)
  );
}

function milliseconds(world: World, seconds: number): number {
  return (seconds * 1000) / world.speed;
}
