import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { EXECUTION_STATES } from '../../src/core/execution.ts';
import type { ExecutionState } from '../../src/core/execution.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** An app that knows one execution, in this state. */
async function appWith(state: ExecutionState, status = 200): Promise<string> {
  server = createServer((request, response) => {
    const asked = new URL(request.url ?? '', 'http://app').searchParams.get('state');
    const isKnown = request.headers.authorization === 'Bearer of-the-run';
    const executions = asked === state ? [{ id: 'e-1', plan: 'cafe', state }] : [];
    response.writeHead(isKnown ? status : 401).end(JSON.stringify({ executions }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, token = 'of-the-run'): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ['packaging/nothing-runs.ts', url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], SWITCHOVER_TOKEN: token },
  });
  const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode ?? -1, said };
}

describe('before a deployment', () => {
  const acting: readonly ExecutionState[] = ['requested', 'preflight', 'running', 'compensating'];

  it.each(acting)('an execution that is %s stands in the way', async (state) => {
    const { code, said } = await ask(await appWith(state));
    expect(code).toBe(3);
    expect(said).toContain(`Execution e-1 of cafe is ${state}`);
  });

  it.each(EXECUTION_STATES.filter((state) => !acting.includes(state)))(
    'one that is %s does not',
    async (state) => {
      expect(await ask(await appWith(state))).toEqual({ code: 0, said: '' });
    },
  );

  it('an app that cannot tell stands in the way', async () => {
    expect(await ask(await appWith('succeeded', 503))).toMatchObject({
      code: 1,
      said: expect.stringContaining('answered 503') as string,
    });
  });

  it('so does one that does not know who asks, and one that is not there', async () => {
    const url = await appWith('succeeded');
    expect(await ask(url, 'of-somebody')).toEqual(cannotTell('holds no token that it takes'));
    expect(await ask('no-address')).toEqual(cannotTell('"no-address" is no address'));
    expect(await ask('http://127.0.0.1:1')).toEqual(cannotTell('127.0.0.1:1 cannot be reached'));
  });
});

function cannotTell(why: string): { code: number; said: unknown } {
  return { code: 1, said: expect.stringContaining(why) };
}
