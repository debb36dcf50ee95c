import type { Machine, Machines } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import { reading } from '../../steps/reading.ts';
import type { Reading } from '../../steps/reading.ts';
import type { Sighting } from '../fence.ts';

/**
 * Resource Manager's view of the machines: all off is proof; a region that it cannot read looks dead. A machine that
 * is not there proves nothing: its id may be wrong.
 */
export async function lookAtMachines(
  machines: Machines,
  ids: readonly string[],
): Promise<Sighting & { readonly answered: boolean }> {
  const looks = await Promise.all(
    ids.map(async (id) => ({
      name: resourceName(id),
      seen: await reading(() => machines.get(id)),
    })),
  );
  const on = looks.filter(({ seen }) => !isOff(seen));
  return {
    observer: 'Azure Resource Manager',
    domain: 'resource-manager',
    sees: looks.map(({ name, seen }) => `${name} ${words(seen)}`).join(', '),
    as:
      on.length === 0
        ? 'stopped'
        : on.every(({ seen }) => isUnreachable(seen))
          ? 'down'
          : 'unclear',
    answered: looks.some(({ seen }) => 'read' in seen || seen.trouble.status !== null),
  };
}

function isOff(seen: Reading<Machine | null>): boolean {
  return 'read' in seen && (seen.read?.power === 'deallocated' || seen.read?.power === 'stopped');
}

/** A refusal (missing rights) or throttling says nothing about the region. */
function isUnreachable(seen: Reading<Machine | null>): boolean {
  return 'trouble' in seen && seen.trouble.effect === 'lost';
}

function words(seen: Reading<Machine | null>): string {
  if ('trouble' in seen) return `unreadable (${seen.trouble.code})`;
  return seen.read === null ? 'not there' : seen.read.power;
}
