import type { Settings } from '../settings.ts';
import type { AzureAccess } from './access.ts';
import { createAzureAccess } from './create.ts';
import type { AzureOptions } from './create.ts';

/** Whose rights are used: of what looks and rehearses, of planned executions, or of those that may lose data. */
export type Identity = 'watch' | 'failover' | 'forced';

export type AzureAs = (identity: Identity) => AzureAccess;

export interface IdentityOptions extends Omit<AzureOptions, 'settings'> {
  readonly settings: AzureOptions['settings'] &
    Pick<Settings, 'SWITCHOVER_FAILOVER_CLIENT_ID' | 'SWITCHOVER_FORCED_CLIENT_ID'>;
}

/** Azure counts requests for each identity, so each has a budget of its own; names of one identity share theirs. */
export function createAzureIdentities(options: IdentityOptions): AzureAs {
  const { settings } = options;
  const watch = settings.AZURE_CLIENT_ID;
  const failover = settings.SWITCHOVER_FAILOVER_CLIENT_ID ?? watch;
  const clientIds = { watch, failover, forced: settings.SWITCHOVER_FORCED_CLIENT_ID ?? failover };
  const made = new Map<string | undefined, AzureAccess>();
  return (identity) => {
    const clientId = clientIds[identity];
    const known = made.get(clientId);
    if (known !== undefined) return known;
    const access = createAzureAccess({
      ...options,
      settings: { ...settings, AZURE_CLIENT_ID: clientId },
    });
    made.set(clientId, access);
    return access;
  };
}
