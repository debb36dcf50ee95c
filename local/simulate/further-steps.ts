import type { PlanShape } from './plan-shape.ts';
import { HOOKS } from './receiver.ts';

/** Kinds of steps that the café's own plan has no use for. */
export type Further = NonNullable<PlanShape['further']>[number];

/** A stage before all others: what is asked of people, of somebody's own service, and of Azure in its own words. */
export function furtherStage(kinds: readonly Further[]): object[] {
  return kinds.length === 0 ? [] : [{ name: 'ask first', steps: kinds.map((kind) => STEPS[kind]) }];
}

const MACHINE = '${from.group}/providers/Microsoft.Compute/virtualMachines/dmgr';

const power = (state: string): object => ({
  path: `${MACHINE}/instanceView`,
  apiVersion: '2024-07-01',
  met: `contains(statuses[].code, 'PowerState/${state}')`,
  moving: `contains(statuses[].code, 'PowerState/${state === 'running' ? 'starting' : 'deallocating'}')`,
});

const order = (action: string, state: string): object => ({
  method: 'POST',
  path: `${MACHINE}/${action}`,
  apiVersion: '2024-07-01',
  observe: power(state),
});

/** The step whose receiver keeps what it did. */
export const WEBHOOK = 'hook';

const STEPS: Readonly<Record<Further, object>> = {
  approval: {
    id: 'people',
    uses: 'control/approval',
    with: { count: 1, expires: '30m', about: 'Move the café?' },
  },
  webhook: {
    id: WEBHOOK,
    uses: 'custom/webhook',
    with: { url: `${HOOKS}/close`, undo: { url: `${HOOKS}/open` } },
    timeout: '10m',
  },
  rest: {
    id: 'stop-one',
    uses: 'azure/rest',
    with: {
      ...order('deallocate', 'deallocated'),
      permissions: [
        'Microsoft.Compute/virtualMachines/deallocate/action',
        'Microsoft.Compute/virtualMachines/start/action',
        'Microsoft.Compute/virtualMachines/instanceView/read',
      ],
      typical: '31s',
      undo: order('start', 'running'),
    },
    timeout: '10m',
  },
};
