import type { Scenario } from '../../local/simulator/scenario.ts';
import { webSphereCafe } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { PlanSource } from '../../src/plan/source.ts';

export const MACHINES_PLAN = 'machines';

export interface Fleet {
  readonly stages: number;
  /** Machines a stage, each a step of its own, all at once. */
  readonly together: number;
}

const SITES = { east: 'eastus', west: 'westus' } as const;
type Site = keyof typeof SITES;

export const groupOf = (site: Site): string => `machines-${site}`;

export function namesOf({ stages, together }: Fleet): readonly string[] {
  return Array.from({ length: stages * together }, (_, index) => `vm-${index}`);
}

/** A live drill goes there and back by itself, once its window has begun. */
const DRILLS = { calendar: [{ level: 'live', cron: '3 10 * * *', window: '2h' }] };

/** A plan that stops the machines of the side that is left, one a step, and the world that has them on both sides. */
export function machines(
  fleet: Fleet,
  { isDrilled = false } = {},
): { readonly scenario: Scenario; readonly plans: PlanSource } {
  const text = JSON.stringify({ ...plan(fleet), ...(isDrilled ? { drills: DRILLS } : {}) });
  return {
    scenario: scenario(fleet),
    plans: { list: async () => [{ file: `${MACHINES_PLAN}.yaml`, text }] },
  };
}

function scenario(fleet: Fleet): Scenario {
  const cafe = webSphereCafe();
  const sites = Object.keys(SITES) as Site[];
  return {
    ...cafe,
    groups: [...cafe.groups, ...sites.map(groupId)],
    machines: [
      ...cafe.machines,
      ...sites.flatMap((site) =>
        namesOf(fleet).map((name) => ({
          id: machineId(site, name),
          location: SITES[site],
          interfaceIds: [],
        })),
      ),
    ],
  };
}

function plan(fleet: Fleet): object {
  const names = namesOf(fleet);
  const side = (site: Site): object => ({
    region: SITES[site],
    standby: 'warm',
    resources: Object.fromEntries(names.map((name) => [name, machineId(site, name)])),
  });
  return {
    version: 1,
    name: MACHINES_PLAN,
    home: 'east',
    publicUrl: 'http://websphere-cafe.trafficmanager.net/websphere-cafe/',
    sites: { east: side('east'), west: side('west') },
    objectives: { rto: '4h', rpo: '0s' },
    detection: { interval: '10s', tolerated: 3, timeout: '5s' },
    dnsTtl: '10s',
    stages: Array.from({ length: fleet.stages }, (_, stage) => ({
      name: `stage ${stage + 1}`,
      steps: names.slice(stage * fleet.together, (stage + 1) * fleet.together).map((name) => ({
        id: `stop-${name}`,
        uses: 'vm/stop',
        with: { machines: [`\${from.${name}}`] },
      })),
    })),
  };
}

function groupId(site: Site): string {
  const { subscription } = webSphereCafe();
  return `/subscriptions/${subscription}/resourceGroups/${groupOf(site)}`;
}

function machineId(site: Site, name: string): string {
  return `${groupId(site)}/providers/Microsoft.Compute/virtualMachines/${name}`;
}
