import { beforeEach, describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src/azure/access.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import type { Fencing } from '../../../src/core/execution.ts';
import { lookAtSite } from '../../../src/health/observers/site.ts';
import { lookAtOldSide } from '../../../src/health/old-side.ts';
import { createFakeAzure, noAnswer, refusal } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { pages, stillClock } from '../../fakes/step.ts';
import type { Page } from '../../fakes/step.ts';

const machine = (name: string): string =>
  `/subscriptions/s/resourceGroups/east/providers/Microsoft.Compute/virtualMachines/${name}`;
const profile =
  '/subscriptions/s/resourceGroups/t/providers/Microsoft.Network/trafficManagerProfiles/cafe';
const server = '/subscriptions/s/resourceGroups/east/providers/Microsoft.Sql/servers/sql-east';

let azure: FakeAzure;
let site: Page;

beforeEach(() => {
  azure = createFakeAzure();
  site = { status: 200 };
  power('a', 'running');
  power('b', 'running');
  monitor('Online');
  role('Primary');
});

function power(name: string, state: PowerState): void {
  azure.machines.set(machine(name), {
    id: machine(name),
    name,
    location: 'eastus',
    size: null,
    power: state,
  });
}

function role(is: 'Primary' | 'Secondary'): void {
  azure.groups.set(server, {
    id: 'fg',
    server,
    location: 'eastus',
    role: is,
    replicationState: 'CATCH_UP',
    policy: 'Manual',
    graceMinutes: null,
    partners: [],
    databases: [],
  });
}

function monitor(state: string): void {
  const target = {
    type: 'AzureEndpoints',
    name: 'Old',
    enabled: state !== 'Disabled',
    monitor: state,
    target: 'x',
    targetResourceId: null,
    priority: 1,
  };
  const probe = {
    protocol: 'HTTP',
    port: 80,
    path: '/',
    intervalSeconds: 10,
    toleratedFailures: 3,
    timeoutSeconds: 5,
  };
  azure.profiles.set(profile, {
    id: profile,
    name: 'cafe',
    enabled: true,
    monitor: 'Online',
    fqdn: 'f',
    ttlSeconds: 10,
    routing: 'Priority',
    probe,
    endpoints: [target],
  });
}

async function state(sql = false): Promise<string> {
  return (await look(sql)).state;
}

function look(sql = false, earlier?: Fencing): Promise<Fencing> {
  return lookAtOldSide(
    { azure: azure.access, clock: stillClock(), http: pages(() => site) },
    {
      machines: [machine('a'), machine('b')],
      probeUrl: 'http://old/',
      trafficManager: { profile, endpoint: 'old' },
      ...(sql ? { sql: { server, group: 'fg' } } : {}),
    },
    earlier,
  );
}

const regionDead = (): void => void azure.unreachable.set('resourceGroups/east', noAnswer(503));

describe('the old side', () => {
  it.each<[string, () => void, string]>([
    ['serves', () => undefined, 'unknown'],
    [
      'has all machines off',
      () => {
        power('a', 'deallocated');
        power('b', 'stopped');
      },
      'fenced',
    ],
    ['has one machine off', () => power('a', 'deallocated'), 'unknown'],
    [
      'has a machine that does not exist',
      () => {
        power('a', 'deallocated');
        azure.machines.delete(machine('b'));
      },
      'unknown',
    ],
    [
      'is a dead region',
      () => {
        regionDead();
        monitor('Degraded');
        site = null;
      },
      'presumed',
    ],
    [
      'is a dead region whose endpoint we have closed',
      () => {
        regionDead();
        monitor('Disabled');
        site = null;
      },
      'presumed',
    ],
    [
      'cannot be read but still answers',
      () => {
        regionDead();
        monitor('Degraded');
      },
      'unknown',
    ],
    [
      'lost its application',
      () => {
        monitor('Degraded');
        site = { status: 503 };
      },
      'presumed',
    ],
    [
      'lost its application after we closed its endpoint',
      () => {
        monitor('Disabled');
        site = null;
      },
      'unknown',
    ],
    [
      'refuses us',
      () => {
        azure.unreachable.set('resourceGroups/east', refusal('AuthorizationFailed'));
        site = null;
      },
      'unknown',
    ],
    [
      'throttles us',
      () => {
        azure.unreachable.set(
          'resourceGroups/east',
          new AzureError({
            effect: 'throttled',
            code: 'T',
            message: '',
            operation: '',
            status: 429,
          }),
        );
        site = null;
      },
      'unknown',
    ],
    [
      'answers "not found"',
      () => {
        monitor('Degraded');
        regionDead();
        site = { status: 404 };
      },
      'unknown',
    ],
  ])('that %s is %s', async (_what, happen, expected) => {
    happen();
    // Resource Manager answers for the profile's region whatever happens to the old one.
    expect(await state()).toBe(expected);
  });

  it('is not presumed down when it is our own network that fails', async () => {
    azure.unreachable.set('subscriptions', noAnswer());
    site = null;
    expect(await state()).toBe('unknown');
  });

  it('counts an answer of Resource Manager, even a bad one, as our network working', async () => {
    azure.unreachable.set('resourceGroups/t', noAnswer());
    regionDead();
    site = null;
    expect(await state()).toBe('presumed');
  });

  it('is fenced when its database server says that it is secondary', async () => {
    role('Secondary');
    expect(await state(true)).toBe('fenced');
    role('Primary');
    expect(await state(true)).toBe('unknown');
  });

  it('is still presumed down by what Traffic Manager saw before its endpoint was disabled', async () => {
    monitor('Degraded');
    site = null;
    const before = await look();
    monitor('Disabled');
    const after = await look(false, before);
    expect(after).toMatchObject({
      state: 'presumed',
      observers: [
        {},
        { sees: `Old Degraded at ${before.at}, before it was disabled`, down: true },
        {},
      ],
    });
    expect((await look(false, after)).observers).toEqual(after.observers);
  });

  it('is not presumed down by an old sighting when Traffic Manager sees it again', async () => {
    monitor('Degraded');
    site = null;
    const before = await look();
    monitor('Online');
    expect((await look(false, before)).state).toBe('unknown');
  });

  it('still serves under a certificate that nobody vouches for', async () => {
    const http = pages(({ requestOverrides }) =>
      requestOverrides?.['rejectUnauthorized'] === false ? { status: 200 } : null,
    );
    const seen = await lookAtSite({ http, clock: stillClock() }, 'https://old/');
    expect(seen).toMatchObject({ as: 'serving', sees: 'status 200' });
  });
});
