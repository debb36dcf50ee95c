import { RestError, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRealClock } from '../../../local/clock/real.ts';
import type { AzureAccess } from '../../../src/azure/access.ts';
import { createAzureAccess } from '../../../src/azure/create.ts';
import { MACHINE } from './bench.ts';

const ENDPOINT = 'http://identity.example/token';
const real = createRealClock();
const never = new AbortController().signal;

/** Connections for tokens of these audiences that are refused before one is answered. */
const refusals = new Map([
  ['api://again', 2],
  ['api://never', Infinity],
]);
let asked: string[] = [];

// One transport for the file: the SDK keeps the first one, and where the identity is, for the whole process.
const http: HttpClient = {
  sendRequest: async (request) => {
    asked.push(request.url);
    const { headers, url } = request;
    if (!url.startsWith(ENDPOINT)) return { request, headers, status: 202, bodyAsText: '' };
    const resource = new URL(url).searchParams.get('resource') ?? '';
    const left = refusals.get(resource) ?? 0;
    refusals.set(resource, left - 1);
    if (left > 0) throw new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED', request });
    const expires_on = String(Math.floor(Date.now() / 1000) + 86_400);
    const token = { access_token: resource, expires_on, resource, token_type: 'Bearer' };
    return { request, headers, status: 200, bodyAsText: JSON.stringify(token) };
  },
};

beforeEach(() => {
  asked = [];
  vi.stubEnv('IDENTITY_ENDPOINT', ENDPOINT);
  vi.stubEnv('IDENTITY_HEADER', 'secret');
});
afterEach(() => void vi.unstubAllEnvs());

function access(scope: string): AzureAccess {
  return createAzureAccess({
    settings: {
      AZURE_RESOURCE_MANAGER: 'https://management.azure.com',
      AZURE_TOKEN_SCOPE: scope,
      AZURE_CLIENT_ID: '55555555-5555-5555-5555-555555555555',
    },
    http,
    clock: { now: () => real.now(), sleep: (ms, signal) => real.sleep(ms / 50, signal) },
    random: () => 0,
    log: () => undefined,
  });
}

describe('the managed identity', () => {
  it('is asked through the given transport, with its client id, and once for many calls', async () => {
    const azure = access('https://management.azure.com/.default');
    for (let call = 0; call < 3; call++) await azure.machines.start(MACHINE, never);
    const tokens = asked.filter((url) => url.startsWith(ENDPOINT));
    expect(tokens).toHaveLength(1);
    const query = new URL(tokens[0] ?? '').searchParams;
    expect(query.get('resource')).toBe('https://management.azure.com');
    expect(query.get('client_id')).toBe('55555555-5555-5555-5555-555555555555');
    expect(asked).toHaveLength(4);
  });

  it('is asked again when it does not answer at first', async () => {
    const azure = access('api://again/.default');
    expect(await azure.machines.start(MACHINE, never)).toMatchObject({ status: 202 });
    expect(asked).toHaveLength(4);
  });

  it('cannot be reached at all: the change was not sent', async () => {
    const azure = access('api://never/.default');
    await expect(azure.machines.start(MACHINE, never)).rejects.toMatchObject({
      effect: 'refused',
      transient: true,
      code: 'CredentialUnavailableError',
    });
    expect(asked.filter((url) => !url.startsWith(ENDPOINT))).toEqual([]);
  });
});
