import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import { eventsOf, pass, withStack } from '../support/door.ts';
import { untilEvent } from '../support/moments.ts';
import { detail, order, prepare, start, untilStill } from '../support/failover.ts';

const DATABASE = { plan: 'database-only', mode: 'planned' } as const;

/** The service has forgotten every operation that it began: to follow one leads nowhere. */
function forgetful(simulated: HttpClient): HttpClient {
  return {
    sendRequest: async (request) => {
      const answer = await simulated.sendRequest(request);
      if (!request.url.includes('failoverGroupAzureAsyncOperation')) return answer;
      const error = { code: 'OperationIdNotFound', message: 'The operation does not exist.' };
      return {
        ...{ request, status: 404, headers: createHttpHeaders() },
        bodyAsText: JSON.stringify({ error }),
      };
    },
  };
}

async function withForgetful(work: (stack: VirtualStack) => Promise<void>): Promise<void> {
  await withStack({ plans: folderSource('test/fixtures/plans'), azure: forgetful }, work);
}

describe('an operation that its service does not know any more', () => {
  it('has ended when the time of its step is over and the resource shows the goal', async () => {
    await withForgetful(async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, DATABASE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const events = await eventsOf(stack, id);
      expect(events.find(({ type }) => type === 'operation-ended')?.data).toMatchObject({
        sentence: expect.stringMatching(/does not know it any more.*west is Primary/) as string,
      });
      const began = events.find(({ type }) => type === 'step-began')?.at ?? '';
      const done = events.find(({ type }) => type === 'step-done')?.at ?? '';
      expect(Date.parse(done) - Date.parse(began)).toBeGreaterThan(15 * 60_000);
    });
  });

  it('is for a person to look at when the resource shows something else, and nothing is sent again', async () => {
    await withForgetful(async (stack) => {
      await prepare(stack, 'planned');
      stack.simulator.control.fault({
        ...{ operation: 'sql/failover', resource: '', times: 1 },
        kind: 'fail-operation',
      });
      const { id } = await start(stack, DATABASE);
      expect(await untilStill(stack, id)).toBe('paused');
      const { pause } = await detail(stack, id);
      expect(pause?.why).toContain('OperationIdNotFound');
      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'it did nothing' });
      await pass(stack, 60);
      expect(await untilStill(stack, id)).toBe('compensated');
      const events = await eventsOf(stack, id);
      expect(events.filter(({ type }) => type === 'call-sent')).toHaveLength(1);
      expect(events.find(({ type }) => type === 'operation-ended')?.data).toMatchObject({
        outcome: 'failed',
        sentence: expect.stringMatching(/does not know it any more.*no effect/) as string,
      });
    });
  });

  it('is undone when it has had its effect while nobody looked', async () => {
    await withForgetful(async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, DATABASE);
      await untilEvent(stack, { type: 'call-answered', step: 'database' }, () => stack.crash());
      await pass(stack, 40 * 60);
      await stack.clock.run(() => stack.host.start());
      expect(await untilStill(stack, id)).toBe('paused');
      await order(stack, id, { command: 'cancel', then: 'compensate', reason: 'back home' });
      await pass(stack, 60);
      expect(await untilStill(stack, id)).toBe('compensated');
      const calls = (await eventsOf(stack, id)).flatMap(({ type, data }) =>
        type === 'call-sent' && 'call' in data ? [data.call] : [],
      );
      expect(calls).toEqual(['failover', 'failover-back']);
    });
  });
});
