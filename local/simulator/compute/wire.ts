import type { Json } from '../../../src/core/json.ts';
import { instant } from '../../../src/core/clock.ts';
import type { Power, SimulatedMachine } from './machines.ts';

/** Every machine's. */
export const MACHINE_SIZE = 'Standard_D2s_v3';

/** With `viewAt` (epoch milliseconds) the instance view is part of it, as `$expand=instanceView` asks. */
export function machineBody(machine: SimulatedMachine, viewAt: number | null): Json {
  return {
    name: machine.name,
    id: machine.id,
    type: 'Microsoft.Compute/virtualMachines',
    location: machine.location,
    properties: {
      hardwareProfile: { vmSize: MACHINE_SIZE },
      provisioningState: 'Succeeded',
      storageProfile: {
        osDisk: {
          osType: 'Linux',
          name: machine.osDiskId.split('/').at(-1) ?? '',
          createOption: machine.attached ? 'Attach' : 'FromImage',
          caching: 'ReadWrite',
          managedDisk: { storageAccountType: 'Premium_LRS', id: machine.osDiskId },
        },
        dataDisks: [],
      },
      ...(!machine.attached && {
        osProfile: { computerName: machine.name, adminUsername: 'azureuser' },
      }),
      networkProfile: {
        networkInterfaces: machine.interfaceIds.map((id, index) => ({
          id,
          properties: { primary: index === 0 },
        })),
      },
      ...(viewAt !== null && { instanceView: instanceView(machine, viewAt) }),
    },
  };
}

const DISPLAY: Readonly<Record<Power, string>> = {
  running: 'VM running',
  starting: 'VM starting',
  stopping: 'VM stopping',
  stopped: 'VM stopped',
  deallocating: 'VM deallocating',
  deallocated: 'VM deallocated',
};

export function instanceView(machine: SimulatedMachine, now: number): Json {
  const time = instant(now).replace('Z', '+00:00');
  // The guest's part is gone after a deallocation; after a power-off it stays, stale.
  const guest = machine.power === 'deallocated' ? {} : guestView(machine, time);
  return {
    ...guest,
    disks: [
      {
        name: machine.osDiskId.split('/').at(-1) ?? '',
        statuses: [
          {
            code: 'ProvisioningState/succeeded',
            level: 'Info',
            displayStatus: 'Provisioning succeeded',
            time,
          },
        ],
      },
    ],
    statuses: [
      {
        code: 'ProvisioningState/succeeded',
        level: 'Info',
        displayStatus: 'Provisioning succeeded',
        time,
      },
      { code: `PowerState/${machine.power}`, level: 'Info', displayStatus: DISPLAY[machine.power] },
    ],
  };
}

function guestView(machine: SimulatedMachine, time: string): { readonly [key: string]: Json } {
  return {
    computerName: machine.name,
    osName: 'redhat',
    osVersion: '8.10',
    vmAgent: {
      vmAgentVersion: '2.11.1.4',
      statuses: [
        {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Ready',
          message: 'Guest Agent is running',
          time,
        },
      ],
      extensionHandlers: [],
    },
  };
}
