import type { TokenCredential } from '@azure/core-auth';

/** Where a store lives: an endpoint opened with the app's identity, or a connection string with a key (Azurite). */
export type StorageAccount =
  { readonly url: string; readonly credential: TokenCredential } | { readonly connection: string };

/** A setting holds either form; an endpoint is an address, a connection string is not. */
export function storageAccount(setting: string, credential: TokenCredential): StorageAccount {
  return /^https?:\/\//i.test(setting) ? { url: setting, credential } : { connection: setting };
}
