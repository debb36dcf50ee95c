import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bindByName, stepKind, stepKinds } from '../../../src/steps/registry.ts';

const direction = { mode: 'planned', from: 'east', to: 'west' } as const;

describe('the registry of step kinds', () => {
  it('names every kind once', () => {
    const names = stepKinds.map(({ uses }) => uses);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(names.toSorted());
  });

  it.each(stepKinds.map((kind) => [kind.uses, kind] as const))(
    'describes the settings of %s as JSON schema',
    (_uses, kind) => {
      const schema = z.toJSONSchema(kind.settings, { io: 'input' });
      expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    },
  );

  it.each(stepKinds.map((kind) => [kind.uses, kind] as const))(
    '%s refuses settings that it does not know',
    (_uses, kind) => {
      expect(kind.settings.safeParse({ unknown: 1 }).success).toBe(false);
      expect(() => kind.describe({ unknown: 1 }, direction)).toThrow();
    },
  );

  it('gives no kind for an unknown name', () => {
    expect(stepKind('sql/failover')).toBeNull();
    expect(() => bindByName('sql/failover', {})).toThrow('sql/failover');
  });

  it('binds raw settings with their defaults filled in', () => {
    const profile =
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/trafficManagerProfiles/p';
    const bound = bindByName('traffic-manager/switch', {
      profile,
      control: 'switchover',
      from: 'a',
      to: 'b',
    });
    expect(bound).toMatchObject({
      closesApplication: false,
      makesWritable: false,
      resources: [profile],
    });
    expect(bound.describe(direction)).toBe('Point p at b once it is ready, then disable a.');
    expect(bound.motion('undo')).not.toBeNull();
    expect(bindByName('control/wait', { for: '5s' }).motion('undo')).toBeNull();
  });

  it('asks for no rights without an action and a scope', () => {
    const server = (name: string): string =>
      `/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/${name}`;
    const { permissions } = bindByName('sql/failover-group', {
      group: 'fg',
      from: server('a'),
      to: server('b'),
    });
    expect(permissions).toContainEqual({
      action: 'Microsoft.Sql/servers/failoverGroups/failover/action',
      scope: server('b'),
    });
    expect(permissions).toContainEqual({
      action: 'Microsoft.Sql/locations/failoverGroupAzureAsyncOperation/read',
      scope: '/subscriptions/s',
    });
  });
});
