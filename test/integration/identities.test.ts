import { describe, expect, it } from 'vitest';
import { CLIENT_IDS } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { drill } from '../support/drills.ts';
import { eventsOf, withStack } from '../support/door.ts';
import { order, prepare, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';

const PLAN = 'websphere-cafe';
const {
  AZURE_CLIENT_ID: WATCH,
  SWITCHOVER_FAILOVER_CLIENT_ID: FAILOVER,
  SWITCHOVER_FORCED_CLIENT_ID: FORCED,
} = CLIENT_IDS;

/** Who has changed something, since the last time that somebody asked. */
function movers({ simulator: { journal } }: VirtualStack): readonly (string | null)[] {
  const callers = journal
    .entries()
    .filter(
      ({ door, mutating, action }) =>
        door === 'resource-manager' && mutating && action !== null && !action.endsWith('/read'),
    );
  return [...new Set(callers.map(({ caller }) => caller))];
}

describe('three identities', () => {
  it.each([
    ['planned', FAILOVER],
    ['unplanned', FORCED],
  ] as const)('a failover, %s, is one identity’s deed alone', async (mode, mover) => {
    await withStack({ identities: true }, async (stack) => {
      await prepare(stack, mode);
      expect(movers(stack)).toEqual([]);
      const { id } = await start(stack, { plan: PLAN, mode });
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(movers(stack)).toEqual([mover]);
    });
  });

  it('what looks all day changes nothing, nor does a drill that only reads', async () => {
    await withStack({ identities: true, watched: true }, async (stack) => {
      await prepare(stack, 'planned');
      await drill(stack, { plan: PLAN, level: 'dry-run' });
      const callers = stack.simulator.journal.entries().map(({ caller }) => caller);
      expect(callers).toContain(WATCH);
      expect(movers(stack)).toEqual([]);
    });
  });

  it('a drill asks in the name of who would act whether it might', async () => {
    await withStack({ identities: true }, async (stack) => {
      stack.simulator.control.assign(FAILOVER, [{ action: '*/read', scope: '/' }]);
      await prepare(stack, 'planned');
      const { id, state } = await drill(stack, { plan: PLAN, level: 'dry-run' });
      expect(state).toBe('failed');
      expect(JSON.stringify(await eventsOf(stack, id))).toContain(
        'has no right to Microsoft.Sql/servers/failoverGroups/failover/action',
      );
    });
  });

  it('an execution that becomes an unplanned one goes on in the other name', async () => {
    await withStack({ identities: true }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilEvent(stack, { type: 'step-done', step: 'database' });
      expect(movers(stack)).toEqual([FAILOVER]);
      await order(stack, id, { command: 'go-unplanned', reason: 'it burns' });
      await untilStill(stack, id);
      expect(movers(stack)).toEqual([FAILOVER, FORCED]);
    });
  });
});
