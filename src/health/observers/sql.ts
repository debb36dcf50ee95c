import type { FailoverGroups } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import { reading } from '../../steps/reading.ts';
import type { Sighting } from '../fence.ts';

/** What the old database server says of itself: a secondary takes no writes. */
export async function lookAtDatabase(
  sql: FailoverGroups,
  at: { readonly server: string; readonly group: string },
): Promise<Sighting> {
  const seen = await reading(() => sql.get(at.server, at.group));
  const base = {
    observer: `SQL server ${resourceName(at.server)}`,
    domain: 'resource-manager',
  } as const;
  if ('trouble' in seen) {
    const unreachable = seen.trouble.effect === 'lost';
    return {
      ...base,
      sees: `nothing (${seen.trouble.code})`,
      as: unreachable ? 'down' : 'unclear',
    };
  }
  if (seen.read === null) return { ...base, sees: `no failover group ${at.group}`, as: 'unclear' };
  const readOnly = seen.read.role === 'Secondary';
  return { ...base, sees: `role ${seen.read.role}`, as: readOnly ? 'stopped' : 'unclear' };
}
