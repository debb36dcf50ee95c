import { describe, expect, it } from 'vitest';
import { locksOn } from '../../../src/azure/management-locks.ts';
import { permits } from '../../../src/azure/rights.ts';
import {
  EAST,
  FAILOVER_GROUP,
  MACHINE,
  onSimulator,
  PROFILE,
  SQL_WEST,
  SUBSCRIPTION,
  SUBSCRIPTION_ID,
  WEST,
} from './bench.ts';

const never = new AbortController().signal;
const START_ACTION = 'Microsoft.Compute/virtualMachines/start/action';

describe('rights', () => {
  it(
    'show what would be denied, there and below',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.deny({ action: 'Microsoft.Compute/*', scope: EAST });
      const may = async (scope: string): Promise<boolean> =>
        permits(await azure.rights.at(scope), START_ACTION);
      expect(await may(MACHINE)).toBe(false);
      expect(await may(EAST)).toBe(false);
      expect(await may(WEST)).toBe(true);
      expect(permits(await azure.rights.at(MACHINE), 'Microsoft.Sql/servers/read')).toBe(true);
      await expect(azure.machines.start(MACHINE, never)).rejects.toMatchObject({ status: 403 });
      simulator.control.grantAll();
      expect(await may(MACHINE)).toBe(true);
    }),
  );
});

describe('a management lock', () => {
  it(
    'that is read-only refuses changes for good, and is seen from above',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.lock({ name: 'frozen', level: 'ReadOnly', scope: EAST, notes: 'Audit.' });
      for (const scope of [SUBSCRIPTION, EAST]) {
        const locks = await azure.managementLocks.at(scope);
        expect(locks).toEqual([
          { name: 'frozen', level: 'ReadOnly', scope: EAST, notes: 'Audit.' },
        ]);
        expect(locksOn(locks, MACHINE)).toHaveLength(1);
        expect(locksOn(locks, SQL_WEST)).toHaveLength(0);
      }
      await expect(azure.machines.deallocate(MACHINE, never)).rejects.toMatchObject({
        effect: 'refused',
        transient: false,
        code: 'ScopeLocked',
      });
      await azure.sql.failover(SQL_WEST, FAILOVER_GROUP, never);
      simulator.control.unlockAll();
      await azure.machines.deallocate(MACHINE, never);
    }),
  );

  it(
    'against deletion lets changes through',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.lock({ name: 'kept', level: 'CanNotDelete', scope: SUBSCRIPTION });
      await azure.machines.deallocate(MACHINE, never);
      expect(simulator.journal.mutations()).toHaveLength(1);
    }),
  );
});

describe('quotas', () => {
  it(
    'of the region where nothing runs yet, and of the one where all does',
    onSimulator(async ({ azure, simulator }) => {
      simulator.control.quota({ region: 'westus', name: 'cores', limit: 4 });
      const cores = async (region: string): Promise<unknown> =>
        (await azure.quotas.compute(SUBSCRIPTION_ID, region)).find(({ name }) => name === 'cores');
      expect(await cores('westus')).toMatchObject({ used: 0, limit: 4 });
      expect(await cores('eastus')).toMatchObject({ used: 10, limit: 100 });
      expect(await azure.quotas.network(SUBSCRIPTION_ID, 'westus')).toContainEqual({
        name: 'StandardSkuPublicIpAddresses',
        label: 'Public IP Addresses - Standard',
        used: 2,
        limit: 1000,
      });
    }),
  );

  it(
    "know a machine's size by its name",
    onSimulator(async ({ azure }) => {
      const machine = await azure.machines.get(MACHINE);
      const sizes = await azure.quotas.sizes(SUBSCRIPTION_ID, 'westus');
      expect(sizes).toEqual([
        { name: machine?.size, family: 'standardDSv3Family', cores: 2, restrictions: [] },
      ]);
    }),
  );
});

describe('profiles in one list', () => {
  it.each([
    ['a subscription', SUBSCRIPTION],
    ['a resource group', PROFILE.split('/providers/')[0] ?? ''],
  ])('of %s, with what their endpoints are', (_name, scope) =>
    onSimulator(async ({ azure }) => {
      expect(await azure.traffic.profiles(scope)).toMatchObject([
        {
          id: PROFILE,
          monitor: '',
          endpoints: [{ monitor: 'Online' }, { monitor: 'Disabled' }],
        },
      ]);
    })(),
  );

  it(
    'leave out what is elsewhere',
    onSimulator(async ({ azure }) => {
      expect(await azure.traffic.profiles(EAST)).toEqual([]);
    }),
  );
});
