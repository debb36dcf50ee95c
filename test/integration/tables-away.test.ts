import { expect, it, vi } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { PlanSummary } from '../../src/functions/services.ts';
import { CAFE, cafeText, push, retire, versions, withDeployedPlans } from '../support/deployed.ts';
import { ask, pass } from '../support/door.ts';
import { prepare, start } from '../support/failover.ts';

const MOVE = { plan: CAFE, mode: 'planned' } as const;
const LONGER = ['timeout: 15m', 'timeout: 16m'] as const;

/** No table of the records answers; the answer ends that. What the app's own client makes of it is in its contract. */
function takeTables(stack: VirtualStack): () => void {
  const away = new Error('The tables do not answer.');
  const taken = (['get', 'query', 'write'] as const).map((call) =>
    vi.spyOn(stack.tables, call).mockRejectedValue(away),
  );
  return () => taken.forEach((one) => one.mockRestore());
}

async function health(stack: VirtualStack): Promise<number> {
  return (await ask(stack, { path: '/api/health', as: null })).status;
}

async function listed(stack: VirtualStack): Promise<readonly PlanSummary[]> {
  const { body } = await ask(stack, { path: '/api/plans' });
  return body['plans'] as unknown as PlanSummary[];
}

async function begun(stack: VirtualStack): Promise<number> {
  const { body } = await ask(stack, { path: '/api/executions' });
  return (body['executions'] as unknown as readonly unknown[]).length;
}

it('says of pushed plans that it cannot tell, and changes and begins nothing, while tables are away', async () => {
  await withDeployedPlans(async (stack) => {
    await prepare(stack, 'planned');
    await push(stack, { text: await cafeText() });
    const giveBack = takeTables(stack);
    expect(await health(stack)).toBe(503);
    const away = { status: 500 };
    // Least of all that there were no plans: what cannot be read is not empty.
    for (const path of [
      '',
      `/${CAFE}`,
      `/${CAFE}/versions`,
      `/${CAFE}/watch`,
      `/${CAFE}/readiness`,
    ])
      expect(await ask(stack, { path: `/api/plans${path}` }), path).toMatchObject(away);
    expect(await start(stack, MOVE)).toMatchObject(away);
    expect(await push(stack, { text: await cafeText(LONGER) })).toMatchObject(away);
    expect(await retire(stack)).toMatchObject(away);
    giveBack();
    expect(await health(stack)).toBe(200);
    expect(await versions(stack)).toHaveLength(1);
    expect(await begun(stack)).toBe(0);
    expect(await start(stack, MOVE)).toMatchObject({ status: 202 });
  });
});

it('decides nothing from the texts that it still has, and counts on when tables answer again', async () => {
  await withDeployedPlans(
    async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await pass(stack, 120);
      const giveBack = takeTables(stack);
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 900);
      giveBack();
      expect(await begun(stack)).toBe(0);
      await pass(stack, 600);
      expect(await begun(stack)).toBe(1);
    },
    { watched: true },
  );
});

it('comes up while tables are away, and finds its plans when they answer', async () => {
  await withDeployedPlans(async (stack) => {
    await prepare(stack, 'planned');
    await push(stack, { text: await cafeText() });
    stack.crash();
    const giveBack = takeTables(stack);
    await stack.clock.run(() => stack.host.start());
    await pass(stack, 300);
    expect(await health(stack)).toBe(503);
    giveBack();
    expect(await listed(stack)).toMatchObject([
      { name: CAFE, problems: [], version: { number: 1 } },
    ]);
    expect(await start(stack, MOVE)).toMatchObject({ status: 202 });
  });
});
