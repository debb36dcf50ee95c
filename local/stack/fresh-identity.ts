import { ManagedIdentityApplication } from '@azure/msal-node';

/**
 * An instance of the app begins without tokens, as a process does. MSAL keeps them in statics, and with them the first
 * transport that it was ever given: without this an app that is started again in one process would ask for tokens
 * through the network of an instance that is dead, or not at all, and a run would depend on what ran before it.
 */
export function forgetIdentity(): void {
  const { managedIdentityClient } = new ManagedIdentityApplication() as unknown as Readonly<
    Record<string, object>
  >;
  Object.assign(ManagedIdentityApplication, { nodeStorage: undefined });
  Object.assign(managedIdentityClient?.constructor ?? {}, {
    identitySource: undefined,
    sourceName: undefined,
  });
}
