import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFixture } from '../../../fixtures/host-app/build.ts';
import type { Bundle } from '../../../fixtures/host-app/build.ts';

/** The host as a program, killed by the kernel in the middle of its work. */
let folder: string;
let bundle: Bundle;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-program-'));
  bundle = await buildFixture('program.ts');
  await build({
    entryPoints: [fileURLToPath(new URL('../../../../local/host.ts', import.meta.url))],
    outfile: join(folder, 'host.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  await writeFile(
    join(folder, 'local.settings.json'),
    JSON.stringify({
      IsEncrypted: false,
      Values: { GREETING: 'from the settings' },
      LocalHost: { keys: { default: 'k', durabletask_extension: 'k' } },
    }),
  );
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bundle.remove();
  await rm(folder, { recursive: true });
});

interface Running {
  readonly child: ChildProcessByStdio<null, Readable, null>;
  readonly address: string;
}

async function startProgram(): Promise<Running> {
  const file = (name: string): string => join(folder, name);
  const options = [
    '--app',
    bundle.file,
    '--port',
    '0',
    '--db',
    file('state.db'),
    '--settings',
    file('local.settings.json'),
  ];
  const child = spawn(
    process.execPath,
    [file('host.mjs'), ...options, '--host-json', file('none.json')],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^READY (.+)$/.exec(line) ?? [];
    if (address !== undefined) return { child, address };
  }
  throw new Error('The program ended before it was ready.');
}

async function status(
  address: string,
  id: string,
): Promise<{ runtimeStatus: string; output: unknown }> {
  const url = `${address}/runtime/webhooks/durabletask/instances/${id}`;
  const answer = await fetch(`${url}?code=k`);
  return (await answer.json()) as { runtimeStatus: string; output: unknown };
}

test('goes on after kill -9, with its settings in the environment and its keys at the door', async () => {
  let { child, address } = await startProgram();
  const start = (code: string): Promise<Response> =>
    fetch(`${address}/api/begin?code=${code}`, { method: 'POST' });
  expect((await start('wrong')).status).toBe(401);
  expect((await start('k')).status).toBe(202);
  for (let kills = 0; kills < 3; kills++) {
    // Killed while the orchestration is on its way: the work takes longer than this.
    await new Promise((resolve) => setTimeout(resolve, 150));
    child.kill('SIGKILL');
    await once(child, 'exit');
    ({ child, address } = await startProgram());
  }
  await expect
    .poll(async () => (await status(address, 'it')).runtimeStatus, { timeout: 8000 })
    .toBe('Completed');
  expect((await status(address, 'it')).output).toEqual(
    Array.from({ length: 20 }, () => 'from the settings'),
  );
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 20_000);
