import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSockets } from '../../support/sockets.ts';
import type { SocketBench } from '../../support/sockets.ts';

const AUTHOR = { SWITCHOVER_TOKEN: 'local:author' };
let bench: SocketBench;

beforeAll(async () => {
  bench = await openSockets({ pushes: true });
});
afterAll(() => bench.stop());

it('plans that were pushed outlive the app, and are changed under it from the command line', async () => {
  const row = (number: number): RegExp =>
    new RegExp(`^websphere-cafe +east +at rest +${number}, \\S+ author@example\\.com`, 'm');
  expect((await bench.switchover('plans')).out).toMatch(row(1));
  await bench.host.kill();
  await bench.host.start();
  expect((await bench.switchover('plans')).out).toMatch(row(1));

  const file = join(bench.folder, 'cafe.yaml');
  expect((await bench.switchover(`plan pull websphere-cafe -o ${file}`)).code).toBe(0);
  const text = await readFile(file, 'utf8');
  expect(text).toBe(await readFile('plans/websphere-cafe.yaml', 'utf8'));
  await writeFile(file, text.replace('timeout: 15m', 'timeout: 16m'));
  expect((await bench.switchover(`plan diff ${file}`)).code).toBe(1);
  const push = `plan push ${file} --reason "a test" --base 1 --despite-findings`;
  expect((await bench.switchover(push)).code).toBe(3);
  expect(await bench.switchover(push, AUTHOR)).toMatchObject({ code: 0 });
  expect((await bench.switchover(`plan diff ${file}`)).code).toBe(0);
  expect((await bench.switchover('plans')).out).toMatch(row(2));
});
