import { describe, expect, it } from 'vitest';
import {
  canonicalId,
  isWithin,
  parseResourceId,
  resourceName,
  sameResource,
} from '../../../src/core/resource-id.ts';

const GROUP = '/subscriptions/11111111/resourceGroups/cafe-data';
const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/sql-east`;

describe('a resource id', () => {
  it('is taken apart down to the innermost resource', () => {
    expect(parseResourceId(`${SERVER}/failoverGroups/fg`)).toEqual({
      subscription: '11111111',
      resourceGroup: 'cafe-data',
      provider: 'Microsoft.Sql',
      path: [
        ['servers', 'sql-east'],
        ['failoverGroups', 'fg'],
      ],
    });
  });

  it('is known in whatever case a service gives it, and keeps its names as they came', () => {
    const shouted = SERVER.replace('subscriptions', 'SUBSCRIPTIONS')
      .replace('resourceGroups', 'resourcegroups')
      .replace('providers', 'Providers');
    expect(parseResourceId(shouted)).toEqual(parseResourceId(SERVER));
    expect(parseResourceId(SERVER.replace('sql-east', 'SQL-East'))?.path).toEqual([
      ['servers', 'SQL-East'],
    ]);
  });

  it.each([
    [''],
    ['sql-east'],
    ['/subscriptions/11111111'],
    [GROUP],
    [`${GROUP}/providers/Microsoft.Sql`],
    [`${GROUP}/providers/Microsoft.Sql/servers`],
    [`${SERVER}/databases`],
    [`${SERVER}/`],
    [`${SERVER}//databases/cafe`],
    [SERVER.slice(1)],
    [`https://management.azure.com${SERVER}`],
    ['/subscriptions//resourceGroups/g/providers/p/t/n'],
  ])('is not %j', (text) => {
    expect(parseResourceId(text)).toBeNull();
  });

  it.each([
    [SERVER, SERVER.toUpperCase(), true],
    [SERVER, `${SERVER}/`, true],
    [SERVER, `${SERVER}2`, false],
    [SERVER, `${SERVER}/databases/cafe`, false],
  ])('%s and %s are the same: %s', (left, right, same) => {
    expect(sameResource(left, right)).toBe(same);
    expect(canonicalId(left) === canonicalId(right)).toBe(same);
  });

  it.each([
    [SERVER, SERVER, true],
    [`${SERVER}/databases/cafe`, SERVER.toUpperCase(), true],
    [`${SERVER}/databases/cafe`, '/', true],
    [`${SERVER}2`, SERVER, false],
    [`${SERVER}-2/databases/cafe`, `${SERVER}/`, false],
    [SERVER, `${SERVER}/databases/cafe`, false],
  ])('%s within %s: %s', (id, scope, within) => {
    expect(isWithin(id, scope)).toBe(within);
  });

  it.each([
    [SERVER, 'sql-east'],
    [`${SERVER}/databases/Café`, 'Café'],
    [`${SERVER}/`, 'sql-east'],
    ['sql-east', 'sql-east'],
  ])('%s is called %s', (id, name) => {
    expect(resourceName(id)).toBe(name);
  });
});
