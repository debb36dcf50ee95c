import type { Fault, World } from '../service.ts';
import type { ProtectedItem, RecoveryPoint } from './items.ts';
import { groupTask, step, task } from './tasks.ts';
import type { Outcome, Strand, TaskPlan } from './jobs.ts';
import { createRecoveryMachine } from './machines.ts';
import type { MachineRoom } from './machines.ts';
import { isAlive } from './replication.ts';

export type PointChoice = 'Latest' | 'LatestProcessed' | { readonly name: string };

export interface FailoverRequest {
  readonly item: ProtectedItem;
  readonly shutDownSource: boolean;
  readonly point: PointChoice;
  readonly fault: Fault | null;
}

type Range = readonly [low: number, high: number];

/**
 * Seconds. Recorded: one machine 139, two in a cluster 135 and 172; a plan 203 = shutdown 64 + failover 95 + boot 40
 * and the checks.
 */
interface Pace {
  readonly check: Range;
  readonly shutdown: Range;
  readonly failover: Range;
  readonly boot: Range;
}
const ITEM_PACE: Pace = { check: [3, 6], shutdown: [40, 62], failover: [82, 95], boot: [9, 12] };
const PLAN_PACE: Pace = { check: [3, 6], shutdown: [58, 70], failover: [85, 105], boot: [36, 44] };

/** The service tries for this long to stop a machine that it cannot reach, and then goes on without. */
const UNREACHABLE_SHUTDOWN: Range = [90, 120];

/** Names of an item's tasks were not noted in the recordings. */
export function itemFailoverTasks(
  room: MachineRoom,
  request: FailoverRequest,
): readonly TaskPlan[] {
  const { world } = room;
  return [
    task('PrerequisitesCheck', 'Prerequisites check for failover', () => [
      step('The check', world.between(...ITEM_PACE.check)),
    ]),
    task('Shutdown', 'Shut down the virtual machine', () => shutdowns(room, ITEM_PACE, [request])),
    task('Failover', 'Failover', () => failovers(room, ITEM_PACE, [request])),
    task('StartVirtualMachine', 'Start the virtual machine', () =>
      boots(room, ITEM_PACE, [request]),
    ),
  ];
}

/** `groups`: the machines of each boot group, which start one group after the other. */
export function planFailoverTasks(
  room: MachineRoom,
  groups: readonly (readonly FailoverRequest[])[],
): readonly TaskPlan[] {
  const { world } = room;
  const all = groups.flat();
  const bootGroups = groups.map((group, index) =>
    groupTask(`Group${index + 1}`, `Group ${index + 1}: Start`, () =>
      boots(room, PLAN_PACE, group),
    ),
  );
  return [
    task('RpSrsPrerequisitesCheck', 'Recovery plan prerequisites check', () => [
      step('The check', world.between(...PLAN_PACE.check)),
    ]),
    groupTask('ShutdownAllActionGroup', 'All groups shutdown', () =>
      shutdowns(room, PLAN_PACE, all),
    ),
    groupTask('FailoverAllActionGroup', 'All groups failover', () =>
      failovers(room, PLAN_PACE, all),
    ),
    ...bootGroups,
    task('EndRecoveryPlanTask', 'Finalizing the recovery plan', () => [
      step('The end', world.between(1, 2)),
    ]),
  ];
}

function shutdowns(
  room: MachineRoom,
  pace: Pace,
  requests: readonly FailoverRequest[],
): readonly Strand[] {
  const { world, machines } = room;
  return requests
    .filter(({ shutDownSource }) => shutDownSource)
    .map(({ item }) => ({
      label: `Shutdown of ${item.friendlyName}`,
      seconds: world.between(
        ...(world.outages.dead(item.primaryRegion) ? UNREACHABLE_SHUTDOWN : pace.shutdown),
      ),
      fault: null,
      complete: (): Outcome => {
        if (world.outages.dead(item.primaryRegion)) return 'skipped';
        if (isAlive(world, machines, item)) item.replicatedUpTo = world.clock.now();
        machines.setPower(item.sourceMachineId, 'deallocated');
        return 'done';
      },
    }));
}

function failovers(
  room: MachineRoom,
  pace: Pace,
  requests: readonly FailoverRequest[],
): readonly Strand[] {
  return requests.map((request) => ({
    label: `Failover of ${request.item.friendlyName}`,
    seconds: room.world.between(...pace.failover),
    fault: request.fault,
    complete: () => failOver(room, request),
  }));
}

function failOver(room: MachineRoom, { item, point }: FailoverRequest): Outcome {
  if (room.world.outages.dead(item.recoveryRegion)) {
    return {
      code: '150153',
      message: `Virtual machine ${item.friendlyName} could not be created in ${item.recoveryRegion}.`,
    };
  }
  const chosen = choosePoint(room.world, item, point);
  if (chosen === null) {
    return {
      code: '28025',
      message: `The recovery point chosen for ${item.friendlyName} is gone.`,
    };
  }
  item.failoverPoint = chosen;
  item.recoveryMachineId = createRecoveryMachine(room, item, {
    name: item.friendlyName,
    networkId: item.recoveryNetworkId,
  });
  return 'done';
}

/** Those whose failover failed have no machine to start. */
function boots(
  { world, machines }: MachineRoom,
  pace: Pace,
  requests: readonly FailoverRequest[],
): readonly Strand[] {
  return requests.flatMap(({ item }) => {
    const machine = item.recoveryMachineId;
    if (machine === null) return [];
    const complete = (): Outcome => {
      machines.setPower(machine, 'running');
      item.stage = 'commit-pending';
      item.lastFailoverAt = world.clock.now();
      return 'done';
    };
    return [
      {
        label: `Start of ${item.friendlyName}`,
        seconds: world.between(...pace.boot),
        fault: null,
        complete,
      },
    ];
  });
}

/** Latest makes a point of everything that has crossed; LatestProcessed takes the newest that is there. */
export function choosePoint(
  world: World,
  item: ProtectedItem,
  choice: PointChoice,
): RecoveryPoint | null {
  if (choice === 'Latest') {
    const point = { name: world.newId(), at: item.replicatedUpTo };
    item.points = [...item.points, point];
    return point;
  }
  if (choice === 'LatestProcessed')
    return item.points.toSorted((left, right) => right.at - left.at)[0] ?? null;
  return item.points.find(({ name }) => name.toLowerCase() === choice.name.toLowerCase()) ?? null;
}
