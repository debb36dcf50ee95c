import { describe, expect, it } from 'vitest';
import { EXECUTION_ORCHESTRATOR } from '../../../src/orchestration/names.ts';
import { durableDoor } from '../../../src/functions/durable-door.ts';
import type { Client } from '../../../src/functions/durable-door.ts';

const MISSING = 'DurableClient error: Durable Functions extension replied with HTTP 404 response.';
const AWAY = 'The operation failed with an unexpected status code: 503.';
const RUNS =
  'The operation failed with an unexpected status code: 409. Details: {"Message":"An Orchestration instance with the status Running already exists."}';

function client(answers: { start?: string; status?: string; raise?: string }): {
  client: Client;
  calls: unknown[];
} {
  const calls: unknown[] = [];
  const failing = async (call: unknown, error: string | undefined): Promise<void> => {
    calls.push(call);
    if (error !== undefined) throw new Error(error);
  };
  return {
    calls,
    client: {
      startNew: (name, options) => failing(['start', name, options], answers.start).then(() => ''),
      raiseEvent: (...call) => failing(['raise', ...call], answers.raise),
      async getStatus() {
        const { status = MISSING } = answers;
        if (status.includes(' ')) throw new Error(status);
        return { runtimeStatus: status };
      },
    },
  };
}

describe("Durable's door", () => {
  it("starts the execution's orchestration under the execution's id", async () => {
    const { client: durable, calls } = client({});
    await durableDoor(durable).start('fo-1');
    expect(calls).toEqual([
      ['start', EXECUTION_ORCHESTRATOR, { instanceId: 'fo-1', input: { executionId: 'fo-1' } }],
    ]);
  });

  it.each([
    ['runs already', RUNS, 'Running'],
    ['was started although the answer was lost', 'socket hang up', 'Pending'],
  ])('leaves alone an orchestration that %s', async (_, start, status) => {
    await expect(durableDoor(client({ start, status }).client).start('fo-1')).resolves.toBe(
      undefined,
    );
  });

  it.each([MISSING, 'Completed'])('says so when nothing runs (%s)', async (status) => {
    await expect(
      durableDoor(client({ start: 'socket hang up', status }).client).start('fo-1'),
    ).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message:
        'Could not start the orchestration of fo-1: socket hang up. Nothing is lost; send the request again.',
    });
  });

  it('wakes with a payload, since the extension refuses an event without', async () => {
    const { client: durable, calls } = client({});
    await durableDoor(durable).wake('fo-1');
    expect(calls).toEqual([['raise', 'fo-1', 'wake', {}]]);
  });

  it.each([
    ['Pending', 'running'],
    ['Running', 'running'],
    ['Suspended', 'running'],
    ['ContinuedAsNew', 'running'],
    ['Completed', 'ended'],
    ['Failed', 'ended'],
    ['Terminated', 'ended'],
    ['Canceled', 'ended'],
    [MISSING, 'missing'],
  ])('reads %s as %s', async (status, meaning) => {
    expect(await durableDoor(client({ status }).client).status('fo-1')).toBe(meaning);
  });

  it('takes a store that is away for neither', async () => {
    await expect(durableDoor(client({ status: AWAY }).client).status('fo-1')).rejects.toMatchObject(
      {
        code: 'STORE_UNAVAILABLE',
      },
    );
  });
});
