import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHostProgram } from '../../../../local/stack/host-program.ts';
import type { HostProgram } from '../../../../local/stack/host-program.ts';

/** Listens nowhere; writes down that it lives, and takes a while from the second time on. */
const PROGRAM = `
import { appendFileSync, existsSync } from 'node:fs';
const again = existsSync('pids');
appendFileSync('pids', process.pid + '\\n');
setTimeout(() => console.log('READY http://127.0.0.1:1'), again ? 60_000 : 0);
setInterval(() => undefined, 1_000);
`;

let folder: string;
let host: HostProgram;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-program-'));
  const program = join(folder, 'program.mjs');
  await writeFile(program, PROGRAM.replaceAll("'pids'", JSON.stringify(join(folder, 'pids'))));
  const log = join(folder, 'host.log');
  host = await startHostProgram({ program, arguments: [], environment: {}, port: 0, log });
});

afterEach(async () => {
  await host.kill();
  await rm(folder, { recursive: true });
});

const pids = async (): Promise<readonly number[]> =>
  (await readFile(join(folder, 'pids'), 'utf8')).trim().split('\n').map(Number);

it('leaves no process behind when it is stopped while it starts', async () => {
  await host.kill();
  const starting = host.start();
  const refused = expect(starting).rejects.toThrow('The host ended before it was ready');
  while ((await pids()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  await host.stop();
  await refused;
  for (const pid of await pids()) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
