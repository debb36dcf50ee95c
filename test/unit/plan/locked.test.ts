import { expect, test } from 'vitest';
import { lockedResources } from '../../../src/plan/locked.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import { edit, planOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

const provider = '/subscriptions/s/resourcegroups/g/providers';

test('everything that steps change in either direction and everything that sites name is locked, once and in lower case', () => {
  expect(lockedResources(planOf(smallPlanText), smallKinds)).toEqual(
    [
      `${provider}/microsoft.compute/virtualmachines/vm-east`,
      `${provider}/microsoft.compute/virtualmachines/vm-west`,
      `${provider}/microsoft.network/publicipaddresses/east`,
      `${provider}/microsoft.network/publicipaddresses/west`,
      `${provider}/microsoft.network/trafficmanagerprofiles/small`,
      `${provider}/microsoft.sql/servers/sql-east`,
      `${provider}/microsoft.sql/servers/sql-east/databases/d`,
      `${provider}/microsoft.sql/servers/sql-east/failovergroups/fg`,
      `${provider}/microsoft.sql/servers/sql-west`,
      `${provider}/microsoft.sql/servers/sql-west/databases/d`,
      `${provider}/microsoft.sql/servers/sql-west/failovergroups/fg`,
    ].toSorted(),
  );
});

test('a resource group is no resource: plans that share one do not meet', () => {
  const grouped = edit(smallPlanText, [
    'weight: 3',
    'weight: 3\n      group: /subscriptions/s/resourceGroups/g',
  ]);
  expect(lockedResources(planOf(grouped), smallKinds)).toEqual(
    lockedResources(planOf(smallPlanText), smallKinds),
  );
});
