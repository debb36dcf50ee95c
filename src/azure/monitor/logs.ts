import { AzureError } from '../errors.ts';
import type { Read } from '../read.ts';
import type { Logs } from '../signals.ts';
import type { MonitorSdk } from './sdk.ts';

export interface LogsOptions {
  readonly sdk: MonitorSdk;
  readonly endpoint: string | null;
  readonly read: Read;
}

/** Log Analytics. A query is a POST that changes nothing, so it is repeated like every read. */
export function createLogs({ sdk, endpoint, read }: LogsOptions): Logs {
  return {
    async query(query) {
      const operation = `Query logs of ${query.workspaceId}`;
      if (endpoint === null) {
        throw new AzureError({
          effect: 'refused',
          code: 'LogsEndpointUnknown',
          message:
            'the address of Log Analytics is not known in this cloud. Set AZURE_LOGS_ENDPOINT.',
          operation,
        });
      }
      return read(operation, () => sdk.logs(endpoint, query));
    },
  };
}
