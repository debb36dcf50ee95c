import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { AlertSummary } from '../../src/functions/services.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { commonAlert } from '../fixtures/alerts.ts';
import type { Essentials } from '../fixtures/alerts.ts';
import { ask, eventsOf, pass, withStack } from '../support/door.ts';
import { prepare, records, untilStill } from '../support/failover.ts';
import { editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';
const SERVERS =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers';
const EAST = `${SERVERS}/sql-cafe-east/databases/cafe`;
const WEST = `${SERVERS}/sql-cafe-west/databases/cafe`;

/** The café's plan, which acts by itself on what clients, Traffic Manager and alerts about its databases say. */
const plans = (confirmed: boolean): PlanSource =>
  editedPlans([
    { find: 'action: ask', put: 'action: act' },
    {
      find: '    - { id: machines, uses: resource-health',
      put: `    - id: database-alert
      uses: alert
      with: { rule: 'cafe-*', targets: '\${site.sqlServer}', confirmed: ${confirmed} }
    - { id: machines, uses: resource-health`,
    },
  ]);

/** Nothing is asked of anybody: only the alert counts. */
const alertAlone: PlanSource = {
  async list() {
    const [plan] = await plans(true).list();
    const alert = `    - { id: database-alert, uses: alert, with: { rule: 'cafe-*', confirmed: true } }\n`;
    const text = (plan?.text ?? '').replace(
      SIGNALS,
      (block) => `${block.split('\n', 1)[0]}\n${alert}`,
    );
    return [{ file: 'websphere-cafe.yaml', text }];
  },
};

const SIGNALS = /^ {2}signals:\n(?: {4}.*\n)*/m;

async function fire(
  stack: VirtualStack,
  essentials: Partial<Essentials> = {},
): Promise<Record<string, unknown>> {
  const firedDateTime = new Date(stack.clock.now()).toISOString();
  const body = commonAlert({
    alertRule: 'cafe-database-down',
    alertTargetIDs: [EAST],
    firedDateTime,
    ...essentials,
  });
  const answer = await ask(stack, { path: '/api/alerts', as: 'automation', body });
  expect(answer.status).toBe(202);
  return answer.body;
}

async function listed(stack: VirtualStack): Promise<readonly AlertSummary[]> {
  const { body } = await ask(stack, { path: '/api/alerts' });
  return (body as unknown as { alerts: AlertSummary[] }).alerts;
}

async function started(stack: VirtualStack): Promise<readonly string[]> {
  return (await records(stack).recent(50)).map(({ id }) => id);
}

describe('an alert', () => {
  it('moves nothing while nothing else confirms it, and says so', async () => {
    await withStack({ watched: true, plans: plans(false) }, async (stack) => {
      await prepare(stack, 'planned');
      await fire(stack);
      await pass(stack, 600);
      expect(await started(stack)).toEqual([]);
      const [alert] = await listed(stack);
      expect(alert?.matched).toEqual([{ plan: PLAN, signal: 'database-alert', sites: ['east'] }]);
      expect(alert?.decided[0]?.did).toBeNull();
      expect(alert?.decided[0]?.sentence).toMatch(/east is suspected: database-alert/);
    });
  });

  it('is looked at when it comes in, not at the next tick', async () => {
    await withStack({ watched: true, plans: plans(true) }, async (stack) => {
      await prepare(stack, 'planned');
      await fire(stack);
      // Ticks come at :00 and :30, and it came at :10.
      const sentence = async (): Promise<string> =>
        (await listed(stack))[0]?.decided[0]?.sentence ?? '';
      for (let step = 0; step < 36 && !/database-alert/.test(await sentence()); step += 1)
        await pass(stack, 0.5);
      expect(await sentence()).toMatch(/database-alert/);
    });
  });

  it('begins a failover by itself where the plan believes it, and counts once when replayed', async () => {
    await withStack({ watched: true, plans: plans(true) }, async (stack) => {
      await prepare(stack, 'unplanned');
      expect(await started(stack)).toEqual([]);
      await fire(stack);
      await pass(stack, 120);
      const [id, ...more] = await started(stack);
      expect(more).toEqual([]);
      expect(await fire(stack)).toMatchObject({ repeated: true });
      expect(await untilStill(stack, String(id))).toBe('succeeded');
      expect(await fire(stack)).toMatchObject({ repeated: true });
      await pass(stack, 300);
      expect(await started(stack)).toEqual([id]);
      const events = await eventsOf(stack, String(id));
      expect(events.map(({ type }) => type)).toContain('detected');
    });
  });

  it('begins one alone where the plan asks nobody else, who is not cut off for that', async () => {
    await withStack({ watched: true, plans: alertAlone }, async (stack) => {
      await prepare(stack, 'unplanned');
      const { body } = await ask(stack, { path: `/api/plans/${PLAN}/watch` });
      expect(body).toMatchObject({ verdict: { is: 'unknown' } });
      await fire(stack, { alertTargetIDs: [] });
      await pass(stack, 120);
      expect(await started(stack)).toHaveLength(1);
    });
  });

  it('right after a failover only cools down, and its resolution moves nothing back', async () => {
    await withStack({ watched: true, plans: plans(true) }, async (stack) => {
      await prepare(stack, 'unplanned');
      expect(await started(stack)).toEqual([]);
      await fire(stack);
      await pass(stack, 120);
      const [id] = await started(stack);
      await untilStill(stack, String(id));
      await fire(stack, { alertId: '/a/west', alertTargetIDs: [WEST] });
      await pass(stack, 300);
      expect(await started(stack)).toEqual([id]);
      const [west] = await listed(stack);
      expect(west?.decided[0]?.restraints.join()).toMatch(/cool/i);

      await fire(stack, { monitorCondition: 'Resolved' });
      await pass(stack, 4000);
      expect(await started(stack)).toEqual([id]);
    });
  });
});

describe('a storm of 1,000 alerts', () => {
  it('begins one failover, and answers every one of them', async () => {
    await withStack({ watched: true, plans: plans(false) }, async (stack) => {
      await prepare(stack, 'planned');
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 45);
      await Promise.all(
        Array.from({ length: 1000 }, (_, index) => fire(stack, { alertId: `/a/${index}` })),
      );
      await pass(stack, 300);
      const [id, ...more] = await started(stack);
      expect(id).toBeDefined();
      expect(more).toEqual([]);
      expect(await untilStill(stack, String(id))).toBe('succeeded');
      await pass(stack, 600);
      expect(await started(stack)).toEqual([id]);
      const { body } = await ask(stack, { path: '/api/alerts?limit=500' });
      expect(body['alerts']).toHaveLength(500);
    });
  });
});
