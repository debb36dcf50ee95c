import { expect, test } from 'vitest';
import { sideOf } from '../../../src/plan/side.ts';

const group = '/subscriptions/s/resourceGroups/east-group';
const server = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Sql/servers';
const shared =
  '/subscriptions/s/resourceGroups/t/providers/Microsoft.Network/trafficManagerProfiles/p';
const site = (name: string, resources: object) => ({
  name,
  region: name,
  standby: 'cold' as const,
  resources: { ...resources, url: 'http://cafe.example/', shared },
});
const sites = {
  east: site('east', { group, nested: { servers: [`${server}/sql-east`] } }),
  west: site('west', { server: `${server}/sql-west` }),
};

test.each([
  ['of the side that is left', `${server}/SQL-EAST`, 'left'],
  ['of the side that is entered', `${server}/sql-west`, 'entered'],
  ['inside one of them', `${server}/sql-west/failoverGroups/fg`, 'entered'],
  ['in a resource group of one', `${group}/providers/Microsoft.Compute/virtualMachines/a`, 'left'],
  ['of both sides', shared, null],
  ['of neither side', `${server}/sql-west-2`, null],
  ['no resource at all', 'a-step', null],
])('a resource is %s', (_what, resource, side) => {
  expect(sideOf({ sites }, { from: 'east', to: 'west' }, resource)).toBe(side);
});
