import type { Scenario } from '../simulator/scenario.ts';
import { webSphereCafe } from '../simulator/scenarios/websphere-cafe.ts';
import type { PlanShape } from './plan-shape.ts';

/** The world that a plan's shape needs at its start. */
export function scenarioOf({ base }: PlanShape): Scenario {
  if (base === 'published') return webSphereCafe({ control: 'automatic' });
  const cafe = webSphereCafe();
  return base === 'data-and-traffic' ? warm(cafe) : cafe;
}

/** The same machines on both sides, all running, and none of them replicated. */
function warm(cafe: Scenario): Scenario {
  const moved = (id: string): string => id.replaceAll('eastus', 'westus');
  return {
    ...cafe,
    vaults: [],
    machines: [
      ...cafe.machines,
      ...cafe.machines.map(({ id, interfaceIds }) => ({
        id: moved(id),
        location: 'westus',
        interfaceIds: interfaceIds.map(moved),
      })),
    ],
    interfaces: [
      ...cafe.interfaces,
      ...cafe.interfaces.map((one) => ({
        ...one,
        id: moved(one.id),
        location: 'westus',
        machineId: one.machineId === null ? null : moved(one.machineId),
        publicAddressId: one.publicAddressId == null ? null : moved(one.publicAddressId),
      })),
    ],
  };
}
