import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseStartOptions } from './start/options.ts';
import { welcome } from './start/welcome.ts';
import { startSocketStack } from './stack/socket-stack.ts';
import type { SocketStack } from './stack/socket-stack.ts';

/** A platform brings its app up again soon, but not in a circle that takes the whole machine. */
const RESTART_MS = 1_000;

const { speed, port, auth } = parseStartOptions(process.argv.slice(2));
await refuseIfTaken(port);

console.log('Starting Azurite, the simulated Azure and the app …');
const stack = await startSocketStack({
  folder: join('.local', `stack-${port}`),
  build: fileURLToPath(new URL('..', import.meta.url)),
  ...{ speed, port, auth },
  // Function keys may not push.
  pushes: auth === 'entra',
});
console.log(welcome(stack, { speed, auth }));

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
await keepUp(stack);

function stop(): void {
  if (stopping) return;
  stopping = true;
  console.log('\nEnding what was started …');
  stack.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

/** As a platform does: an app that died is started again, and goes on with what it finds. */
async function keepUp({ host, log }: SocketStack): Promise<void> {
  for (;;) {
    await host.ended;
    if (stopping) return;
    console.log(`The app's process ${host.pid} has ended (${log}). It is started again.`);
    await pause(RESTART_MS);
    await host.start();
    console.log(`The app is up again, in process ${host.pid}.`);
  }
}

/** Before anything is removed: what an earlier stack keeps may still be in use. */
async function refuseIfTaken(wanted: number): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(wanted, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  if (free) return;
  console.error(
    `Port ${wanted} is taken: is the stack running already? Another one: npm start -- --port ${wanted + 1}`,
  );
  process.exit(2);
}
