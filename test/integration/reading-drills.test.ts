import { describe, expect, it } from 'vitest';
import { webSphereCafe } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import type { Evidence } from '../../src/report/evidence.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { eventsOf, evidenceOf, withStack } from '../support/door.ts';
import { drill } from '../support/drills.ts';
import { detail, prepare, records, start, untilStill } from '../support/failover.ts';
import { editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';
const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const WEST = `/subscriptions/${SUBSCRIPTION}/resourceGroups/was-cluster-westus`;
const WEST_SERVER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-west`;
const FAILOVER = 'Microsoft.Sql/servers/failoverGroups/failover/action';

type Arrange = (stack: VirtualStack) => void;

async function drilled(
  level: 'validate' | 'dry-run',
  arrange: Arrange = () => undefined,
  options: Parameters<typeof withStack>[0] = {},
): Promise<Evidence> {
  const found: Evidence[] = [];
  await withStack(options, async (stack) => {
    await prepare(stack, 'planned');
    arrange(stack);
    const { id } = await drill(stack, { plan: PLAN, level });
    const evidence = await evidenceOf(stack, id);
    // Nothing was changed, and nothing was even tried.
    expect(stack.simulator.journal.mutations()).toEqual([]);
    expect(evidence.calls).toEqual([]);
    expect(verifyEvidence(evidence, evidence.anchors)).toEqual([]);
    found.push(evidence);
  });
  return found[0]!;
}

const critical = ({ drill }: Evidence): string[] =>
  (drill?.findings ?? [])
    .filter(({ severity }) => severity === 'critical')
    .map(({ problem }) => problem);

describe.each(['validate', 'dry-run'] as const)('a %s drill', (level) => {
  it('succeeds when nothing stands in the way, and changes nothing', async () => {
    const evidence = await drilled(level);
    expect(critical(evidence)).toEqual([]);
    expect(evidence.execution).toMatchObject({ kind: 'drill', level, state: 'succeeded' });
  });

  it.each<[string, Arrange, string]>([
    [
      'the application is broken where it serves',
      ({ simulator }) => simulator.control.outage('eastus', 'application'),
      'application does not hold on east, which serves',
    ],
  ])('has failed when %s', async (_what, arrange, says) => {
    const evidence = await drilled(level, arrange);
    expect(evidence.execution.state).toBe('failed');
    expect(critical(evidence)).toContainEqual(expect.stringContaining(says));
    expect(evidence.drill?.problems).toContainEqual(expect.stringContaining(says));
  });
});

describe('a dry-run', () => {
  it.each<[string, Arrange, string]>([
    [
      'a right is missing',
      ({ simulator }) => simulator.control.deny({ action: FAILOVER, scope: WEST_SERVER }),
      `the app's identity has no right to ${FAILOVER}`,
    ],
    [
      'a lock stands in the way',
      ({ simulator }) =>
        simulator.control.lock({ name: 'hands-off', level: 'ReadOnly', scope: WEST }),
      'the read-only lock hands-off refuses every change',
    ],
    [
      'there is no room for the machines',
      ({ simulator }) => simulator.control.quota({ region: 'westus', name: 'cores', limit: 9 }),
      '10 more of "Total Regional vCPUs" are needed, but only 9 of 9 are left',
    ],
  ])('has failed when %s', async (_what, arrange, says) => {
    const evidence = await drilled('dry-run', arrange);
    expect(evidence.execution.state).toBe('failed');
    expect(critical(evidence)).toContainEqual(expect.stringContaining(says));
  });

  it('has failed when the passive endpoint could be given to clients', async () => {
    const scenario = webSphereCafe({ control: 'automatic' });
    const evidence = await drilled('dry-run', undefined, { scenario });
    expect(critical(evidence)).toContainEqual(
      expect.stringContaining('passive endpoint myFailoverEndpoint is enabled at rest'),
    );
  });

  it('says of every resource what it is and what it would become', async () => {
    const evidence = await drilled('dry-run');
    const lines = evidence.drill?.changes.map(
      ({ step, resource, now, then }) => `${step} ${resource.split('/').at(-1)}: ${now} → ${then}`,
    );
    expect(lines).toMatchInlineSnapshot(`
      [
        "close-endpoint myPrimaryEndpoint: enabled (Online) → disabled",
        "database failovergroup-cafe: sql-cafe-west is Secondary (CATCH_UP) → Primary",
        "database failovergroup-cafe: sql-cafe-east is Primary (CATCH_UP) → Secondary",
        "machines dmgr-item: dmgr is Protected in eastus → failed over to dmgr in westus, group was-cluster-westus",
        "machines ihs-item: ihs is Protected in eastus → failed over to ihs in westus, group was-cluster-westus",
        "machines app1-item: app1 is Protected in eastus → failed over to app1 in westus, group was-cluster-westus",
        "machines app2-item: app2 is Protected in eastus → failed over to app2 in westus, group was-cluster-westus",
        "machines app3-item: app3 is Protected in eastus → failed over to app3 in westus, group was-cluster-westus",
        "addresses dmgr-ip: no network interface begins with dmgr → attached to the interface dmgr… in was-cluster-westus",
        "addresses ihs-ip: no network interface begins with ihs → attached to the interface ihs… in was-cluster-westus",
        "traffic myFailoverEndpoint: disabled → enabled",
        "commit dmgr-item: the failover of dmgr is not committed → committed: no way back but failing back",
        "commit ihs-item: the failover of ihs is not committed → committed: no way back but failing back",
        "commit app1-item: the failover of app1 is not committed → committed: no way back but failing back",
        "commit app2-item: the failover of app2 is not committed → committed: no way back but failing back",
        "commit app3-item: the failover of app3 is not committed → committed: no way back but failing back",
      ]
    `);
    expect(renderMarkdown(evidence)).toContain('## What would change');
  });
});

describe('a drill that only reads', () => {
  it('neither waits for a failover that runs nor keeps one waiting', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      const during = await drill(stack, { plan: PLAN, level: 'validate' });
      expect(['succeeded', 'failed']).toContain(during.state);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect((await detail(stack, id)).to).toBe('west');
    });
  });

  it('is seen to its end by whoever comes after a host that died', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const body = { kind: 'drill', level: 'dry-run', reason: 'a test' };
      const headers = { authorization: 'Bearer local:operator', 'x-switchover': '1' };
      const asked = await stack.host.fetch({ url: `/api/plans/${PLAN}/executions`, headers, body });
      stack.crash();
      await stack.clock.run(() => stack.clock.sleep(30 * 60_000));
      await stack.clock.run(() => stack.host.start());
      const { id } = asked.json() as { id: string };
      expect(await untilStill(stack, id)).toBe('succeeded');
      const reported = (await eventsOf(stack, id)).filter(({ type }) => type === 'drill-reported');
      expect(reported).toHaveLength(1);
    });
  });

  it('tries the way from where the application serves', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const moved = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilStill(stack, moved.id);
      const { id } = await drill(stack, { plan: PLAN, level: 'dry-run' });
      const header = await records(stack).header(id);
      expect(header?.value).toMatchObject({ from: 'west', to: 'east' });
    });
  });

  it('is answered with what is wrong in the plan, too', async () => {
    const plans = editedPlans([{ find: 'rpo: 10m', put: 'rpo: 1m' }]);
    const { drill } = await drilled('validate', undefined, { plans });
    expect(drill?.findings.map(({ problem }) => problem)).toContainEqual(
      expect.stringContaining('more than the recovery point objective'),
    );
  });
});
