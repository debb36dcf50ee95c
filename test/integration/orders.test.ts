import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../local/demo/faults.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { Mode } from '../../src/core/execution.ts';
import type { StepState } from '../../src/core/step.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';
import { editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';

async function begin(stack: VirtualStack, mode: Mode): Promise<string> {
  await prepare(stack, mode);
  return (await start(stack, { plan: PLAN, mode })).id;
}

async function obey(stack: VirtualStack, id: string, body: object, as?: string): Promise<string> {
  expect(await order(stack, id, body, as)).toBe(202);
  await pass(stack, 5);
  return untilStill(stack, id);
}

async function statesOf(
  stack: VirtualStack,
  id: string,
): Promise<Readonly<Record<string, StepState>>> {
  const { steps } = await detail(stack, id);
  return Object.fromEntries(steps.map((step) => [step.id, step.state]));
}

async function sentSince(stack: VirtualStack, from: number, seconds: number): Promise<number> {
  await pass(stack, seconds);
  return stack.simulator.journal.mutations().length - from;
}

describe('pause and resume', () => {
  it('stops before the next call, sees to its end what runs, and goes on from there', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack, 'planned');
      await untilEvent(stack, { type: 'call-answered', step: 'database' });
      expect(await obey(stack, id, { command: 'pause', reason: 'a call' })).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause?.why).toBe('operator@example.com paused it: a call');
      expect(pause?.choices.map(({ command }) => command)).toEqual([
        'resume',
        'go-unplanned',
        'cancel',
      ]);
      const events = await eventsOf(stack, id);
      expect(events.some((one) => one.type === 'operation-ended')).toBe(true);
      const sent = stack.simulator.journal.mutations().length;
      expect(await sentSince(stack, sent, 600)).toBe(0);
      expect(await obey(stack, id, { command: 'resume', reason: 'go' })).toBe('succeeded');
    });
  });

  it('works while everything is being undone, too', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack, 'planned');
      await untilEvent(stack, { type: 'step-done', step: 'database' });
      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'not today' });
      await untilEvent(stack, { type: 'undo-began', step: 'database' });
      expect(await obey(stack, id, { command: 'pause', reason: 'wait' })).toBe('paused');
      expect((await detail(stack, id)).pause?.from).toBe('compensating');
      expect(await obey(stack, id, { command: 'resume', reason: 'go' })).toBe('compensated');
    });
  });
});

describe('cancel', () => {
  it('undoes a planned failover, once Site Recovery has ended what it began', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack, 'planned');
      await untilEvent(stack, { type: 'call-answered', step: 'machines' });
      const cancel = { command: 'cancel', then: 'compensate', reason: 'not today' };
      expect(await obey(stack, id, cancel)).toBe('compensated');
      const operations = stack.simulator.journal.entries().map(({ operation }) => operation);
      expect(operations).not.toContain('site-recovery/cancel');
      expect(await statesOf(stack, id)).toMatchObject({
        'close-endpoint': 'undone',
        database: 'undone',
        machines: 'undone',
        traffic: 'pending',
      });
      const { served } = stack.simulator.control.cafe();
      await pass(stack, 300);
      const { served: later, lost } = stack.simulator.control.cafe();
      expect(later['east']).toBeGreaterThan((served['east'] ?? 0) + 50);
      expect(lost).toBe(0);
    });
  });

  it('of a run that was paused for an hour undoes it at once: a person has just looked', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack, 'planned');
      await untilEvent(stack, { type: 'step-done', step: 'database' });
      expect(await obey(stack, id, { command: 'pause', reason: 'wait' })).toBe('paused');
      await pass(stack, 3600);
      const cancel = { command: 'cancel', then: 'compensate', reason: 'not today' };
      expect(await obey(stack, id, cancel)).toBe('compensated');
    });
  });

  it('of a run that waits for an answer does not ask the question again', async () => {
    const plans = editedPlans([{ find: 'presumed: accept', put: 'presumed: ask' }]);
    await withStack({ plans }, async (stack) => {
      const id = await begin(stack, 'unplanned');
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.needs).toBe('presumed-fence');
      stack.simulator.control.outage('eastus', 'none');
      await pass(stack, 60);
      const cancel = { command: 'cancel', then: 'compensate', reason: 'it is back' };
      expect(await obey(stack, id, cancel)).toBe('compensated');
    });
  });

  it.each(['planned', 'unplanned'] as const)(
    'with stay ends a %s failover where it stands, and nothing more is sent',
    async (mode) => {
      await withStack({}, async (stack) => {
        const id = await begin(stack, mode);
        await untilEvent(stack, { type: 'step-done', step: 'database' });
        const cancel = { command: 'cancel', then: 'stay', reason: 'by hand from here' };
        expect(await obey(stack, id, cancel)).toBe('cancelled');
        const { outcome } = await detail(stack, id);
        expect(outcome).toContain('by hand from here. Everything stays as it stands.');
        const sent = stack.simulator.journal.mutations().length;
        expect(await sentSince(stack, sent, 600)).toBe(0);
        expect((await statesOf(stack, id))['database']).toBe('done');
      });
    },
  );

  it('of an unplanned failover undoes what it can when told to, and says what it cannot', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack, 'unplanned');
      await untilEvent(stack, { type: 'step-done', step: 'database' });
      const cancel = { command: 'cancel', then: 'compensate', reason: 'go back' };
      expect(await obey(stack, id, cancel)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause).toMatchObject({ step: 'database', from: 'compensating' });
      expect(pause?.why).toContain('Undoing database failed');

      // The region has come back: there is a side to go back to.
      stack.simulator.control.outage('eastus', 'none');
      await pass(stack, 300);
      expect(await obey(stack, id, { command: 'retry', reason: 'east is back' })).toBe(
        'compensated',
      );
      expect((await statesOf(stack, id))['database']).toBe('undone');
    });
  });
});

describe('a step that failed', () => {
  const trouble = async (stack: VirtualStack): Promise<string> => {
    await prepare(stack, 'unplanned');
    for (const fault of faultsOf('console')) stack.simulator.control.fault(fault);
    const { id } = await start(stack, { plan: PLAN, mode: 'unplanned' });
    expect(await untilStill(stack, id)).toBe('paused');
    expect((await detail(stack, id)).pause).toMatchObject({ step: 'console' });
    return id;
  };

  it('is tried again, and no other', async () => {
    await withStack({}, async (stack) => {
      const id = await trouble(stack);
      const sent = stack.simulator.journal.mutations().length;
      stack.simulator.control.clearFaults();
      const retry = { command: 'retry', step: 'console', reason: 'it was restarted' };
      expect(await obey(stack, id, retry)).toBe('succeeded');
      const { steps } = await detail(stack, id);
      expect(steps.filter(({ run }) => run > 1).map((step) => step.id)).toEqual(['console']);
      expect(stack.simulator.journal.mutations().length - sent).toBe(2);
    });
  });

  it('is tried again with every other that failed when none is named', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'unplanned');
      for (const step of ['console', 'application'])
        for (const fault of faultsOf(step)) stack.simulator.control.fault(fault);
      const { id } = await start(stack, { plan: PLAN, mode: 'unplanned' });
      expect(await untilStill(stack, id)).toBe('paused');
      stack.simulator.control.clearFaults();
      expect(await obey(stack, id, { command: 'retry', reason: 'again' })).toBe('succeeded');
      const { steps } = await detail(stack, id);
      const again = steps.filter(({ run }) => run > 1).map((step) => step.id);
      expect(again).toEqual(['console', 'application']);
    });
  });

  it('is left out when told to, with the reason on record', async () => {
    await withStack({}, async (stack) => {
      const id = await trouble(stack);
      const skip = { command: 'skip', step: 'console', reason: 'nobody needs it tonight' };
      expect(await obey(stack, id, skip)).toBe('succeeded');
      const { steps } = await detail(stack, id);
      expect(steps.find((step) => step.id === 'console')).toMatchObject({
        state: 'skipped',
        sentence: 'operator@example.com skipped it: nobody needs it tonight',
      });
    });
  });
});

describe('go-unplanned', () => {
  it.each(['running', 'paused'] as const)(
    'turns a %s planned failover, goes back for what stops the old side, and asks about it',
    async (state) => {
      await withStack({}, async (stack) => {
        const id = await begin(stack, 'planned');
        await untilEvent(stack, { type: 'call-answered', step: 'database' });
        if (state === 'paused')
          expect(await obey(stack, id, { command: 'pause', reason: 'look' })).toBe('paused');
        stack.simulator.control.outage('eastus', 'data');
        await pass(stack, 30);
        // Traffic Manager no longer watches the endpoint that was closed, so nobody but a person can presume.
        const turn = { command: 'go-unplanned', reason: 'east died' };
        expect(await obey(stack, id, turn)).toBe('paused');
        expect(await detail(stack, id)).toMatchObject({
          mode: 'unplanned',
          pause: { needs: 'presumed-fence' },
        });
        const deallocations = stack.simulator.journal
          .mutations()
          .filter(({ operation }) => operation === 'compute/deallocate');
        expect(deallocations).toHaveLength(5);

        const accept = { command: 'accept', accept: 'presumed-fence', reason: 'it is dark' };
        expect(await obey(stack, id, accept, 'approver')).toBe('succeeded');
        expect((await statesOf(stack, id))['stop-machines']).toBe('failed');
        const { lost } = stack.simulator.control.cafe();
        const { dataLossSeconds } = await detail(stack, id);
        if (lost > 0) expect(dataLossSeconds).toBeGreaterThan(0);
      });
    },
  );
});
