import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { IDENTITIES } from '../../src/steps/roles.ts';
import { drill } from '../support/drills.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { prepare, start, untilStill } from '../support/failover.ts';
import { giveRoles, missingIn, usesOf } from '../support/roles.ts';
import type { Rights } from '../support/roles.ts';

/*
 * The plan is run in all ways with the roles that are made from it, and no others: nothing is missing, nothing is spare.
 * The stories of test/scenarios are played with them, too.
 */
const PLAN = 'websphere-cafe';

const STORIES: Readonly<Record<string, (stack: VirtualStack) => Promise<string>>> = {
  'a planned failover': (stack) => moved(stack, 'planned'),
  'an unplanned failover': (stack) => moved(stack, 'unplanned'),
  'a failover that is undone': async (stack) => {
    stack.simulator.control.fault({
      operation: 'cafe/post',
      resource: '',
      kind: 'respond',
      status: 500,
      code: 'Broken',
      times: 100_000,
    });
    return moved(stack, 'planned');
  },
  'a dry-run': async (stack) => {
    await prepare(stack, 'planned');
    return (await drill(stack, { plan: PLAN, level: 'dry-run' })).state;
  },
  'an unplanned dry-run': async (stack) => {
    await prepare(stack, 'planned');
    return (await drill(stack, { plan: PLAN, level: 'dry-run', mode: 'unplanned' })).state;
  },
  'an hour of the watch, and a check of readiness': async (stack) => {
    await prepare(stack, 'planned');
    await pass(stack, 3600);
    const { body } = await ask(stack, { path: `/api/plans/${PLAN}/readiness?fresh=true` });
    return body['plan'] === PLAN ? 'told' : JSON.stringify(body);
  },
  'a rehearsal': async (stack) => {
    await prepare(stack, 'planned');
    return (await drill(stack, { plan: PLAN, level: 'rehearsal' })).state;
  },
};

async function moved(stack: VirtualStack, mode: 'planned' | 'unplanned'): Promise<string> {
  await prepare(stack, mode);
  const { id } = await start(stack, { plan: PLAN, mode });
  return untilStill(stack, id);
}

let rights: Rights;
const used = { watch: new Set<string>(), failover: new Set<string>(), forced: new Set<string>() };
const missing = new Map<string, readonly string[]>();
const ended: Record<string, string> = {};

beforeAll(async () => {
  for (const [story, tell] of Object.entries(STORIES)) {
    await withStack({ identities: true, watched: story.includes('watch') }, async (stack) => {
      rights = await giveRoles(stack, PLAN);
      ended[story] = await tell(stack);
      missing.set(story, missingIn(stack, rights));
      for (const { identity, action } of usesOf(stack)) used[identity].add(action);
    });
  }
}, 300_000);
afterAll(() => missing.clear());

/** What the example's runs on the simulator do not use, and why a plan's identities have it all the same. */
const UNSEEN: readonly (readonly [RegExp, string])[] = [
  [
    /\/(locations\/operations|failoverGroupAzureAsyncOperation|replicationOperationStatus)\/read$/,
    'the simulator asks nothing at addresses that are polled',
  ],
  [/\/join\/action$/, 'Azure asks for it where an interface is written; the simulator does not'],
  [/virtualMachines\/instanceView\/read$/, 'read as a part of the machine'],
  [
    /trafficManagerProfiles\/(azure|external|nested)Endpoints\/(read|write)$/,
    'a plan does not say of which type the endpoint is; who only looks reads the whole profile',
  ],
  [
    /replicationProtectedItems(\/(recoveryPoints\/read|read|(unplannedFailover|failoverCommit|testFailover|testFailoverCleanup)\/action))$/,
    'machines that no recovery plan covers are moved one by one; the example has a recovery plan',
  ],
  [/virtualMachines\/start\/action$/, 'an unplanned failover is undone by order of a person only'],
];

describe('the roles that are made from a plan', () => {
  it.each(Object.keys(STORIES))('are enough for %s', (story) => {
    expect(missing.get(story)).toEqual([]);
    expect(ended[story]).toBe(ENDS[story] ?? 'succeeded');
  });

  it.each(IDENTITIES)('hold nothing for %s that is never used', (identity) => {
    const given = new Set(rights[identity].map(({ action }) => action));
    const spare = [...given].filter(
      (action) => !used[identity].has(action) && !UNSEEN.some(([seen]) => seen.test(action)),
    );
    expect(spare.sort()).toEqual([]);
  });

  it('hold what can lose data for nobody but the identity that may', () => {
    const forcing = /forceFailoverAllowDataLoss/;
    const holders = IDENTITIES.filter((one) =>
      rights[one].some(({ action }) => forcing.test(action)),
    );
    expect(holders).toEqual(['forced']);
  });

  it('let who only looks change nothing but what it rehearses', () => {
    const changes = rights.watch
      .map(({ action }) => action)
      .filter((one) => !one.endsWith('/read'));
    expect(
      [...new Set(changes)].filter((one) => !/testFailover(Cleanup)?\/action$/.test(one)),
    ).toEqual([]);
  });
});

const ENDS: Readonly<Record<string, string>> = {
  'a failover that is undone': 'compensated',
  'an hour of the watch, and a check of readiness': 'told',
};
