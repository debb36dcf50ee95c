import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';

/**
 * The app's managed identity. Where it is asked for (App Service, a virtual machine) the SDK reads from the platform's
 * own environment variables. Loaded on first use; the SDK's repeats are off, because `http` repeats on our clock.
 * The SDK keeps the first transport that it is given for the whole process (a static of MSAL's ManagedIdentityClient).
 */
export function managedIdentity(http: HttpClient, clientId: string | undefined): TokenCredential {
  let loaded: Promise<TokenCredential> | undefined;
  return {
    getToken: async (scopes, options) => {
      loaded ??= load(http, clientId);
      return (await loaded).getToken(scopes, options);
    },
  };
}

async function load(
  httpClient: HttpClient,
  clientId: string | undefined,
): Promise<TokenCredential> {
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  return new ManagedIdentityCredential(clientId === undefined ? options : { ...options, clientId });
}
