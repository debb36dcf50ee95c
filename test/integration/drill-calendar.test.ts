import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { ExecutionSummary, DrillReport } from '../../src/functions/services.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { askForDrill } from '../support/drills.ts';
import { order, start, untilStill } from '../support/failover.ts';
import { drilledDatabase, editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';
const DRILLS = `{ level: dry-run, cron: '0 6 * * 2', timeZone: America/New_York, window: 2h }`;

/** The café's plan, drilled as this line says. The world begins at 10:00 UTC. */
const drilled = (line: string): PlanSource => editedPlans([{ find: DRILLS, put: line }]);
const AT_TEN_PAST = `{ level: validate, cron: '10 10 * * *', window: 30m }`;

async function report(stack: VirtualStack, query = ''): Promise<DrillReport> {
  const { body } = await ask(stack, { path: `/api/drills${query}` });
  return body as unknown as DrillReport;
}

async function held(stack: VirtualStack): Promise<readonly ExecutionSummary[]> {
  const { body } = await ask(stack, { path: '/api/executions?limit=500' });
  const { executions } = body as unknown as { executions: ExecutionSummary[] };
  return executions.filter(({ kind }) => kind === 'drill');
}

const MINUTE = 60;

describe('a drill calendar', () => {
  it('begins a drill once in each window, and tells how it ended', async () => {
    const hourly = AT_TEN_PAST.replace('10 10 *', '10 * *');
    await withStack({ plans: drilled(hourly) }, async (stack) => {
      await pass(stack, 9 * MINUTE);
      expect(await held(stack)).toEqual([]);
      await pass(stack, 35 * MINUTE);
      expect(await held(stack)).toMatchObject([
        {
          ...{ level: 'validate', state: 'succeeded', requestedBy: { id: 'switchover' } },
          reason: "the plan's calendar: validate of 2026-11-21T10:10:00.000Z",
        },
      ]);
      await pass(stack, 60 * MINUTE);
      expect(await held(stack)).toHaveLength(2);
      const { calendar, history } = await report(stack);
      expect(history.map(({ is }) => is)).toEqual(['succeeded', 'succeeded']);
      expect(calendar[0]).toMatchObject({
        ...{ plan: PLAN, level: 'validate', waits: null, overdueSeconds: null },
        ...{ next: '2026-11-21T12:10:00.000Z', last: { is: 'succeeded' } },
      });
    });
  });

  it('begins late when the app was down, but once', async () => {
    await withStack({ plans: drilled(AT_TEN_PAST) }, async (stack) => {
      await pass(stack, 5 * MINUTE);
      stack.crash();
      await pass(stack, 20 * MINUTE);
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 30 * MINUTE);
      expect(await held(stack)).toMatchObject([{ state: 'succeeded' }]);
    });
  });

  it('skips a window that nobody was there for, and says so', async () => {
    await withStack({ plans: drilled(AT_TEN_PAST) }, async (stack) => {
      await pass(stack, 5 * MINUTE);
      stack.crash();
      await pass(stack, 60 * MINUTE);
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 5 * MINUTE);
      expect(await held(stack)).toEqual([]);
      expect((await report(stack)).history).toMatchObject([
        { is: 'skipped', execution: null, sentence: expect.stringContaining('was down') as string },
      ]);
    });
  });

  it('waits for what is under way, and begins when it is over', async () => {
    await withStack({ plans: drilled(AT_TEN_PAST) }, async (stack) => {
      await pass(stack, 5 * MINUTE);
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await pass(stack, 6 * MINUTE);
      expect((await report(stack)).calendar[0]).toMatchObject({
        waits: expect.stringContaining(`Execution ${id} is under way`) as string,
      });
      await untilStill(stack, id);
      await pass(stack, 20 * MINUTE);
      expect(await held(stack)).toMatchObject([{ level: 'validate', from: 'west', to: 'east' }]);
    });
  });

  it('skips with the reason when that does not end in time', async () => {
    await withStack({ plans: drilled(AT_TEN_PAST) }, async (stack) => {
      await pass(stack, 5 * MINUTE);
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await pass(stack, 1);
      await order(stack, id, { command: 'pause', reason: 'a test' });
      await pass(stack, 50 * MINUTE);
      expect(await held(stack)).toEqual([]);
      expect((await report(stack)).history[0]?.sentence).toContain(`Execution ${id} is under way.`);
    });
  });

  it('does not try anything while the site looks bad', async () => {
    await withStack({ plans: drilled(AT_TEN_PAST), watched: true }, async (stack) => {
      await pass(stack, 5 * MINUTE);
      stack.simulator.control.outage('eastus', 'application');
      await pass(stack, 20 * MINUTE);
      expect(await held(stack)).toEqual([]);
      expect((await report(stack)).calendar[0]?.waits).toEqual(expect.any(String));
    });
  });

  it('calls a level overdue that was not held for too long', async () => {
    const line = `{ level: dry-run, cron: '0 5 1 * *', overdueAfter: 2h }`;
    await withStack({ plans: drilled(line) }, async (stack) => {
      await pass(stack, 110 * MINUTE);
      expect((await report(stack)).calendar[0]?.overdueSeconds).toBeNull();
      await pass(stack, 20 * MINUTE);
      expect((await report(stack)).calendar[0]?.overdueSeconds).toBeGreaterThan(7200);
      const { body } = await ask(stack, { path: `/api/plans/${PLAN}/readiness?fresh=true` });
      expect(JSON.stringify(body)).toContain('There was never a dry-run drill for');
      await askForDrill(stack, { plan: PLAN, level: 'dry-run' });
      await pass(stack, MINUTE);
      expect((await report(stack, `?plan=${PLAN}`)).calendar[0]).toMatchObject({
        overdueSeconds: null,
        last: { is: 'succeeded' },
      });
    });
  });
});

const DATABASE = 'database-only';

describe('a live drill', () => {
  const LIVE = `{ level: live, cron: '10 10 * * *', window: 30m }`;

  it('goes there and back inside its window, as two executions that name each other', async () => {
    await withStack({ plans: drilledDatabase(LIVE) }, async (stack) => {
      await pass(stack, 45 * MINUTE);
      const [back, there] = await held(stack);
      expect(there).toMatchObject({ level: 'live', from: 'east', to: 'west', state: 'succeeded' });
      expect(back).toMatchObject({ from: 'west', to: 'east', state: 'succeeded' });
      expect(back?.partOf).toBe(there?.id);
      const { body } = await ask(stack, { path: `/api/plans/${DATABASE}` });
      expect(body).toMatchObject({ active: 'east', running: null });
    });
  });

  it('is refused outside its window', async () => {
    await withStack({ plans: drilledDatabase(LIVE) }, async (stack) => {
      const { status, body } = await askForDrill(stack, { plan: DATABASE, level: 'live' });
      expect(status).toBe(422);
      expect(body['detail']).toContain('the next one begins at 2026-11-21T10:10:00.000Z');
    });
  });

  it('does not begin its way back after the window, and says where the application is', async () => {
    const short = `{ level: live, cron: '10 10 * * *', window: 1m }`;
    await withStack({ plans: drilledDatabase(short) }, async (stack) => {
      await pass(stack, 45 * MINUTE);
      expect(await held(stack)).toHaveLength(1);
      expect((await report(stack)).history[0]?.sentence).toContain(
        'went there and did not come back',
      );
      const { body } = await ask(stack, { path: `/api/plans/${DATABASE}` });
      expect(body).toMatchObject({ active: 'west' });
    });
  });
});
