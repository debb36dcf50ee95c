import type { Subject } from './commit.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import type { Outcome, TaskPlan } from './jobs.ts';
import type { MachineRoom } from './machines.ts';
import { replicateFirst } from './replication.ts';
import { step, task } from './tasks.ts';

/** Recorded: the operation 505 and 542 s; Protected again 47 to 51 minutes after it began. */
const UNTIL_PROTECTED_SECONDS = [47 * 60, 51 * 60] as const;

export interface Direction {
  /** Where the item will be: the container of the region that it runs in now. */
  readonly containerId: string;
  /** Where it replicates back to. */
  readonly recoveryContainerId: string;
  readonly policyId: string;
  readonly recoveryGroupId: string;
  readonly recoveryNetworkId: string;
}

export interface Reversal extends Subject {
  readonly direction: Direction;
  /** Puts the item that now replicates the other way in the place of the old one. */
  readonly replace: (moved: ProtectedItem) => void;
}

export function reprotectTasks(
  room: MachineRoom,
  reversals: readonly Reversal[],
): readonly TaskPlan[] {
  const { world } = room;
  const began = world.clock.now();
  const waits =
    (what: string, low: number, high: number): TaskPlan['strands'] =>
    () => [step(what, world.between(low, high))];
  return [
    task(
      'SwitchProtectionPreflightTask',
      'Prerequisites check for reprotect',
      waits('The check', 5, 10),
    ),
    task('CommitFailoverTask', 'Commit failover', () => []),
    task('DiscoverReplicaTask', 'Discover the virtual machine', waits('Discovery', 60, 65)),
    task(
      'GetSwitchProtectionRequirementsTask',
      'Get requirements for reprotect',
      waits('Requirements', 40, 45),
    ),
    task('ProtectReplicaTask', 'Enable replication', () =>
      reversals.map((reversal) =>
        step(`Reprotect of ${reversal.item.friendlyName}`, world.between(400, 425), {
          fault: reversal.fault,
          complete: () => reverse(room, reversal, began),
        }),
      ),
    ),
  ];
}

function reverse(
  { world, machines }: MachineRoom,
  { item, direction, replace }: Reversal,
  began: number,
): Outcome {
  const runsNow = item.recoveryMachineId;
  if (runsNow === null || machines.get(item.sourceMachineId) === null) {
    return {
      code: '151063',
      message: `The VM might have been deleted. You need to disable replication and then enable it again for ${item.friendlyName}.`,
    };
  }
  machines.setPower(item.sourceMachineId, 'deallocated');
  const moved = turnedRound(item, runsNow, direction);
  replace(moved);
  const elapsed = ((world.clock.now() - began) * world.speed) / 1000;
  replicateFirst(world, moved, world.between(...UNTIL_PROTECTED_SECONDS) - elapsed);
  return 'done';
}

/** The same machine as a new item of the other container: primary and recovery have changed places. */
function turnedRound(
  item: ProtectedItem,
  sourceMachineId: string,
  direction: Direction,
): ProtectedItem {
  return {
    ...item,
    ...direction,
    sourceMachineId,
    primaryRegion: item.recoveryRegion,
    recoveryRegion: item.primaryRegion,
    stage: 'initial-replication',
    percentComplete: 0,
    busy: null,
    points: [],
    rpo: null,
    failoverPoint: null,
    recoveryMachineId: null,
  };
}

export function movedId(item: Pick<ProtectedItem, 'name'>, { containerId }: Direction): string {
  return itemId({ containerId, name: item.name });
}
