import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import { within } from '../../../src/azure/within.ts';

describe('a request with a time limit', () => {
  it('leaves nothing on the signal of whoever asked, however it ended', async () => {
    const clock = createVirtualClock({ start: 0 });
    const { signal } = new AbortController();
    await clock.run(async () => {
      await within(clock, 1_000, signal, async () => 'an answer');
      const late = within(clock, 1_000, signal, () => clock.wait(new Promise(() => undefined)));
      await expect(late).rejects.toThrow('No answer within 1 s.');
    });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with whoever asked', async () => {
    const clock = createVirtualClock({ start: 0 });
    const outer = new AbortController();
    const work = within(clock, 1_000, outer.signal, (signal) => {
      outer.abort(new Error('enough'));
      return signal.aborted ? new Promise(() => undefined) : Promise.resolve('an answer');
    });
    await expect(work).rejects.toThrow('enough');
  });
});
