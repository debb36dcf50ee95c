import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';

const AGREE = { command: 'approve', reason: 'looks right' };

/** The plan with other words in it. */
function edited(...edits: readonly (readonly [find: string, put: string])[]): PlanSource {
  return {
    async list() {
      const before = await readFile('test/fixtures/plans/approved.yaml', 'utf8');
      const text = edits.reduce((found, [find, put]) => {
        if (!found.includes(find)) throw new Error(`The plan does not say "${find}" any more.`);
        return found.replace(find, put);
      }, before);
      return [{ file: 'approved.yaml', text }];
    },
  };
}

async function begin(stack: VirtualStack, as = 'operator'): Promise<string> {
  await prepare(stack, 'planned');
  const headers = { authorization: `Bearer local:${as}` };
  return (await start(stack, { plan: 'approved', mode: 'planned' }, headers)).id;
}

async function asked(stack: VirtualStack): Promise<string> {
  const id = await begin(stack);
  expect(await untilStill(stack, id)).toBe('paused');
  return id;
}

const sent = (stack: VirtualStack): number =>
  stack.simulator.journal.mutations().filter(({ door }) => door === 'resource-manager').length;

async function typesOf(stack: VirtualStack, id: string): Promise<readonly string[]> {
  return (await eventsOf(stack, id)).map(({ type }) => type);
}

describe('control/approval', () => {
  it('waits for as many people as it wants, while the rest of its stage goes on, and then goes on', async () => {
    await withStack({ plans: edited() }, async (stack) => {
      const id = await asked(stack);
      const before = await detail(stack, id);
      expect(before.steps.map(({ id: step, state }) => `${step} ${state}`)).toEqual([
        'people waiting',
        'breath done',
        'database pending',
        'database-writable pending',
      ]);
      expect(before.pause?.why).toMatch(
        /^people waits for 2 people .*: Move the café\? Next is "move the data": Fail over failovergroup-cafe from sql-cafe-east to sql-cafe-west without data loss\. At most [\d mins]+ of data had not reached west at 20[-\d]+T[:.\d]+Z\.$/,
      );
      expect(await order(stack, id, AGREE, 'approver')).toBe(202);
      await pass(stack, 30);
      expect((await detail(stack, id)).pause?.why).toContain('waits for one person');
      expect(sent(stack)).toBe(0);
      expect(await order(stack, id, { ...AGREE, step: 'people' }, 'second-approver')).toBe(202);
      await pass(stack, 30);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const done = (await detail(stack, id)).steps.find((step) => step.id === 'people');
      expect(done).toMatchObject({
        state: 'done',
        adopted: false,
        sentence: 'approver@example.com, second-approver@example.com agreed.',
      });
    });
  });

  it('can be answered while other steps of its stage still run', async () => {
    await withStack({ plans: edited(['for: 2m', 'for: 10m']) }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 60);
      expect((await detail(stack, id)).state).toBe('running');
      for (const who of ['approver', 'second-approver'])
        expect(await order(stack, id, { ...AGREE, step: 'people' }, who)).toBe(202);
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect(await typesOf(stack, id)).not.toContain('paused');
    });
  });

  it.each([
    ['who asked for the execution', 'chief', ['chief'], 409],
    ['the same person again', 'operator', ['approver', 'approver'], 409],
    ['somebody without the role', 'operator', ['operator'], 403],
    ['a program', 'operator', ['automation'], 403],
  ])('does not count %s', async (_who, requester, approvers, refusal) => {
    await withStack({ plans: edited() }, async (stack) => {
      const id = await begin(stack, requester);
      await untilStill(stack, id);
      const answers: number[] = [];
      for (const who of approvers) {
        answers.push(await order(stack, id, AGREE, who));
        await pass(stack, 30);
      }
      expect(answers.at(-1)).toBe(refusal);
      expect((await detail(stack, id)).state).toBe('paused');
      expect(sent(stack)).toBe(0);
    });
  });

  it('undoes what was done when somebody says no', async () => {
    await withStack({ plans: edited() }, async (stack) => {
      const id = await asked(stack);
      expect(await order(stack, id, { command: 'reject', reason: 'not now' }, 'approver')).toBe(
        202,
      );
      await pass(stack, 30);
      expect(await untilStill(stack, id)).toBe('compensated');
      expect((await detail(stack, id)).steps[0]?.error).toEqual({
        code: 'APPROVAL_REJECTED',
        message: 'approver@example.com rejected it: not now',
      });
      expect(sent(stack)).toBe(0);
    });
  });

  it('is never gone past after a no, whatever the plan says of failures, and asks anew when it is tried again', async () => {
    const plans = edited(['about: Move the café? }', 'about: Move? }\n        onFailure: pause']);
    await withStack({ plans }, async (stack) => {
      const id = await asked(stack);
      await order(stack, id, AGREE, 'approver');
      await order(stack, id, { command: 'reject', reason: 'no' }, 'second-approver');
      await pass(stack, 30);
      const { pause } = await detail(stack, id);
      expect(pause?.choices.map(({ command }) => command)).not.toContain('skip');
      expect(await order(stack, id, { command: 'skip', step: 'people', reason: 'hm' })).toBe(409);
      await order(stack, id, { command: 'retry', reason: 'ask again' });
      await pass(stack, 30);
      expect((await detail(stack, id)).pause?.why).toContain('waits for 2 people');
    });
  });

  it.each([
    ['abort', 'compensated', 0],
    ['continue', 'succeeded', 1],
    ['remind', 'paused', 0],
  ])('when nobody answers in time: %s, and it is %s', async (rule, state, calls) => {
    const plans = edited(['expires: 30m', `expires: 20m, onExpiry: ${rule}`]);
    await withStack({ plans }, async (stack) => {
      const id = await asked(stack);
      await pass(stack, 25 * 60);
      expect(await untilStill(stack, id)).toBe(state);
      expect(sent(stack)).toBe(calls);
      expect(await typesOf(stack, id)).toEqual(
        expect.arrayContaining(['reminded', 'approval-expired']),
      );
      const { pause } = await detail(stack, id);
      expect(pause?.why.includes('waits for 2 people') ?? false).toBe(state === 'paused');
    });
  });

  it('survives the death of its host while it waits', async () => {
    await withStack({ plans: edited() }, async (stack) => {
      const id = await asked(stack);
      await order(stack, id, AGREE, 'approver');
      await pass(stack, 5);
      stack.crash();
      await pass(stack, 60);
      await stack.clock.run(() => stack.host.start());
      await order(stack, id, AGREE, 'second-approver');
      await pass(stack, 60);
      expect(await untilStill(stack, id)).toBe('succeeded');
    });
  });
});

describe('the approval before an execution begins', () => {
  const asking = (rule: string): PlanSource =>
    edited(
      ['dnsTtl: 10s', `dnsTtl: 10s\n\napprovals: { count: 1, expires: 20m, onExpiry: ${rule} }`],
      ['count: 2, expires: 30m', 'count: 1, expires: 5m, onExpiry: continue'],
    );

  it.each([
    ['abort', 'expired', []],
    ['continue', 'succeeded', ['approval-expired']],
    ['remind', 'awaiting-approval', ['approval-expired']],
  ])('when nobody answers in time: %s, and it is %s', async (rule, state, events) => {
    await withStack({ plans: asking(rule) }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 19 * 60);
      expect((await detail(stack, id)).state).toBe('awaiting-approval');
      await pass(stack, 15 * 60);
      expect((await detail(stack, id)).state).toBe(state);
      expect(await typesOf(stack, id)).toEqual(
        expect.arrayContaining(['approval-reminded', ...events]),
      );
    });
  });

  it('says what would follow and what may be lost, to whoever has to agree', async () => {
    await withStack({ plans: asking('abort') }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 60);
      const { sentence } = await detail(stack, id);
      expect(sentence).toMatch(
        /^The planned failover of approved from east to west waits for one person to agree until \S+Z\. What follows, from east to west: Fail over failovergroup-cafe from sql-cafe-east to sql-cafe-west without data loss\. At most [\d mins]+ of data had not reached west at \S+Z\.$/,
      );
      const awaited = (await eventsOf(stack, id)).find(({ type }) => type === 'approval-awaited');
      expect(JSON.stringify(awaited?.data)).toContain('What follows, from east to west: Fail over');
    });
  });

  it('still counts a word after it was asked anew', async () => {
    await withStack({ plans: asking('remind') }, async (stack) => {
      const id = await begin(stack);
      await pass(stack, 45 * 60);
      expect(await order(stack, id, AGREE, 'approver')).toBe(202);
      await pass(stack, 20 * 60);
      expect(await untilStill(stack, id)).toBe('succeeded');
    });
  });
});
