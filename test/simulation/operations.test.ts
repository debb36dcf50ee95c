import { expect, it } from 'vitest';
import { CHANGES, READS } from '../../local/simulate/draw-fault.ts';
import type { Mode } from '../../src/core/execution.ts';
import { openStack, prepare, start, untilStill } from '../support/failover.ts';

/** What a failover asks of the simulated Azure: the operation of each request. */
async function askedBy(mode: Mode, refused?: string): Promise<readonly (string | null)[]> {
  const stack = await openStack();
  await prepare(stack, mode);
  if (refused !== undefined) {
    stack.simulator.control.fault({
      operation: refused,
      resource: '',
      kind: 'respond',
      status: 503,
      times: 100_000,
    });
  }
  const { id } = await start(stack, { plan: 'websphere-cafe', mode });
  await untilStill(stack, id);
  await stack.clock.run(() => stack.host.stop());
  stack.clock.stop();
  return stack.simulator.journal.entries().map(({ operation }) => operation);
}

it('spoils no operation that nobody asks for: such a fault would never strike', async () => {
  const asked = new Set<string | null>([
    // Names are asked of the name server, which keeps no journal of requests.
    'dns/resolve',
    ...(await askedBy('unplanned')),
    // Its last proof fails, so that it asks for the way back as well.
    ...(await askedBy('planned', 'cafe/post')),
  ]);
  expect([...CHANGES, ...READS].filter((operation) => !asked.has(operation))).toEqual([]);
});
