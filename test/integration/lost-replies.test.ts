import { expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { OutageSize } from '../../local/simulator/service.ts';
import type { EventType, RecordedEvent } from '../../src/core/events.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { eventsOf, evidenceOf, pass, withStack } from '../support/door.ts';
import { prepare, start, untilStill } from '../support/failover.ts';

type World = Exclude<OutageSize, 'control'>;

/** Every call of the plan that changes something, in a world in which it is made, and how long its effect may hide. */
const CALLS: readonly (readonly [
  operation: string,
  resource: string,
  step: string,
  World,
  settles: number,
])[] = [
  ['traffic-manager/put-endpoint', 'myPrimaryEndpoint', 'close-endpoint', 'none', 15],
  ['compute/deallocate', 'ihs', 'stop-machines', 'application', 60],
  ['sql/failover', '', 'database', 'none', 120],
  ['sql/force-failover', '', 'database', 'data', 120],
  ['site-recovery/failover', '', 'machines', 'none', 60],
  ['site-recovery/failover', '', 'machines', 'data', 60],
  ['network/interface', 'ihs', 'addresses', 'none', 60],
  ['traffic-manager/put-endpoint', 'myFailoverEndpoint', 'traffic', 'none', 15],
  ['site-recovery/commit', '', 'commit', 'none', 60],
];

async function runIn(stack: VirtualStack, world: World): Promise<string> {
  await prepare(stack, 'planned');
  stack.simulator.control.outage('eastus', world);
  if (world !== 'none') await pass(stack, 60);
  const mode = world === 'none' ? 'planned' : 'unplanned';
  const { id } = await start(stack, { plan: 'websphere-cafe', mode });
  expect(await untilStill(stack, id)).toBe('succeeded');
  return id;
}

/** What changed in Azure, and how often. */
function effects({ simulator }: VirtualStack): ReadonlyMap<string, number> {
  const changes = simulator.journal
    .mutations()
    .filter(({ door }) => door === 'resource-manager')
    .map(({ path, effect }) => `${path}: ${effect ?? ''}`);
  return new Map(
    [...new Set(changes)].map((one) => [one, changes.filter((c) => c === one).length]),
  );
}

function of(step: string, events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  return events.filter(({ stream }) => stream === `step:${step}`);
}

async function expectTold(
  stack: VirtualStack,
  id: string,
  step: string,
  effect: boolean,
): Promise<void> {
  const events = of(step, await eventsOf(stack, id));
  const lost = events.filter(({ type }) => type === 'call-lost');
  const resolved = events.filter(({ type }) => type === 'call-resolved');
  expect(lost).toHaveLength(1);
  expect(resolved.map(({ data }) => data)).toMatchObject([{ effect }]);
  const evidence = await evidenceOf(stack, id);
  expect(verifyEvidence(evidence, evidence.anchors)).toEqual([]);
}

it.each(CALLS)(
  '%s of %s by %s in an outage of size %s: a lost answer is looked for, and nothing is sent twice',
  async (operation, resource, step, world) => {
    await withStack({}, async (stack) => {
      const { control } = stack.simulator;
      control.fault({ operation, resource, kind: 'lose-reply', times: 1 });
      const id = await runIn(stack, world);
      expect(control.state().faults).toEqual([]);
      expect([...effects(stack).values()].filter((times) => times !== 1)).toEqual([]);
      await expectTold(stack, id, step, true);
    });
  },
);

it.each(CALLS)(
  '%s of %s by %s in an outage of size %s: a request that never arrived is known not to have, and no effect comes twice',
  async (operation, resource, step, world, settles) => {
    await withStack({}, async (stack) => {
      const { control } = stack.simulator;
      control.fault({ operation, resource, kind: 'fail-before', times: 1 });
      const id = await runIn(stack, world);
      expect(control.state().faults).toEqual([]);
      expect([...effects(stack).values()].filter((times) => times !== 1)).toEqual([]);
      await expectTold(stack, id, step, false);
      const events = of(step, await eventsOf(stack, id));
      const at = (type: EventType): number =>
        Date.parse(events.find((one) => one.type === type)?.at ?? '');
      // Its effect could have shown itself until then; sending it sooner might have been a second one.
      const waited = (at('call-resolved') - at('call-lost')) / 1000;
      expect(waited).toBeGreaterThan(settles - 2);
    });
  },
);
