import type { VirtualMachine } from '@azure/arm-compute';
import type { Machine, Machines, PowerState } from './access.ts';
import type { Parts } from './parts.ts';
import { orNull } from './read.ts';
import { locate, pathOf } from './resource.ts';

/** The version of the installed client, so that reads and changes speak of the same thing. */
const API_VERSION = '2026-03-01';

const POWER_STATES: readonly PowerState[] = [
  'running',
  'starting',
  'stopping',
  'stopped',
  'deallocating',
  'deallocated',
];

export function createMachines({ arm, clients, read }: Parts): Machines {
  const change = async (verb: 'deallocate' | 'start', id: string, signal: AbortSignal) => {
    const path = pathOf(locate(id).id, `/${verb}`, API_VERSION);
    const sentence = `${verb === 'start' ? 'Start' : 'Deallocate'} ${locate(id).label}`;
    return arm.change(sentence, { method: 'POST', path }, signal);
  };
  return {
    async get(id) {
      const { subscription, resourceGroup, name, label } = locate(id);
      return orNull(
        read(`Read ${label}`, async () => {
          const client = await clients.compute(subscription);
          const machine = await client.virtualMachines.get(resourceGroup, name, {
            expand: 'instanceView',
          });
          return machineOf(machine, id);
        }),
      );
    },
    deallocate: (id, signal) => change('deallocate', id, signal),
    start: (id, signal) => change('start', id, signal),
  };
}

function machineOf(machine: VirtualMachine, id: string): Machine {
  return {
    id: machine.id ?? id,
    name: machine.name ?? locate(id).name,
    location: machine.location,
    size: machine.hardwareProfile?.vmSize ?? null,
    power: powerOf(machine.instanceView?.statuses?.map((status) => status.code ?? '') ?? []),
  };
}

/** The provisioning state stays Succeeded whatever happens; only the instance view knows. */
function powerOf(codes: readonly string[]): PowerState {
  const code = codes
    .find((text) => /^PowerState\//i.test(text))
    ?.split('/')[1]
    ?.toLowerCase();
  return POWER_STATES.find((state) => state === code) ?? 'unknown';
}
