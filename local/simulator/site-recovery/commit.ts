import type { Fault, World } from '../service.ts';
import { choosePoint } from './failover.ts';
import type { ProtectedItem } from './items.ts';
import type { Strand, TaskPlan } from './jobs.ts';
import type { MachineRoom } from './machines.ts';
import { step, task } from './tasks.ts';

/** An item and the fault that will befall it. */
export interface Subject {
  readonly item: ProtectedItem;
  readonly fault: Fault | null;
}

/** Recorded: 8 and 3 s. The recovery points that were not chosen are deleted, and replication stays off. */
export function commitTasks(world: World, subjects: readonly Subject[]): readonly TaskPlan[] {
  const commit = ({ item, fault }: Subject): Strand =>
    step(`Commit of ${item.friendlyName}`, world.between(2, 5), {
      fault,
      complete: () => {
        item.stage = 'committed';
        item.points = item.points.filter(({ name }) => name === item.failoverPoint?.name);
        return 'done';
      },
    });
  return [
    task('VmCommitPrerequisitesCheck', 'Prerequisites check for commit', () => [
      step('The check', world.between(1, 3)),
    ]),
    task('VmCommit', 'Commit', () => subjects.map(commit)),
  ];
}

/** Its duration and the names of its tasks are guesses: the machine is built again from another point. */
export function changePointTasks(
  { world, machines }: MachineRoom,
  { item, fault }: Subject,
  pointName: string,
): readonly TaskPlan[] {
  const change = step(
    `Change of the recovery point of ${item.friendlyName}`,
    world.between(80, 110),
    {
      fault,
      complete: () => {
        const chosen = choosePoint(world, item, { name: pointName });
        if (chosen === null || item.recoveryMachineId === null) {
          return {
            code: '28025',
            message: `The recovery point chosen for ${item.friendlyName} is gone.`,
          };
        }
        item.failoverPoint = chosen;
        machines.setPower(item.recoveryMachineId, 'stopped');
        machines.setPower(item.recoveryMachineId, 'running');
        return 'done';
      },
    },
  );
  return [task('ChangeRecoveryPoint', 'Change recovery point', () => [change])];
}
