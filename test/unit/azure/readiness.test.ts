import { describe, expect, it } from 'vitest';
import { locksOn } from '../../../src/azure/management-locks.ts';
import { permits } from '../../../src/azure/rights.ts';
import { GROUP, MACHINE, onScript, SUBSCRIPTION } from './script.ts';

const START_ACTION = 'Microsoft.Compute/virtualMachines/start/action';

describe('rights at a scope', () => {
  it('are read role by role', () =>
    onScript(
      [
        {
          status: 200,
          body: {
            value: [
              { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'], dataActions: [] },
              { actions: ['Microsoft.Sql/servers/read'] },
            ],
          },
        },
      ],
      async ({ azure, sent }) => {
        expect(await azure.rights.at(MACHINE)).toEqual([
          { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'] },
          { actions: ['Microsoft.Sql/servers/read'], notActions: [] },
        ]);
        expect(new URL(sent[0]!.url).pathname).toBe(
          `${MACHINE}/providers/Microsoft.Authorization/permissions`,
        );
      },
    )());

  const grants: readonly [string, Parameters<typeof permits>[0], boolean][] = [
    ['nothing', [], false],
    ['everything', [{ actions: ['*'], notActions: [] }], true],
    [
      'the action, in another case',
      [{ actions: [START_ACTION.toUpperCase()], notActions: [] }],
      true,
    ],
    ['a family', [{ actions: ['Microsoft.Compute/*/action'], notActions: [] }], true],
    ['another family', [{ actions: ['Microsoft.Compute/*/read'], notActions: [] }], false],
    ['all but this', [{ actions: ['*'], notActions: ['Microsoft.Compute/*'] }], false],
    [
      'by a second role what the first takes away',
      [
        { actions: ['*'], notActions: ['Microsoft.Compute/*'] },
        { actions: [START_ACTION], notActions: [] },
      ],
      true,
    ],
    ['what only looks alike', [{ actions: ['Microsoft.Compute.*'], notActions: [] }], false],
  ];
  it.each(grants)('that give %s', (_name, given, permitted) => {
    expect(permits(given, START_ACTION)).toBe(permitted);
  });
});

describe('management locks', () => {
  const set = (scope: string, name: string, level: string, notes?: string): unknown => ({
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: 'Microsoft.Authorization/locks',
    properties: { level, ...(notes !== undefined && { notes }) },
  });

  it('are read with the scope at which they were set, and hold there and below', () =>
    onScript(
      [
        {
          status: 200,
          body: {
            value: [
              set(SUBSCRIPTION, 'all', 'CanNotDelete'),
              set(GROUP.toUpperCase(), 'frozen', 'ReadOnly', 'Year end.'),
              set(`${MACHINE}2`, 'other', 'ReadOnly'),
            ],
          },
        },
      ],
      async ({ azure }) => {
        const locks = await azure.managementLocks.at(SUBSCRIPTION);
        expect(locks).toHaveLength(3);
        expect(locksOn(locks, MACHINE)).toEqual([
          { name: 'all', level: 'CanNotDelete', scope: SUBSCRIPTION, notes: '' },
          { name: 'frozen', level: 'ReadOnly', scope: GROUP.toUpperCase(), notes: 'Year end.' },
        ]);
      },
    )());
});

describe('quotas of a region', () => {
  const usage = (value: string, label: string, currentValue: number, limit: number): unknown => ({
    unit: 'Count',
    currentValue,
    limit,
    name: { value, localizedValue: label },
  });

  it('of vCPUs and of addresses', () =>
    onScript(
      [
        { status: 200, body: { value: [usage('cores', 'Total Regional vCPUs', 10, 20)] } },
        { status: 200, body: { value: [usage('PublicIPAddresses', 'Public IPs', 2, 1000)] } },
      ],
      async ({ azure }) => {
        expect(await azure.quotas.compute('s', 'westus')).toEqual([
          { name: 'cores', label: 'Total Regional vCPUs', used: 10, limit: 20 },
        ]);
        expect(await azure.quotas.network('s', 'westus')).toEqual([
          { name: 'PublicIPAddresses', label: 'Public IPs', used: 2, limit: 1000 },
        ]);
      },
    )());

  it('and the sizes of machines, with what keeps them from this subscription', () =>
    onScript(
      [
        {
          status: 200,
          body: {
            value: [
              {
                resourceType: 'virtualMachines',
                name: 'Standard_D2s_v3',
                family: 'standardDSv3Family',
                capabilities: [{ name: 'vCPUs', value: '2' }],
                restrictions: [
                  { type: 'Zone', reasonCode: 'NotAvailableForSubscription' },
                  { type: 'Location', reasonCode: 'QuotaId' },
                ],
              },
              { resourceType: 'disks', name: 'Premium_LRS' },
            ],
          },
        },
      ],
      async ({ azure, sent }) => {
        expect(await azure.quotas.sizes('s', 'westus')).toEqual([
          {
            name: 'Standard_D2s_v3',
            family: 'standardDSv3Family',
            cores: 2,
            restrictions: ['QuotaId'],
          },
        ]);
        expect(new URL(sent[0]!.url).searchParams.get('$filter')).toBe("location eq 'westus'");
      },
    )());
});

describe('profiles', () => {
  it.each([
    ['a subscription', SUBSCRIPTION],
    ['a resource group', GROUP],
  ])('of %s are listed in one call', (_name, scope) =>
    onScript(
      [
        {
          status: 200,
          body: {
            value: [
              {
                id: `${GROUP}/providers/Microsoft.Network/trafficManagerProfiles/cafe`,
                name: 'cafe',
                properties: {
                  monitorConfig: { profileMonitorStatus: null },
                  endpoints: [
                    {
                      name: 'east',
                      type: 'Microsoft.Network/trafficManagerProfiles/azureEndpoints',
                      properties: { endpointStatus: 'Enabled', endpointMonitorStatus: 'Degraded' },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
      async ({ azure, sent }) => {
        const profiles = await azure.traffic.profiles(scope);
        expect(profiles).toMatchObject([
          { name: 'cafe', monitor: '', endpoints: [{ name: 'east', monitor: 'Degraded' }] },
        ]);
        expect(new URL(sent[0]!.url).pathname.toLowerCase()).toBe(
          `${scope}/providers/Microsoft.Network/trafficmanagerprofiles`.toLowerCase(),
        );
      },
    )(),
  );
});
