import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { ask, eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, records, start, untilStill } from '../support/failover.ts';
import { untilEvent } from '../support/moments.ts';
import type { Moment } from '../support/moments.ts';

async function begin(stack: VirtualStack): Promise<string> {
  await prepare(stack, 'planned');
  return (await start(stack, { plan: 'websphere-cafe', mode: 'planned' })).id;
}

async function down(stack: VirtualStack, moment: Moment, seconds: number): Promise<void> {
  await untilEvent(stack, moment, () => stack.crash());
  await pass(stack, seconds);
  await stack.clock.run(() => stack.host.start());
}

const MOMENTS: readonly (readonly [when: string, Moment])[] = [
  ['before anything was done', { type: 'preflight-passed' }],
  ['while a call runs', { type: 'call-answered', step: 'database' }],
  ['while a step waits', { type: 'observed', step: 'machines' }],
  ['between two stages', { type: 'stage-ended' }],
  ['just before the traffic moves', { type: 'step-began', step: 'traffic' }],
];

describe('an app that was down for half an hour', () => {
  it.each(MOMENTS)(
    '%s pauses before it acts again, and goes on when told to',
    async (_, moment) => {
      await withStack({}, async (stack) => {
        const id = await begin(stack);
        await down(stack, moment, 1_800);
        const sent = stack.simulator.journal.mutations().length;
        expect(await untilStill(stack, id)).toBe('paused');
        expect(stack.simulator.journal.mutations()).toHaveLength(sent);
        const { pause } = await detail(stack, id);
        expect(pause?.why).toContain("Switchover's own host was down");
        expect(pause?.choices.map(({ command }) => command)).toContain('resume');
        const noticed = (await eventsOf(stack, id)).filter(
          ({ type }) => type === 'silence-noticed',
        );
        expect(noticed.length).toBeGreaterThan(0);

        expect(await order(stack, id, { command: 'resume', reason: 'all is well' })).toBe(202);
        await pass(stack, 5);
        expect(await untilStill(stack, id)).toBe('succeeded');
        expect(stack.simulator.control.cafe().lost).toBe(0);
      });
    },
  );

  it('in the middle of an undo pauses as well, and undoes the rest when told to', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await untilEvent(stack, { type: 'step-done', step: 'database' });
      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'not today' });
      await down(stack, { type: 'undo-began', step: 'database' }, 1_800);
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await detail(stack, id)).pause?.from).toBe('compensating');
      await order(stack, id, { command: 'resume', reason: 'go on' });
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('compensated');
    });
  });

  it('can be told to leave everything as it stands', async () => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await down(stack, { type: 'call-answered', step: 'database' }, 1_800);
      expect(await untilStill(stack, id)).toBe('paused');
      await order(stack, id, { command: 'cancel', then: 'stay', reason: 'done by hand' });
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('cancelled');
      expect((await records(stack).header(id))?.value.outcome).toContain('done by hand');
    });
  });
});

it.each(MOMENTS)('an app that was down for a minute %s goes on by itself', async (_, moment) => {
  await withStack({}, async (stack) => {
    const id = await begin(stack);
    await down(stack, moment, 60);
    expect(await untilStill(stack, id)).toBe('succeeded');
  });
});

describe('an orchestration that is gone', () => {
  it.each([
    ['a call runs', { type: 'call-answered', step: 'database' }],
    ['a step waits', { type: 'observed', step: 'machines' }],
  ] as const)('while %s pauses within two minutes, and goes on when told to', async (_, moment) => {
    await withStack({}, async (stack) => {
      const id = await begin(stack);
      await untilEvent(stack, moment);
      const path = `/runtime/webhooks/durabletask/instances/${id}/terminate?reason=mistake`;
      expect((await ask(stack, { path, method: 'POST' })).status).toBe(202);
      await pass(stack, 120);
      const { state, pause } = await detail(stack, id);
      expect(state).toBe('paused');
      expect(pause?.why).toContain('Its orchestration is gone');
      const told = (await eventsOf(stack, id)).filter(({ type }) => type === 'orchestrator-lost');
      expect(told).toHaveLength(1);

      expect(await order(stack, id, { command: 'resume', reason: 'start it again' })).toBe(202);
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('succeeded');
    });
  });
});
