import type { MachineSize, Usage } from '../../azure/access.ts';
import { warning } from '../../core/finding.ts';
import type { Finding } from '../../core/finding.ts';
import type { NewMachine } from '../../steps/contract.ts';
import { inTime } from '../checks.ts';
import type { Deps } from '../deps.ts';

/** Whether the region that is entered has room for the machines that would run there. Azure promises none. */
export async function checkQuotas(
  deps: Deps,
  machines: readonly NewMachine[],
): Promise<readonly Finding[]> {
  const places = new Map<string, NewMachine[]>();
  for (const machine of machines) {
    const place = `/subscriptions/${machine.subscription}/providers/Microsoft.Compute/locations/${machine.region}`;
    places.set(place, [...(places.get(place) ?? []), machine]);
  }
  const findings = await Promise.all(
    [...places].map(([place, wanted]) => ofPlace(deps, place, wanted)),
  );
  return findings.flat();
}

async function ofPlace(
  deps: Deps,
  resource: string,
  wanted: readonly NewMachine[],
): Promise<readonly Finding[]> {
  const [{ subscription, region } = { subscription: '', region: '' }] = wanted;
  const { quotas } = deps.azure;
  const looked = await inTime(deps, () =>
    Promise.all([quotas.compute(subscription, region), quotas.sizes(subscription, region)]),
  );
  if ('trouble' in looked) {
    const problem = `the quotas of ${region} could not be read: ${looked.trouble}`;
    return [warning(resource, problem, "Grant the app's identity Reader on the subscription.")];
  }
  const [usages, sizes] = looked.read;
  return [
    ...ofSizes(resource, wanted, sizes),
    ...ofUsages(resource, demandOf(wanted, sizes), usages),
  ];
}

function sizeOf({ size }: NewMachine, sizes: readonly MachineSize[]): MachineSize | undefined {
  return sizes.find(({ name }) => name.toLowerCase() === size?.toLowerCase());
}

function ofSizes(
  resource: string,
  wanted: readonly NewMachine[],
  sizes: readonly MachineSize[],
): readonly Finding[] {
  const names = new Set(wanted.map(({ size }) => size));
  return [...names].flatMap((name): readonly Finding[] => {
    if (name === null)
      return [warning(resource, 'the size of a machine is not known', 'Look at its replication.')];
    const size = sizes.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const why = size === undefined ? 'the region does not have it' : size.restrictions.join(', ');
    if (why === '') return [];
    const remedy = 'Replicate the machines to another size, or ask Azure for access to this one.';
    return [
      {
        severity: 'critical',
        resource,
        problem: `no machine of size ${name} can be made: ${why}`,
        remedy,
      },
    ];
  });
}

/** Cores by the name of the usage that they count against: the size's family, and all of them together. */
function demandOf(
  wanted: readonly NewMachine[],
  sizes: readonly MachineSize[],
): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  for (const size of wanted.flatMap((machine) => sizeOf(machine, sizes) ?? []))
    for (const usage of [size.family, 'cores'])
      demand.set(usage, (demand.get(usage) ?? 0) + size.cores);
  return demand;
}

function ofUsages(
  resource: string,
  demand: ReadonlyMap<string, number>,
  usages: readonly Usage[],
): readonly Finding[] {
  return usages.flatMap(({ name, label, used, limit }): readonly Finding[] => {
    const needed = entryOf(demand, name);
    if (needed === 0 || used + needed <= limit) return [];
    const problem = `${needed} more of "${label}" are needed, but only ${Math.max(0, limit - used)} of ${limit} are left`;
    return [{ severity: 'critical', resource, problem, remedy: 'Ask Azure to raise the quota.' }];
  });
}

function entryOf(demand: ReadonlyMap<string, number>, name: string): number {
  return [...demand].find(([usage]) => usage.toLowerCase() === name.toLowerCase())?.[1] ?? 0;
}
