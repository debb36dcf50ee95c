import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { ExecutionSummary } from '../../src/functions/services.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { ask, evidenceOf, pass } from '../support/door.ts';
import { askForDrill, beginDrill, drill } from '../support/drills.ts';
import { detail, openStack, order, prepare, start, untilStill } from '../support/failover.ts';
import { atEvent, untilEvent } from '../support/moments.ts';
import { editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';
const REHEARSAL = { plan: PLAN, level: 'rehearsal' } as const;
const VAULT =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-recovery/providers/Microsoft.RecoveryServices/vaults/cafe-vault';

let stack: VirtualStack;

beforeEach(async () => {
  stack = await openStack();
  await prepare(stack, 'planned');
});

afterEach(() => {
  stack.crash();
  stack.clock.stop();
});

const testMachines = (): readonly string[] =>
  stack.simulator.siteRecovery
    .protection(VAULT)
    .flatMap(({ testMachineId }) => testMachineId?.split('/').at(-1) ?? []);

const breakCleanUp = (): void =>
  stack.simulator.control.fault({
    operation: 'site-recovery/test-failover-cleanup',
    resource: '',
    kind: 'fail-operation',
    times: 100_000,
  });

/** What is left of the world that serves: nothing of it may have moved. */
async function servesAsBefore(): Promise<void> {
  const { simulator } = stack;
  expect(Object.values(simulator.control.state().traffic)).toEqual(['myPrimaryEndpoint']);
  expect(simulator.journal.mutations().filter(({ path }) => !/testfailover/i.test(path))).toEqual(
    [],
  );
  const { body } = await ask(stack, { path: `/api/plans/${PLAN}` });
  expect(body).toMatchObject({ active: 'east', running: null });
}

describe('a rehearsal', () => {
  it('brings up test machines, proves what it says, and leaves nothing behind', async () => {
    let made: readonly string[] = [];
    atEvent(stack, { type: 'step-done', step: 'test-machines' }, () => {
      made = testMachines();
    });
    const { id, state } = await drill(stack, REHEARSAL);
    expect(state).toBe('succeeded');
    expect(made).toHaveLength(5);
    expect(testMachines()).toEqual([]);
    await servesAsBefore();
    const evidence = await evidenceOf(stack, id);
    expect(evidence.execution.outcome).toBe(
      'The rehearsal found nothing wrong. Everything it made is cleaned up; websphere-cafe serves from east as before.',
    );
    expect(evidence).toMatchObject({ left: [], drill: { problems: [] } });
    expect(evidence.execution.servedAgainAt).toBeNull();
    expect(verifyEvidence(evidence, evidence.anchors)).toEqual([]);
  });

  it('has failed when it finds a problem, and is cleaned up all the same', async () => {
    stack.simulator.control.outage('eastus', 'application');
    const { id, state } = await drill(stack, REHEARSAL);
    expect(state).toBe('failed');
    expect(testMachines()).toEqual([]);
    const { outcome, problems } = await detail(stack, id);
    expect(problems).toEqual([expect.stringContaining('application: ')]);
    expect(outcome).toContain('Everything it made is cleaned up');
  });

  it('has failed when the test failover failed half-way, and what it left is cleaned up', async () => {
    stack.simulator.control.fault({
      operation: 'site-recovery/test-failover-start',
      resource: 'app1-item',
      kind: 'fail-operation',
      times: 100_000,
    });
    expect((await drill(stack, REHEARSAL)).state).toBe('failed');
    expect(testMachines()).toEqual([]);
    await servesAsBefore();
  });

  it('is cleaned up when it is cancelled in the middle', async () => {
    const id = await beginDrill(stack, REHEARSAL);
    await untilEvent(stack, { type: 'call-answered', step: 'test-machines' });
    const cancel = { command: 'cancel', reason: 'a test' };
    expect(await order(stack, id, { ...cancel, then: 'stay' })).toBe(409);
    expect(await order(stack, id, { ...cancel, then: 'compensate' })).toBe(202);
    expect(await untilStill(stack, id)).toBe('cancelled');
    expect(testMachines()).toEqual([]);
    await servesAsBefore();
  });

  it('pauses when the clean-up itself fails, and names what is left when it is given up', async () => {
    breakCleanUp();
    const { id, state } = await drill(stack, REHEARSAL);
    expect(state).toBe('paused');
    expect(await order(stack, id, { command: 'cancel', then: 'stay', reason: 'x' })).toBe(202);
    await pass(stack, 10);
    expect(await untilStill(stack, id)).toBe('cancelled');
    expect((await detail(stack, id)).outcome).toContain(
      'What test-machines made is left: clean it up by hand.',
    );
    expect(testMachines()).toHaveLength(5);
  });

  it('is cleaned up by itself after the host was down in the middle', async () => {
    const id = await beginDrill(stack, REHEARSAL);
    await untilEvent(stack, { type: 'call-answered', step: 'test-machines' });
    stack.crash();
    await pass(stack, 2400);
    await stack.clock.run(() => stack.host.start());
    expect(await untilStill(stack, id)).toBe('failed');
    expect(testMachines()).toEqual([]);
    await servesAsBefore();
  });

  it('is refused when somebody has left a test failover standing', async () => {
    breakCleanUp();
    const first = await drill(stack, REHEARSAL);
    await order(stack, first.id, { command: 'cancel', then: 'stay', reason: 'x' });
    await pass(stack, 10);
    expect(await untilStill(stack, first.id)).toBe('cancelled');
    const { id, state } = await drill(stack, REHEARSAL);
    expect(state).toBe('refused');
    expect((await detail(stack, id)).problems).toContainEqual(
      expect.stringContaining('has a test failover that was not cleaned up'),
    );
  });

  it('holds the lock, and says to a real failover how to get it', async () => {
    const id = await beginDrill(stack, REHEARSAL);
    const refused = await start(stack, { plan: PLAN, mode: 'unplanned' });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ code: 'LOCKED', execution: id, drill: 'rehearsal' });
    expect(JSON.stringify(refused.body)).toContain(`switchover execution cancel ${id}`);
  });
});

describe('a real outage in the middle of a rehearsal', () => {
  const acting = {
    watched: true,
    plans: editedPlans([{ find: 'action: ask', put: 'action: act' }]),
  };

  it.each<[string, () => void]>([
    ['is answered once it has cleaned up', () => undefined],
    ['is answered as it stands when it cannot clean up', () => breakCleanUp()],
  ])('%s', async (_what, arrange) => {
    stack.crash();
    stack = await openStack(acting);
    await prepare(stack, 'planned');
    arrange();
    const id = await beginDrill(stack, REHEARSAL);
    await untilEvent(stack, { type: 'call-answered', step: 'test-machines' });
    stack.simulator.control.outage('eastus', 'data');
    const began = stack.clock.now();
    expect(await untilStill(stack, id)).toMatch(/cancelled|paused/);
    await pass(stack, 120);
    const { state, outcome } = await detail(stack, id);
    expect(state).toBe('cancelled');
    expect(outcome).toContain('A real failover is needed');
    const { body } = await ask(stack, { path: '/api/executions' });
    const [newest] = (body as unknown as { executions: ExecutionSummary[] }).executions;
    expect(newest).toMatchObject({ kind: 'failover', mode: 'unplanned', from: 'east' });
    const waited = (Date.parse(newest?.requestedAt ?? '') - began) / 1000;
    expect(waited).toBeLessThan(15 * 60);
  });
});

describe('refused are', () => {
  it.each([
    ['an unplanned rehearsal', { level: 'rehearsal', mode: 'unplanned' }, 'always planned'],
    ['a live drill of machines', { level: 'live', mode: 'planned' }, 'must be reprotected'],
  ] as const)('%s', async (_what, asked, says) => {
    const { status, body } = await askForDrill(stack, { plan: PLAN, ...asked });
    expect(status).toBe(422);
    expect(body['detail']).toContain(says);
  });
});
