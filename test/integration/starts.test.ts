import { describe, expect, it } from 'vitest';
import { ask, pass, withStack } from '../support/door.ts';
import type { Reply } from '../support/door.ts';
import { order, prepare, records, start, untilStill } from '../support/failover.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';

const CAFE = { plan: 'websphere-cafe', mode: 'planned' } as const;
const PUBLISHED = { plan: 'websphere-cafe-as-published', mode: 'planned' } as const;

async function startWithKey(stack: VirtualStack, key: string, reason = 'a move'): Promise<Reply> {
  return ask(stack, {
    path: '/api/plans/websphere-cafe/executions',
    as: 'operator',
    headers: { 'idempotency-key': key },
    body: { kind: 'failover', mode: 'planned', reason },
  });
}

function idOf({ body }: Reply): string {
  return typeof body['id'] === 'string' ? body['id'] : '';
}

describe('starts at the same time', () => {
  it.each([2, 50])('of %i, one runs and the others are told which', async (many) => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const answers = await Promise.all(Array.from({ length: many }, () => start(stack, CAFE)));
      const started = answers.filter(({ status }) => status === 202);
      const refused = answers.filter(({ status }) => status !== 202);
      expect(started).toHaveLength(1);
      const [{ id } = { id: '' }] = started;
      for (const { status, body } of refused) {
        expect(status).toBe(409);
        expect(body).toMatchObject({ code: 'LOCKED', execution: id });
      }
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect((await records(stack).recent(100)).map((one) => one.id)).toEqual([id]);
    });
  });

  it('of two plans that share resources, one runs', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const answers = await Promise.all([start(stack, CAFE), start(stack, PUBLISHED)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
      const [winner] = answers.filter(({ status }) => status === 202);
      const [loser] = answers.filter(({ status }) => status === 409);
      expect(loser?.body).toMatchObject({ code: 'LOCKED', execution: winner?.id });
    });
  });
});

describe('a lock', () => {
  it('is kept while an execution is paused, and given up at its end', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, CAFE);
      await pass(stack, 5);
      expect(await order(stack, id, { command: 'pause', reason: 'wait' })).toBe(202);
      expect(await untilStill(stack, id)).toBe('paused');
      expect((await start(stack, PUBLISHED)).body).toMatchObject({ code: 'LOCKED', execution: id });

      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'not today' });
      await pass(stack, 5);
      expect(await untilStill(stack, id)).toBe('compensated');
      await pass(stack, 5);
      expect((await start(stack, PUBLISHED)).status).toBe(202);
    });
  });
});

describe('an Idempotency-Key', () => {
  it('gives the same execution to the same request, and refuses another one', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const together = await Promise.all([startWithKey(stack, 'one'), startWithKey(stack, 'one')]);
      const later = await startWithKey(stack, 'one');
      const answers = [...together, later];
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(new Set(answers.map(({ body }) => body['id'])).size).toBe(1);
      expect(later.body['repeated']).toBe(true);

      const other = await startWithKey(stack, 'one', 'another move');
      expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
      expect(await records(stack).recent(10)).toHaveLength(1);
    });
  });

  it('still gives the same execution when that has ended', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const first = await startWithKey(stack, 'one');
      expect(await untilStill(stack, idOf(first))).toBe('succeeded');
      const again = await startWithKey(stack, 'one');
      expect(again).toMatchObject({ status: 202, body: { id: idOf(first), repeated: true } });
      expect(await records(stack).recent(10)).toHaveLength(1);
    });
  });

  it('of a refused start stands for nothing: the same request may come again', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const running = await start(stack, PUBLISHED);
      expect(await startWithKey(stack, 'one')).toMatchObject({
        status: 409,
        body: { code: 'LOCKED', execution: running.id },
      });
      expect(await startWithKey(stack, 'one')).toMatchObject({
        status: 409,
        body: { code: 'LOCKED', execution: running.id },
      });
      await order(stack, running.id, { command: 'cancel', then: 'stay', reason: 'make room' });
      await pass(stack, 120);
      expect((await startWithKey(stack, 'one')).body['repeated']).toBe(false);
    });
  });

  it('of a start that died before its record stands for nothing', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const stop = stack.tables.onWrite({
        before({ table }) {
          if (table !== 'locks') return;
          stop();
          stack.crash();
          throw new Error('The instance died.');
        },
      });
      await expect(startWithKey(stack, 'one')).rejects.toThrow();
      await stack.clock.run(() => stack.host.start());
      const again = await startWithKey(stack, 'one');
      expect(again).toMatchObject({ status: 202, body: { repeated: false } });
      expect(await untilStill(stack, idOf(again))).toBe('succeeded');
    });
  });
});
