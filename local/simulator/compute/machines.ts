import { canonicalId, resourceName } from '../../../src/core/resource-id.ts';
import type { OperationError } from '../operations.ts';
import type { World } from '../service.ts';

export type Power =
  'running' | 'starting' | 'stopping' | 'stopped' | 'deallocating' | 'deallocated';

export interface SimulatedMachine {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly interfaceIds: readonly string[];
  readonly osDiskId: string;
  /** Created from disks that were there before, as a failover does: the model then has no osProfile. */
  readonly attached: boolean;
  readonly power: Power;
  /** The operation finishes long before the guest answers: when its programs will be up. */
  readonly guestUpAt: number;
}

export interface MachineSeed {
  readonly id: string;
  readonly location: string;
  readonly interfaceIds: readonly string[];
  readonly osDiskId?: string;
  readonly attached?: boolean;
  readonly power?: Power;
  /** How long the guest needs before its programs answer; 0 for a machine that has been up for long. */
  readonly bootSeconds?: number;
}

export interface Machines {
  get(id: string): SimulatedMachine | null;
  /** By the ARM id of a resource group. */
  inGroup(groupId: string): readonly SimulatedMachine[];
  all(): readonly SimulatedMachine[];
  create(seed: MachineSeed): SimulatedMachine;
  remove(id: string): void;
  /** Whether its programs answer: it runs, its guest is up, its region lives. */
  answers(id: string): boolean;
  /** At once, without an operation: what a guest or another service does. */
  setPower(id: string, power: Power): void;
  /** Begins a change of power; the returned function completes it. A later change preempts it. */
  change(id: string, target: 'running' | 'stopped' | 'deallocated'): () => OperationError | null;
}

const PASSING: Readonly<Record<'running' | 'stopped' | 'deallocated', Power>> = {
  running: 'starting',
  stopped: 'stopping',
  deallocated: 'deallocating',
};

/** From these a guest must boot to run; a stop that failed has not brought it down. */
const DOWN: readonly Power[] = ['starting', 'stopped', 'deallocated'];

const BOOT_SECONDS: readonly [number, number] = [25, 60];

export function createMachines(world: World): Machines {
  const machines = new Map<string, SimulatedMachine>();
  const get = (id: string): SimulatedMachine | null => machines.get(canonicalId(id)) ?? null;
  const setPower = (id: string, power: Power): void => {
    const machine = get(id);
    if (machine === null) return;
    const boots = power === 'running' && DOWN.includes(machine.power);
    const guestUpAt = boots ? upAfterBoot(world) : machine.guestUpAt;
    machines.set(canonicalId(id), { ...machine, power, guestUpAt });
  };
  return {
    get,
    inGroup: (groupId) => {
      const group = `${canonicalId(groupId)}/`;
      const found: SimulatedMachine[] = [];
      for (const [id, machine] of machines) if (id.startsWith(group)) found.push(machine);
      return found;
    },
    all: () => [...machines.values()],
    create: (seed) => {
      const machine = newMachine(world, seed);
      machines.set(canonicalId(seed.id), machine);
      return machine;
    },
    remove: (id) => void machines.delete(canonicalId(id)),
    answers: (id) => {
      const machine = get(id);
      return (
        machine?.power === 'running' &&
        machine.guestUpAt <= world.clock.now() &&
        !world.outages.dead(machine.location)
      );
    },
    setPower,
    change: createChanges(world, get, setPower),
  };
}

function newMachine(world: World, seed: MachineSeed): SimulatedMachine {
  const name = resourceName(seed.id);
  return {
    id: seed.id,
    name,
    location: seed.location,
    interfaceIds: seed.interfaceIds,
    osDiskId: seed.osDiskId ?? seed.id.replace(/virtualMachines\/.*$/i, `disks/${name}-os`),
    attached: seed.attached ?? false,
    power: seed.power ?? 'running',
    guestUpAt: upAfterBoot(world, seed.bootSeconds),
  };
}

function upAfterBoot(world: World, seconds: number = world.between(...BOOT_SECONDS)): number {
  return world.clock.now() + (seconds * 1000) / world.speed;
}

function createChanges(
  world: World,
  get: (id: string) => SimulatedMachine | null,
  setPower: (id: string, power: Power) => void,
): Machines['change'] {
  const turns = new Map<string, number>();
  return (id, target) => {
    const turn = (turns.get(canonicalId(id)) ?? 0) + 1;
    turns.set(canonicalId(id), turn);
    const before = get(id)?.power ?? target;
    if (before !== target) setPower(id, PASSING[target]);
    return () => {
      if (turns.get(canonicalId(id)) !== turn) return PREEMPTED;
      const machine = get(id);
      if (machine !== null && world.outages.dead(machine.location)) {
        setPower(id, before);
        return target === 'running' ? ALLOCATION_FAILED : UNREACHABLE;
      }
      setPower(id, target);
      return null;
    };
  };
}

const PREEMPTED: OperationError = {
  code: 'OperationPreempted',
  message: 'Operation execution has been preempted by a more recent operation.',
};

const ALLOCATION_FAILED: OperationError = {
  code: 'AllocationFailed',
  message:
    'Allocation failed. We do not have sufficient capacity for the requested VM size in this region.',
};

const UNREACHABLE: OperationError = {
  code: 'InternalExecutionError',
  message: 'An internal execution error occurred. Please retry later.',
};
