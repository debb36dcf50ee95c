import type { Subject } from './commit.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import type { Outcome, Strand, TaskPlan } from './jobs.ts';
import { createRecoveryMachine, removeRecoveryMachine } from './machines.ts';
import type { MachineRoom } from './machines.ts';
import { step, task } from './tasks.ts';

/** Recorded: 149 and 141 s for one machine, 203 in the documentation. Replication goes on meanwhile. */
export function testFailoverTasks(
  room: MachineRoom,
  subjects: readonly Subject[],
  networkId: string | null,
): readonly TaskPlan[] {
  const { world } = room;
  const each = (
    what: string,
    low: number,
    high: number,
    complete?: (item: ProtectedItem) => Outcome,
  ): readonly Strand[] =>
    subjects.map(({ item }) =>
      step(
        `${what} for ${item.friendlyName}`,
        world.between(low, high),
        complete && { complete: () => complete(item) },
      ),
    );
  return [
    task('TestFailoverPrerequisitesCheck', 'Prerequisites check for test failover', () =>
      each('The check', 3, 6, () => checkNetwork(room, networkId)),
    ),
    task('CreateTestVirtualMachine', 'Create test virtual machine', () =>
      subjects.map(({ item, fault }) =>
        step(`Test failover of ${item.friendlyName}`, world.between(95, 135), {
          fault,
          complete: () => create(room, item, networkId),
        }),
      ),
    ),
    task('PrepareTestVirtualMachine', 'Preparing the virtual machine', () =>
      each('Preparation', 20, 30),
    ),
    task('StartTestVirtualMachine', 'Start the virtual machine', () =>
      subjects
        // Those whose creation failed have no machine to start.
        .filter(({ item }) => item.testMachineId !== null)
        .map(({ item }) =>
          step(`Start for ${item.friendlyName}`, world.between(22, 32), {
            fault: world.takeFault('site-recovery/test-failover-start', itemId(item)),
            complete: () => start(room, item),
          }),
        ),
    ),
  ];
}

/** Never seen to its end in a recording: longer than 86 s. */
export function testFailoverCleanupTasks(
  room: MachineRoom,
  subjects: readonly Subject[],
): readonly TaskPlan[] {
  return [
    task('TestFailoverCleanup', 'Clean up the test failover', () =>
      subjects.map(({ item, fault }) =>
        step(`Clean-up for ${item.friendlyName}`, room.world.between(100, 140), {
          fault,
          complete: () => cleanUp(room, item),
        }),
      ),
    ),
  ];
}

/** Its code is made up. */
function checkNetwork({ networks }: MachineRoom, networkId: string | null): Outcome {
  if (networkId === null || networks.virtualNetwork(networkId) !== null) return 'done';
  return { code: '28093', message: `The network ${networkId} for the test was not found.` };
}

function create(room: MachineRoom, item: ProtectedItem, networkId: string | null): Outcome {
  if (item.points.length === 0) {
    return { code: '28025', message: `There is no recovery point for ${item.friendlyName}.` };
  }
  item.testMachineId = createRecoveryMachine(room, item, {
    name: `${item.friendlyName}-test`,
    networkId: networkId ?? item.recoveryNetworkId,
  });
  return 'done';
}

function start({ world, machines }: MachineRoom, item: ProtectedItem): Outcome {
  if (item.testMachineId === null) return 'skipped';
  machines.setPower(item.testMachineId, 'running');
  item.lastTestFailoverAt = world.clock.now();
  return 'done';
}

function cleanUp(room: MachineRoom, item: ProtectedItem): Outcome {
  if (item.testMachineId !== null) removeRecoveryMachine(room, item.testMachineId);
  item.testMachineId = null;
  return 'done';
}
