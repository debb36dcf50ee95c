import { AzureError } from '../azure/errors.ts';

/** What a read told: the answer, or why there was none. A region that cannot be read is a fact, not a failure. */
export type Reading<T> = { readonly read: T } | { readonly trouble: AzureError };

export async function reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { read: await read() };
  } catch (error) {
    if (error instanceof AzureError) return { trouble: error };
    throw error;
  }
}
