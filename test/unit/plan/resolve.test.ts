import { describe, expect, test } from 'vitest';
import { resolveFencing } from '../../../src/plan/fencing.ts';
import { lagSources } from '../../../src/plan/lag.ts';
import { resolveSteps } from '../../../src/plan/resolve.ts';
import { edit, ownFailback, planOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

const plan = planOf(smallPlanText);
const away = { from: 'east', to: 'west', mode: 'planned', executionId: 'X-1' } as const;

function stepOf(id: string, run: Parameters<typeof resolveSteps>[1]): unknown {
  return resolveSteps(plan, run)
    .flatMap(({ steps }) => steps)
    .find((step) => step.id === id)?.with;
}

describe('a step of an execution', () => {
  test('gets the resources of the sites that are left and entered', () => {
    expect(stepOf('database', away)).toEqual({
      group: 'fg',
      from: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-east',
      to: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west',
    });
    expect(stepOf('traffic', { ...away, from: 'west', to: 'east' })).toMatchObject({
      from: 'westEndpoint',
      to: 'eastEndpoint',
    });
  });

  test('gets a list as a list and a number as a number where a template stands alone, text elsewhere', () => {
    expect(stepOf('stop', { ...away, mode: 'unplanned' })).toEqual({
      machines: [
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/Vm-East',
      ],
    });
    expect(stepOf('application', away)).toMatchObject({
      requests: [{ body: { name: 'made by X-1 at 5', weight: 5 } }, {}],
    });
  });

  test('keeps what a request captures open', () => {
    expect(stepOf('application', away)).toMatchObject({
      requests: [{}, { url: 'http://west.example/items/${captured.id}' }],
    });
  });
});

describe('the stages of an execution', () => {
  const ids = (run: Parameters<typeof resolveSteps>[1], of = plan): string[][] =>
    resolveSteps(of, run).map(({ steps }) => steps.map(({ id }) => id));

  test.each([
    { mode: 'planned', first: [] },
    { mode: 'unplanned', first: ['stop'] },
    { mode: 'any', first: ['stop'] },
  ] as const)('keep their numbers when $mode', ({ mode, first }) => {
    expect(ids({ ...away, mode })).toEqual([
      first,
      ['database'],
      ['address'],
      ['application'],
      ['traffic'],
    ]);
  });

  test("are the failback's own on the way home only", () => {
    const own = planOf(smallPlanText + ownFailback);
    expect(ids({ ...away, from: 'west', to: 'east' }, own)).toEqual([['wait']]);
    expect(ids(away, own)).toHaveLength(5);
  });

  test('of a snapshot that does not fit its sites are refused with the step and the reason', () => {
    const broken = {
      ...plan,
      sites: { ...plan.sites, west: { ...plan.sites.west!, resources: {} } },
    };
    expect(() => resolveSteps(broken, away)).toThrow(
      'Step database of plan small cannot be run from east to west: with.to: unknown name "server" in ${to.server}: to has no such name. Validate the plan.',
    );
  });
});

describe('fencing', () => {
  test('looks at the side that is left', () => {
    expect(resolveFencing(plan, { from: 'west', to: 'east' })).toEqual({
      presumed: 'ask',
      machines: [
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm-west',
      ],
      probeUrl: 'http://west.example/',
    });
  });

  test('takes one machine for a list of one', () => {
    const one = planOf(edit(smallPlanText, ['  machines: ${from.machines}\n', '  machines: vm\n']));
    expect(resolveFencing(one, away).machines).toEqual(['vm']);
  });
});

test("lag is read of the serving site's database", () => {
  expect(lagSources(plan, 'west')).toEqual([
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/sql-west/databases/d',
  ]);
});
