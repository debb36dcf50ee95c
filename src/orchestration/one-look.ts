import type { AzureAccess } from '../azure/access.ts';
import { askedOnce } from '../azure/asked-once.ts';
import type { Deps } from './deps.ts';

/** For one look at something, by however many steps and checks: Azure is asked for each thing once. */
export function inOneLook<D extends Pick<Deps, 'azure' | 'azureAs' | 'clock'>>(deps: D): D {
  const known = new Map<AzureAccess, AzureAccess>();
  const once = (azure: AzureAccess): AzureAccess => {
    const before = known.get(azure);
    if (before !== undefined) return before;
    const made = askedOnce(azure, deps.clock);
    known.set(azure, made);
    return made;
  };
  return { ...deps, azure: once(deps.azure), azureAs: (identity) => once(deps.azureAs(identity)) };
}
