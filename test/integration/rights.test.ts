import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_IDS } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import type { Permission } from '../../src/steps/contract.ts';
import { IDENTITIES, rolesOf } from '../../src/steps/roles.ts';
import { drill } from '../support/drills.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { prepare, start, untilStill } from '../support/failover.ts';

/*
 * The simulator gives each identity the roles that are made from the plan, and no others; then the plan is run in all
 * ways. Its permission model stands in for Azure's.
 */
const PLAN = 'websphere-cafe';
const CLIENTS = {
  watch: CLIENT_IDS.AZURE_CLIENT_ID,
  failover: CLIENT_IDS.SWITCHOVER_FAILOVER_CLIENT_ID,
  forced: CLIENT_IDS.SWITCHOVER_FORCED_CLIENT_ID,
} as const;
type Identity = keyof typeof CLIENTS;

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

let rights: Readonly<Record<Identity, readonly Permission[]>>;
const used: Record<Identity, Set<string>> = {
  watch: new Set(),
  failover: new Set(),
  forced: new Set(),
};
const refused = new Map<string, readonly string[]>();
const ended: Record<string, string> = {};

beforeAll(async () => {
  const files = await folderSource('plans').list();
  const { file, text } = files.find((one) => one.file === `${PLAN}.yaml`)!;
  const parsed = parsePlan(file, text, stepKinds);
  if (!parsed.ok) throw new Error('The example is no valid plan.');
  const { roles } = rolesOf(parsed.value);
  const given = (to: Identity): readonly Permission[] =>
    roles
      .filter(({ identity }) => identity === to)
      .flatMap(({ actions, scopes }) =>
        scopes.flatMap((scope) => actions.map((action) => ({ action, scope }))),
      );
  rights = { watch: given('watch'), failover: given('failover'), forced: given('forced') };
  for (const [story, tell] of Object.entries(STORIES)) {
    await withStack({ identities: true, watched: story.includes('watch') }, async (stack) => {
      for (const one of IDENTITIES) stack.simulator.control.assign(CLIENTS[one], rights[one]);
      ended[story] = await tell(stack);
      note(story, stack);
    });
  }
}, 300_000);
afterAll(() => refused.clear());

function note(story: string, { simulator }: VirtualStack): void {
  const bad: string[] = [];
  for (const { caller, action, path, status } of simulator.journal.entries()) {
    const who = IDENTITIES.find((one) => CLIENTS[one] === caller);
    if (who === undefined || action === null) continue;
    // Which scope Azure asks for a batch is a guess of the simulator's; what is refused in a batch is read one by one.
    if (path.endsWith('/metrics:getbatch')) continue;
    if (status === 403) bad.push(`${who}: ${action} at ${path}`);
    else used[who].add(action);
  }
  refused.set(story, [...new Set(bad)]);
}

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
    expect(refused.get(story)).toEqual([]);
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
