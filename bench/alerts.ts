import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startSocketStack } from '../local/stack/socket-stack.ts';
import type { SocketStack } from '../local/stack/socket-stack.ts';
import { commonAlert } from '../test/fixtures/alerts.ts';
import { quantile, withSpread } from './figures.ts';

const STORMS = 5;
const ALERTS = 1000;
/** Longer than the door needs until it takes as many at once again. */
const REST_MS = 12_000;
/** Requests under way at the same time. */
const AT_ONCE = 50;
const TARGET =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-east';

/** How fast the alert door answers in a storm: the app in a host of its own, its records in Azurite, on sockets. */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-alerts-'));
  await writeFile(join(folder, 'cafe.yaml'), await planText());
  const stack = await startSocketStack({
    folder: join(folder, 'stack'),
    build: 'dist',
    speed: 1,
    plans: folder,
  });
  try {
    // The first requests load what is loaded on first use.
    await storm(stack, 'warm');
    const storms: Storm[] = [];
    for (let number = 1; number <= STORMS; number += 1) {
      // The door takes so many at once, and then a hundred a second: each storm meets it rested.
      await setTimeout(REST_MS);
      storms.push(await storm(stack, `${number}`));
    }
    await report(stack, storms);
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The café's plan, which acts by itself and hears of its database by alerts. */
async function planText(): Promise<string> {
  const text = await readFile('plans/websphere-cafe.yaml', 'utf8');
  const alert = `    - { id: database-alert, uses: alert, with: { rule: 'cafe-*', targets: '\${site.sqlServer}' } }\n`;
  return text.replace('action: ask', 'action: act').replace('  signals:\n', `  signals:\n${alert}`);
}

interface Storm {
  readonly milliseconds: readonly number[];
  readonly seconds: number;
}

async function storm({ host }: SocketStack, name: string): Promise<Storm> {
  const milliseconds: number[] = [];
  let next = 0;
  const began = performance.now();
  const send = async (): Promise<void> => {
    while (next < ALERTS) {
      next += 1;
      milliseconds.push(await fire(host.address, `/alerts/${name}/${next}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return { milliseconds, seconds: (performance.now() - began) / 1000 };
}

async function fire(address: string, alertId: string): Promise<number> {
  const body = commonAlert({
    alertId,
    alertRule: 'cafe-database-down',
    alertTargetIDs: [TARGET],
    firedDateTime: new Date().toISOString(),
  });
  const began = performance.now();
  const answer = await fetch(`${address}/api/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer local:automation' },
    body: JSON.stringify(body),
  });
  await answer.text();
  if (answer.status !== 202) throw new Error(`An alert was answered with ${answer.status}.`);
  return performance.now() - began;
}

async function report({ host }: SocketStack, storms: readonly Storm[]): Promise<void> {
  const at = (part: number): string =>
    withSpread(storms.map(({ milliseconds }) => quantile(milliseconds, part)));
  const listed = await fetch(`${host.address}/api/executions`, {
    headers: { authorization: 'Bearer local:viewer' },
  });
  const { executions } = (await listed.json()) as { executions: readonly unknown[] };
  console.log(`${STORMS} storms of ${ALERTS} alerts, ${AT_ONCE} under way at a time.`);
  console.log('Milliseconds until an alert was answered; median of the storms (best to worst):');
  console.log(`  half of them    ${at(0.5)}`);
  console.log(`  95 of 100       ${at(0.95)}`);
  console.log(`  99 of 100       ${at(0.99)}`);
  console.log(`  the slowest     ${at(1)}`);
  console.log(`Alerts a second   ${withSpread(storms.map(({ seconds }) => ALERTS / seconds))}`);
  console.log(`Executions begun  ${executions.length} (the application was well all the time)`);
}
