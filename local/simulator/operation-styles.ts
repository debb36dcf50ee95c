import type { Json } from '../../src/core/json.ts';
import type { LongRunning, OperationStyle } from './operations.ts';

/** SQL: no resourceGroups segment in the addresses, no end time, no Retry-After seen (the clients' rhythm is 10). */
export const sqlStyle: OperationStyle = {
  accepted: (operation) => {
    const root = `${operation.origin}/subscriptions/${operation.subscription}/providers/Microsoft.Sql/locations/${operation.region}`;
    return {
      status: 202,
      headers: {
        'Azure-AsyncOperation': `${root}/failoverGroupAzureAsyncOperation/${operation.id}?api-version=${operation.apiVersion}`,
        Location: `${root}/failoverGroupOperationResults/${operation.id}?api-version=${operation.apiVersion}`,
      },
      body: { operation: operation.name, startTime: new Date(operation.startedAt).toISOString() },
    };
  },
  poll: (operation) => ({
    name: operation.id,
    status: operation.state,
    startTime: new Date(operation.startedAt).toISOString(),
    ...errorOf(operation),
  }),
  retryAfter: () => 10,
};

/** Compute: Location is the same address with `&monitor=true`; times carry +00:00. */
export const computeStyle: OperationStyle = {
  accepted: (operation) => {
    const address = `${operation.origin}/subscriptions/${operation.subscription}/providers/Microsoft.Compute/locations/${operation.region}/operations/${operation.id}?p=${operation.id}&api-version=${operation.apiVersion}`;
    return {
      status: 202,
      headers: {
        'Azure-AsyncOperation': address,
        Location: `${address}&monitor=true`,
        'Azure-AsyncNotification': 'Enabled',
      },
    };
  },
  poll: (operation) => ({
    startTime: withOffset(operation.startedAt),
    ...(operation.endedAt !== null && { endTime: withOffset(operation.endedAt) }),
    status: operation.state,
    name: operation.id,
    ...errorOf(operation),
  }),
  retryAfter: (polls) => (polls <= 1 ? 10 : 35),
};

/** Network: the body is a status and, when it failed, an error. The changed resource itself is the service's to add. */
export const networkStyle: OperationStyle = {
  accepted: (operation) => ({
    status: 200,
    headers: {
      'Azure-AsyncOperation': `${operation.origin}/subscriptions/${operation.subscription}/providers/Microsoft.Network/locations/${operation.region}/operations/${operation.id}?api-version=${operation.apiVersion}`,
      'Azure-AsyncNotification': 'Enabled',
    },
  }),
  poll: (operation) => ({ status: operation.state, ...errorOf(operation) }),
  retryAfter: () => 10,
};

/**
 * Site Recovery: the operation's id is its job's, the addresses begin with a capital S, times have seven decimals and
 * the end is cut to whole seconds (so it can lie before the start).
 */
export const siteRecoveryStyle: OperationStyle = {
  accepted: (operation) => {
    const [, group, vault] =
      /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.RecoveryServices\/vaults\/([^/]+)/i.exec(
        operation.path,
      ) ?? [];
    const root = `/Subscriptions/${operation.subscription}/resourceGroups/${group ?? ''}/providers/Microsoft.RecoveryServices/vaults/${vault ?? ''}`;
    const capital = operation.path.replace(/^\/subscriptions/i, '/Subscriptions');
    const acted = operation.method === 'POST' ? capital.replace(/\/[^/]+$/, '') : capital;
    return {
      status: 202,
      headers: {
        'Azure-AsyncOperation': `${operation.origin}${root}/replicationOperationStatus/${operation.id}?api-version=${operation.apiVersion}`,
        Location: `${operation.origin}${acted}/operationresults/${operation.id}?api-version=${operation.apiVersion}`,
        'x-ms-request-id': `${root}/replicationJobs/${operation.id}`,
      },
    };
  },
  poll: (operation) => ({
    error:
      operation.error === null
        ? null
        : { code: operation.error.code, message: operation.error.message, details: null },
    id: null,
    name: operation.id,
    properties: null,
    status: operation.state,
    startTime: new Date(operation.startedAt).toISOString().replace('Z', '0000Z'),
    endTime:
      operation.endedAt === null
        ? null
        : new Date(operation.endedAt).toISOString().replace(/\.\d+Z$/, '.0000000Z'),
    percentComplete: null,
  }),
  retryAfter: () => 30,
  announces: 30,
};

function errorOf(operation: LongRunning): { readonly [key: string]: Json } {
  return operation.error === null
    ? {}
    : { error: { code: operation.error.code, message: operation.error.message } };
}

function withOffset(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('Z', '0000+00:00');
}
